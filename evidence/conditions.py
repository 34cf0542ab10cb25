"""What documents must show for a certificate: facts, asked of the records themselves. Clauses 5.2, 7.3 and 7.5.2."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aims.models import Task
from aims.readiness import Reading, Stock, held
from aims.registry import Condition
from aims.states import TaskSort
from evidence.models import Document
from evidence.states import Audience, DocumentSort, DocumentState


def _in_force(stock: Stock) -> Any:
    """Documents in force; where none was counted, nothing is asked."""
    rows = Document.objects
    if not stock.count("document", DocumentState.EFFECTIVE):
        return rows.none()
    return stock.part(rows.visible_to(stock.user).in_force())


def policy(stock: Stock) -> Reading:
    """An AI policy is in force; that top management approved it and what it says was asked when it was approved."""
    found = _in_force(stock).filter(sort=DocumentSort.AI_POLICY).order_by("pk").first()
    if found is None:
        return Reading(False, _("There is none that you may see."), "/documents/?kind=ai_policy")
    return Reading(True, str(found), found.get_absolute_url())


def known(stock: Stock) -> Reading:
    """Documents are to be read, and nobody is late with it."""
    told = _in_force(stock).exclude(audience=Audience.NOBODY)
    url = "/documents/?audience=everybody&audience=roles"
    if not told.exists():
        return Reading(False, _("Nobody is asked to read anything."), url)
    late = Task.objects.open().filter(sort=TaskSort.READ, record__in=told.values("pk"), day__lt=stock.on).count()
    words = ngettext("%(count)d reading is overdue.", "%(count)d readings are overdue.", late) % {"count": late}
    return Reading(not late, words if late else _("No reading is overdue."), url)


CONDITIONS = (
    Condition("ai_policy", "5.2", 1, gettext_lazy("An AI policy is in force."), policy),
    Condition("policy_known", "7.3", 2, gettext_lazy("Who should know the documents in force has read them."), known),
    Condition(
        "documents", "7.5.2", 1, gettext_lazy("Documents are approved and in force."), held("document", "effective")
    ),
)
