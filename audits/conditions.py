"""What audits and what follows from them must show for a certificate: facts, asked of the records themselves."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aims.readiness import Reading, Stock, held
from aims.registry import Condition
from audits.models import Audit
from audits.states import AuditSort, AuditState

_OVER = (AuditState.REPORTED, AuditState.CLOSED, AuditState.TAKEN_OVER)


def audited(stock: Stock) -> Reading:
    """An internal audit is over; what a certification body audits is none of ours (9.2.1)."""
    rows = stock.part(Audit.objects.visible_to(stock.user).filter(sort=AuditSort.INTERNAL, state__in=_OVER))
    number, url = rows.count(), "/audits/?sort_of=internal"
    if not number:
        return Reading(False, _now("There is none that you may see."), url)
    return Reading(True, ngettext("%(count)d record", "%(count)d records", number) % {"count": number}, url)


CONDITIONS = (
    Condition("programme", "9.2.2", 1, _("An audit programme is approved."), held("programme", "approved")),
    Condition("audited", "9.2.1", 1, _("An internal audit was carried out and reported."), audited),
    Condition("improved", "10.1", 2, _("Improvements are recorded."), held("improvement")),
    Condition("corrected", "10.2", 2, _("Nonconformities are recorded."), held("nonconformity")),
)
