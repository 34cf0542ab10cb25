"""What scope, statements and evidence must show for a certificate: facts, asked of the records themselves."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.readiness import Reading, Stock, held, settled
from aims.registry import Condition
from controls.freshness import with_days
from controls.models import ControlStatement
from controls.states import Applicability, SoaState, Status

ANNEX_A = "A"
_HOLDS = ("fresh", "due")


def _stated(stock: Stock) -> Any:
    return stock.part(ControlStatement.objects.visible_to(stock.user).filter(scope__state="in_use"))


def _included(stock: Stock) -> Any:
    return _stated(stock).included()


def planned(stock: Stock) -> Reading:
    """Every included control is implemented, or somebody will have done it by a day that has not passed."""
    rows = _included(stock)
    loose = rows.exclude(status=Status.IMPLEMENTED).filter(Q(owner=None) | Q(due_on=None) | Q(due_on__lt=stock.on))
    return _all_but(loose.count(), rows.count(), "/statements/?progress=not_implemented")


def shown(stock: Stock) -> Reading:
    """Every implemented control has evidence that has not run out."""
    rows = _included(stock).filter(status=Status.IMPLEMENTED)
    bare = with_days(rows, on=stock.on, user=stock.user).exclude(evidence_freshness__in=_HOLDS)
    return _all_but(bare.count(), rows.count(), "/statements/?progress=implemented")


def reviewed(stock: Stock) -> Reading:
    """Every decided control names what calls for it."""
    rows = _stated(stock).exclude(applicability=Applicability.UNDECIDED)
    return _all_but(rows.filter(basis=[]).count(), rows.count(), "/statements/?progress=no_basis")


def _all_but(lacking: int, total: int, url: str) -> Reading:
    if not total:
        return Reading(False, _("There is none that you may see."), "/statements/")
    if lacking:
        return Reading(False, _("%(waiting)d of %(total)d lack it.") % {"waiting": lacking, "total": total}, url)
    return Reading(True, _("All %(total)d") % {"total": total}, "/statements/")


CONDITIONS = (
    Condition("scope", "4.3", 1, gettext_lazy("A scope is in use."), held("scope", "in_use")),
    Condition(
        "soa_approved", "6.1.3", 1, gettext_lazy("A Statement of Applicability is approved."),
        held("soa", SoaState.APPROVED),
    ),
    Condition(
        "controls_decided", ANNEX_A, 1, gettext_lazy("Every control is included or excluded."),
        settled("statement", "undecided"),
    ),
    Condition("controls_based", ANNEX_A, 1, gettext_lazy("Every decision names its basis."), reviewed),
    Condition(
        "controls_planned", ANNEX_A, 2,
        gettext_lazy("Every included control is implemented, or has an owner and a date ahead."), planned,
    ),
    Condition(
        "controls_shown", ANNEX_A, 2, gettext_lazy("Every implemented control has evidence that holds."), shown
    ),
    Condition("evidence_kept", "7.5.3", 2, gettext_lazy("Evidence is kept."), held("evidence", "current")),
)  # fmt: skip
