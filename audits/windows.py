"""What an engagement opens: units or systems, the kinds that serve its clauses, the period; and when it is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aims.access import Access, Window
from aims.registry import registry
from audits.models import Engagement, EngagementMember, Finding, Nonconformity, Offer
from audits.services.independence import kinds_serving
from organization.models import Unit

NEVER = frozenset({"engagement"})  # what another body was shown concerns this one nothing


@dataclass(frozen=True)
class StandIn:
    """Somebody who sees exactly what an engagement opens: for the mirror that our side reads."""

    access: Access
    is_active: bool = True
    pk: int = 0


def opened(person: Any, on: date) -> Iterable[Window]:
    """The windows of a person's running engagements."""
    rows = EngagementMember.objects.filter(person=person, engagement__in=Engagement.objects.running(on))
    return [window_of(row.engagement) for row in rows.select_related("engagement__audit")]


def window_of(engagement: Engagement) -> Window:
    """The one window of an engagement."""
    units = list(engagement.units.values_list("scope_unit_id", flat=True))
    return Window(
        role=engagement.role,
        since=_midnight(engagement.period_from),
        until=_midnight(engagement.period_to + timedelta(days=1)),
        units=frozenset(Unit.objects.below(units).values_list("pk", flat=True)) if units else frozenset(),
        above=frozenset(pk for path in Unit.objects.filter(pk__in=units).values_list("path", flat=True) for pk in path),
        anchors=frozenset(engagement.systems.values_list("system_id", flat=True)),
        kinds=frozenset(kinds_of(engagement)) - NEVER,
        records=_own(engagement),
    )


def kinds_of(engagement: Engagement) -> list[str]:
    """Kinds that serve its clauses; without any, all kinds."""
    return kinds_serving(engagement.clauses) if engagement.clauses else list(registry.kinds)


def _own(engagement: Engagement) -> frozenset[int]:
    """The engagement, its audit with what it found, and what was handed over."""
    audit = engagement.audit_id
    found = Finding.objects.filter(audit=audit).issued().values_list("pk", flat=True)
    follows = Nonconformity.objects.filter(finding__audit=audit).values_list("pk", flat=True)
    handed = Offer.objects.filter(engagement=engagement).values_list("record_id", flat=True)
    return frozenset({engagement.pk, audit, *found, *follows, *handed})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def mirror(engagement: Engagement) -> StandIn:
    """What the auditor sees, for our side: the same rule, whether or not the engagement runs today."""
    return StandIn(Access(windows=(window_of(engagement),)))


def shut(person: Any, on: date) -> str:
    """Why somebody from outside may not come in any more: their engagement is over, or has not begun."""
    mine = (
        EngagementMember.objects.filter(person=person)
        .select_related("engagement__owner")
        .order_by("-engagement__ends_on")
    )
    row = mine.first()
    if row is None:
        return ""
    begins = row.engagement.starts_on > on
    words = _("Your access begins on %(day)s.") if begins else _("Your access ended on %(day)s.")
    said = words % {
        "day": date_format(row.engagement.starts_on if begins else _end(row.engagement), "SHORT_DATE_FORMAT")
    }
    contact = row.engagement.owner
    return (
        f"{said} {_('Your contact is %(name)s, %(email)s.') % {'name': contact, 'email': contact.email}}"
        if contact
        else said
    )


def _end(engagement: Engagement) -> date:
    return timezone.localtime(engagement.ended_at).date() if engagement.ended_at else engagement.ends_on


def over(engagement: Engagement, on: date) -> bool:
    """Whether nobody gets in by it any more."""
    return bool(Engagement.objects.over(on).filter(Q(pk=engagement.pk)).exists())


# Where people from outside write, by route: their own engagement's room and samples; those who audit for us also the
# working papers, findings and report of their audit. Nothing of the API.
ROOM = frozenset({
    "engagement_ask", "engagement_import", "engagement_note", "request_answer", "request_withdraw", "request_comment",
    "audit_draw", "sample_judge",
})  # fmt: skip
AUDITING = frozenset({
    "audit_paper", "audit_question", "audit_raise", "audit_report", "audit_sign", "audit_external-record",
    "audit_start", "audit_distribute", "finding_change", "finding_issue", "finding_close", "finding_withdraw",
})  # fmt: skip
ROUTES = {"external_auditor": ROOM, "outsourced_auditor": ROOM | AUDITING}
