"""Rows with what they show: links to records that the reader does not see stay empty."""

from typing import Any

from django.db.models import Prefetch

from aims.models import Record
from audits.models import (
    Audit,
    AuditProgramme,
    AuditSystem,
    Engagement,
    Finding,
    Nonconformity,
    Offer,
    PaperRecord,
    RelatedNonconformity,
    TeamMember,
)
from inventory.models import AISystem
from organization.mandates import CompetenceRecord

_MODELS: dict[str, Any] = {
    "audit": Audit,
    "programme": AuditProgramme,
    "finding": Finding,
    "nonconformity": Nonconformity,
    "system": AISystem,
    "subject": Record,
    "source_record": Record,
    "record": Record,
    "about": Record,
}


def seen(rows: Any, user: Any, *names: str) -> Any:
    """Rows whose links of these names are read only as far as the person sees what they point to."""
    return rows.prefetch_related(*(Prefetch(name, _MODELS[name].objects.visible_to(user)) for name in names))


def systems_of(audit: Audit, user: Any) -> list[AISystem]:
    """The systems in the scope that the person sees."""
    return list(
        AISystem.objects.visible_to(user).filter(pk__in=AuditSystem.objects.filter(audit=audit).values("system"))
    )


def related_of(row: Nonconformity, user: Any) -> list[RelatedNonconformity]:
    seen_ones = Nonconformity.objects.visible_to(user)
    return list(row.related.filter(other__in=seen_ones).select_related("other").order_by("tie", "pk"))


def records_of(audit: Audit, user: Any) -> dict[int, list[Any]]:
    """Item → the records looked at that the person sees."""
    found: dict[int, list[Any]] = {}
    rows = PaperRecord.objects.filter(audit=audit, record__in=Record.objects.visible_to(user)).select_related("record")
    for row in rows.order_by("pk"):
        found.setdefault(row.item_id, []).append(row)
    return found


def samples_of(audit: Audit) -> dict[int | None, list[Any]]:
    """Item → the samples drawn for it, without the populations."""
    found: dict[int | None, list[Any]] = {}
    for row in audit.samples.filter(item__isnull=False).defer("population").order_by("pk"):
        row.audit = audit
        found.setdefault(row.item_id, []).append(row)
    return found


def team_of(audit: Audit, user: Any) -> list[TeamMember]:
    """The team; a record of competence that the person does not see is not named."""
    rows = audit.team.select_related("person", "approved_by")
    return list(rows.prefetch_related(Prefetch("competence", CompetenceRecord.objects.visible_to(user))))


def requests_of(engagement: Engagement, user: Any) -> list[Any]:
    """The request list; each has as `offered` what was given in answer, as far as the person sees it."""
    known = Record.objects.visible_to(user)
    given = Offer.objects.filter(record__in=known).select_related("record")
    return list(
        engagement.requests.select_related("asked_by").prefetch_related(
            Prefetch("about", known), Prefetch("offers", given, to_attr="offered")
        )
    )


def changed_since(offer: Offer) -> bool:
    """Whether the record is another than the one that was offered."""
    return bool(offer.record.version != offer.offered_version)
