"""Evidence: adding, changing, replacing, withdrawing, linking. ISO/IEC 42001 clause 7.5."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.errors import Hidden, WrongState, invalid
from aims.models import Record
from aims.services import change, create, locked, move, require
from aims.states import Confidentiality
from aims.trail import recording
from evidence import policies, results
from evidence.models import Attestation, EvidenceItem, EvidenceLink
from evidence.services.files import keep_upload
from evidence.states import EVIDENCE, EvidenceKind
from evidence.uploads import Upload

# What may be said about evidence; its content never changes.
FIELDS = (
    "title", "unit", "owner", "confidentiality", "proves", "method", "collector", "population",
    "period_from", "period_to", "collected_on", "expires_on",
)  # fmt: skip
# What still changes once evidence is accepted.
KEPT_FIELDS = ("unit", "owner", "confidentiality")
# What a link may say otherwise than the evidence.
LINK_FIELDS = ("proves", "period_from", "period_to", "population", "method")
Link = tuple[Record, str]


def add_evidence(
    *,
    by: Any,
    data: Mapping[str, Any],
    file: Upload | None = None,
    url: str = "",
    result: Mapping[str, Any] | None = None,
    links: Iterable[Link] = (),
    supersedes: EvidenceItem | None = None,
    redacts: EvidenceItem | None = None,
    redaction: str = "",
) -> EvidenceItem:
    """Take evidence in: `data` of FIELDS and exactly one of an examined file, an address or a result.

    The database sets the time of receipt. `links` are (record, what it proves there); `supersedes` is replaced by it.
    Errors: NotPermitted, ValidationError, Hidden for a record that does not show, WrongState. Clause 7.5.3.
    """
    unit = data.get("unit")
    capacity = require(policies.can_add_evidence(by, unit.pk if unit else None))
    content = _content_of(file, url, result)
    with recording(by, "add_evidence", capacity=capacity):
        item = EvidenceItem(**{"collector": by, "owner": by, **_known(data)}, **content)
        _check(item)
        if file is not None:
            item.blob = keep_upload(file)
        item.due_on = item.expires_on
        item.supersedes, item.redacts, item.redaction = supersedes, redacts, redaction.strip()
        create(item)
        if supersedes is not None:
            supersede_evidence(supersedes, by=by, successor=item, version=None)
        for record, proves in links:
            link_evidence(item, by=by, record=record, proves=proves)
        item.refresh_from_db()
    return item


def _content_of(file: Upload | None, url: str, result: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns of the one content that was given."""
    if sum((file is not None, bool(url), result is not None)) != 1:
        raise invalid(__all__=_("Give exactly one of a file, an address or a result."))
    if file is not None:
        return {"form": EvidenceKind.FILE, "file_name": file.name, "media_type": file.media_type}
    if url:
        return {"form": EvidenceKind.LINK, "url": _http(url)}
    made = results.checked(result)
    return {"form": EvidenceKind.RESULT, "result": made, "passed": results.meets(made)}


def _http(url: str) -> str:
    """Only addresses a browser may open without running anything."""
    if not url.lower().startswith(("http://", "https://")):
        raise invalid(url=_("Give an address that begins with http:// or https://."))
    return url


def _known(data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(data) - set(FIELDS)
    assert not unknown, f"not a field of evidence: {sorted(unknown)}"
    return {name: value for name, value in data.items() if value is not None}


def _check(item: EvidenceItem) -> None:
    if item.confidentiality == Confidentiality.CASE:
        raise invalid(confidentiality=_("Evidence is normal or restricted."))


def change_evidence(
    item: EvidenceItem, *, by: Any, data: Mapping[str, Any], version: int | None, reason: str = ""
) -> EvidenceItem:
    """Change what is said about current evidence (FIELDS), never its content. NotPermitted, Stale, WrongState."""
    stored = _stored(item)
    if not stored.is_current:
        raise WrongState(_("Only current evidence can be changed."))
    capacity = require(policies.can_change_evidence(by, stored))
    unit = data.get("unit")
    if unit is not None and unit.pk != stored.unit_id:
        require(policies.can_add_evidence(by, unit.pk), _("You may not move evidence to that unit."))
    with recording(by, "change_evidence", capacity=capacity, reason=reason):
        current = locked(item, version)
        also = {"due_on": data["expires_on"]} if "expires_on" in data else {}
        if data.get("confidentiality") == Confidentiality.CASE:
            raise invalid(confidentiality=_("Evidence is normal or restricted."))
        if current.is_accepted:
            _only_kept(current, data)
        return change(current, {**data, **also})


def _only_kept(item: EvidenceItem, data: Mapping[str, Any]) -> None:
    """Accepted evidence is locked: only who looks after it, where, and who may see it changes."""
    changed = [name for name, value in data.items() if name not in KEPT_FIELDS and getattr(item, name) != value]
    if changed:
        raise WrongState(_("This evidence is accepted and locked. Newer evidence replaces it."))


def _stored(item: EvidenceItem) -> EvidenceItem:
    """The row as it is stored: a form may have put what was typed, such as another unit, into the one given."""
    found = EvidenceItem.objects.get(pk=item.pk)
    assert isinstance(found, EvidenceItem)
    return found


def supersede_evidence(item: EvidenceItem, *, by: Any, successor: EvidenceItem, version: int | None) -> EvidenceItem:
    """Mark evidence as replaced by newer evidence, which says so itself. Errors: NotPermitted, WrongState, Stale."""
    capacity = require(policies.can_supersede_evidence(by, _stored(item)))
    with recording(by, "supersede_evidence", capacity=capacity):
        if successor.supersedes_id != item.pk:
            change(locked(successor), {"supersedes": item})
        return move(locked(item, version), EVIDENCE, "supersede", due_on=None)


def withdraw_evidence(item: EvidenceItem, *, by: Any, reason: str, version: int | None) -> EvidenceItem:
    """Take back evidence that turned out wrong: it stays readable and counts no more. Needs a reason."""
    capacity = require(policies.can_withdraw_evidence(by, _stored(item)))
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    with recording(by, "withdraw_evidence", capacity=capacity, reason=reason):
        return move(locked(item, version), EVIDENCE, "withdraw", due_on=None)


def link_evidence(
    item: EvidenceItem, *, by: Any, record: Record, version: int | None = None, **said: Any
) -> EvidenceLink:
    """Let evidence speak for a record of any kind. Both sides must show to the person who links (else Hidden).

    `said` (LINK_FIELDS): what it proves there, for which period and population, how it was collected; what is left out
    is as the evidence says.
    """
    seen = Record.objects.visible_to(by).filter(pk=record.pk).first()
    if seen is None or not EvidenceItem.objects.visible_to(by).filter(pk=item.pk).exists():
        raise Hidden
    if seen.pk == item.pk:
        raise invalid(record=_("Evidence cannot speak for itself."))
    capacity = require(policies.can_link_evidence(by, _stored(item)))
    with recording(by, "link_evidence", capacity=capacity):
        return create(EvidenceLink(item=locked(item, version), record=seen, **said))


def unlink_evidence(link: EvidenceLink, *, by: Any, reason: str, version: int | None = None) -> None:
    """Undo a link. The trail keeps it with the reason."""
    capacity = require(policies.can_link_evidence(by, _stored(link.item)))
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    with recording(by, "unlink_evidence", capacity=capacity, reason=reason):
        locked(link.item, version)
        link.delete()


def attest_evidence(
    item: EvidenceItem,
    *,
    by: Any,
    sufficient: bool,
    reason: str,
    at: datetime,
    record: Record | None = None,
    version: int | None = None,
) -> Attestation:
    """Judge whether evidence suffices, for one record that it speaks for or for all it says. Clause 7.5.3.

    The first "sufficient" accepts the evidence: from then on it is locked. Errors: NotPermitted (also for its
    collector), WrongState for what is not current, Hidden, Stale, ValidationError without a reason.
    """
    stored = _stored(item)
    if not stored.is_current:
        raise WrongState(_("Only current evidence can be attested."))
    capacity = require(policies.can_attest_evidence(by, stored), _("Who collected it does not attest it."))
    if record is not None and not _speaks_for(by, item, record):
        raise Hidden
    with recording(by, "attest_evidence", capacity=capacity, reason=reason):
        current = locked(item, version)
        made = create(
            Attestation(
                item=current, record=record, sufficient=sufficient, reason=reason.strip(), attested_by=by,
                capacity=capacity, attested_at=at,
            )
        )  # fmt: skip
        if sufficient and not current.is_accepted:
            change(current, {"accepted_by": by, "accepted_at": at})
        return made


def _speaks_for(by: Any, item: EvidenceItem, record: Record) -> bool:
    seen = Record.objects.visible_to(by).filter(pk=record.pk)
    return EvidenceLink.objects.filter(item=item, record__in=seen).exists()


def add_redacted_copy(original: EvidenceItem, *, by: Any, file: Upload, redaction: str) -> EvidenceItem:
    """Add a copy from which something was taken out, for those who may not see the original, such as an auditor.

    It says what the original says, speaks for the same records, and is not restricted. Errors as for adding.
    """
    capacity = require(policies.can_redact_evidence(by, _stored(original)))
    if not original.is_current or original.blob_id is None:
        raise WrongState(_("Only a current file has redacted copies."))
    if not redaction.strip():
        raise invalid(redaction=_("Say what was taken out."))
    names = [name for name in FIELDS if name not in ("title", "confidentiality")]
    data = {name: getattr(original, name) for name in names}
    data["title"] = _("%(title)s (redacted)") % {"title": original.title[:180]}
    seen = EvidenceLink.objects.filter(item=original, record__in=Record.objects.visible_to(by)).select_related("record")
    links = [(link.record, link.proves) for link in seen.order_by("pk")]
    with recording(by, "add_redacted_copy", capacity=capacity, reason=redaction):
        return add_evidence(by=by, data=data, file=file, links=links, redacts=original, redaction=redaction)
