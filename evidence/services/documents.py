"""Controlled documents: drafting, review, approval, coming into force, going out of it. Clauses 5.2 and 7.5."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.decisions import decide, our_language
from aims.errors import NotPermitted, WrongState, invalid
from aims.plans import following, plan_of
from aims.registry import registry
from aims.services import change, create, locked, move, require
from aims.states import Confidentiality
from aims.trail import recording
from evidence import policies
from evidence.models import Document, DocumentVersion
from evidence.services.files import keep_upload
from evidence.services.reading import ask_readers, end_readings
from evidence.states import DOCUMENT, DOCUMENT_VERSION, PolicyElement, VersionState
from evidence.uploads import Upload

DOCUMENT_FIELDS = ("title", "sort", "unit", "owner", "confidentiality", "audience", "roles", "source", "kept_years")
# What a document is never changes.
CHANGEABLE = tuple(name for name in DOCUMENT_FIELDS if name != "sort")
VERSION_FIELDS = ("text", "changes", "material", *PolicyElement.values)


def draft_document(
    *, by: Any, data: Mapping[str, Any], words: Mapping[str, Any] | None = None, file: Upload | None = None
) -> Document:
    """Begin a document (DOCUMENT_FIELDS) with the draft of its first version (VERSION_FIELDS, or a file).

    Errors: NotPermitted, ValidationError.
    """
    given = _known(data, DOCUMENT_FIELDS)
    capacity = require(policies.can_write_document(by, given["unit"].pk if given.get("unit") else None))
    with recording(by, "draft_document", capacity=capacity):
        document = create(Document(**{"owner": by, **_open_to_all(given)}))
        document.refresh_from_db()
        _draft(document, by, 1, words or {}, file)
        document.refresh_from_db()
        return document


def _known(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    unknown = set(data) - set(names)
    assert not unknown, f"not a field of a document: {sorted(unknown)}"
    return {name: value for name, value in data.items() if value is not None}


def _open_to_all(data: Mapping[str, Any]) -> dict[str, Any]:
    """Documents are normal or restricted."""
    if data.get("confidentiality") == Confidentiality.CASE:
        raise invalid(confidentiality=_("A document is normal or restricted."))
    return dict(data)


def _draft(document: Document, by: Any, number: int, words: Mapping[str, Any], file: Upload | None) -> DocumentVersion:
    return create(DocumentVersion(document=document, number=number, author=by, **_content(words, file)))


def _content(words: Mapping[str, Any], file: Upload | None) -> dict[str, Any]:
    """Columns of what a version says: its text, or its file instead."""
    given = _known(words, VERSION_FIELDS)
    if "text" in given:
        given["text"] = given["text"].replace("\r\n", "\n")
    if file is None:
        return given
    if given.get("text", "").strip():
        raise invalid(file=_("Give a text or a file, not both."))
    return {**given, "text": "", "blob": keep_upload(file), "file_name": file.name, "media_type": file.media_type}


def change_document(document: Document, *, by: Any, data: Mapping[str, Any], version: int | None) -> Document:
    """Change what is said about a document (CHANGEABLE). Who is asked to read it now hears of it at once or nightly.

    Errors: NotPermitted, WrongState, Stale, ValidationError.
    """
    stored = Document.objects.get(pk=document.pk)
    capacity = require(policies.can_change_document(by, stored))
    given = _known(data, CHANGEABLE)
    unit = given.get("unit")
    if unit is not None and unit.pk != stored.unit_id:
        require(policies.can_write_document(by, unit.pk), _("You may not move documents to that unit."))
    with recording(by, "change_document", capacity=capacity):
        current = locked(document, version)
        _not_withdrawn(current)
        return change(current, _open_to_all(given))


def _not_withdrawn(document: Document) -> None:
    if document.state == "withdrawn":
        raise WrongState(_("This document is withdrawn. A new one takes its place."))


def draft_version(
    document: Document, *, by: Any, words: Mapping[str, Any], file: Upload | None = None, version: int | None = None
) -> DocumentVersion:
    """Begin the next version (VERSION_FIELDS, or a file) while the one in force stays.

    Errors: NotPermitted, WrongState while another one is being made, Stale, ValidationError.
    """
    capacity = require(policies.can_change_document(by, document))
    with recording(by, "draft_version", capacity=capacity):
        current = locked(document, version)
        _not_withdrawn(current)
        if current.versions.open().exists():
            raise WrongState(_("A new version is being made already; change that one."))
        last = current.versions.order_by("-number").first()
        return _draft(current, by, last.number + 1 if last else 1, words, file)


def change_version(
    draft: DocumentVersion, *, by: Any, words: Mapping[str, Any], file: Upload | None = None, version: int | None
) -> DocumentVersion:
    """Change a draft; who changes it last counts as its author. A file takes the place of the text, and the other way.

    `version` is the document's. Errors: NotPermitted, WrongState, Stale, ValidationError.
    """
    capacity = require(policies.can_change_document(by, draft.document))
    with recording(by, "change_version", capacity=capacity):
        current = _locked(draft, version)
        if current.state != VersionState.DRAFT:
            raise WrongState(_("Only a draft can be changed. Send it back first, or begin the next version."))
        given = _content(words, file)
        if given.get("text", "").strip():
            given |= {"blob": None, "file_name": "", "media_type": ""}
        return change(current, {**given, "author": by})


def _locked(version: DocumentVersion, expected: int | None) -> DocumentVersion:
    """The version as it stands, with its document locked; Stale when the document is not as it was read."""
    document = locked(version.document, expected)
    current = locked(version)
    current.document = document
    return current


def submit_version(draft: DocumentVersion, *, by: Any, version: int | None = None) -> DocumentVersion:
    """Say that a draft is ready to be judged. Errors: NotPermitted, WrongState, Stale."""
    capacity = require(policies.can_change_document(by, draft.document))
    with recording(by, "submit_version", capacity=capacity):
        return move(_locked(draft, version), DOCUMENT_VERSION, "submit")


def send_back_version(draft: DocumentVersion, *, by: Any, reason: str, version: int | None = None) -> DocumentVersion:
    """Give a version back to be written again, with the reason. Errors: NotPermitted, WrongState, Stale."""
    capacity = require(policies.can_send_back(by, draft.document))
    _reasoned(reason)
    with recording(by, "send_back_version", capacity=capacity, reason=reason):
        return move(_locked(draft, version), DOCUMENT_VERSION, "send_back")


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise invalid(reason=_("Say why."))


def approve_version(
    draft: DocumentVersion, *, by: Any, reason: str, at: datetime, version: int | None = None
) -> DocumentVersion:
    """Find a version fit for its purpose (7.5.2). Never by its author; an AI policy by top management, and only when
    it says what clause 5.2 asks for. From now on its content never changes.

    Errors: NotPermitted (it also names what is missing), WrongState, Stale, ValidationError.
    """
    document = draft.document
    capacity = require(policies.can_approve_version(by, document), _not_yours(draft))
    if draft.author_id == by.pk:
        raise NotPermitted(_("Who wrote it does not approve it."))
    _reasoned(reason)
    with recording(by, "approve_version", capacity=capacity, reason=reason):
        current = _locked(draft, version)
        if current.author_id == by.pk:
            raise NotPermitted(_("Who wrote it does not approve it."))
        done = move(current, DOCUMENT_VERSION, "approve", approved_by=by, approved_at=at, capacity=capacity)
        with our_language():
            decide(
                current.document, by=by, capacity=capacity, sort="document", outcome=_("Approved"), reason=reason.strip(),
                question=_("Is version %(number)d fit for its purpose?") % {"number": current.number},
            )  # fmt: skip
        return done


def _not_yours(draft: DocumentVersion) -> str:
    """Why somebody may not approve it, and what they would not have found either."""
    if not draft.document.is_policy:
        return ""
    said = [_("An AI policy is approved by top management.")]
    if missing := draft.missing_elements():
        said.append(_("It also lacks: %(missing)s.") % {"missing": ", ".join(str(one.label) for one in missing)})
    return " ".join(said)


def put_in_force(
    approved: DocumentVersion, *, by: Any, at: datetime, on: date, version: int | None = None
) -> DocumentVersion:
    """Let an approved version take effect: the one before is superseded, its review is scheduled, its readers asked.

    Errors: NotPermitted, WrongState, Stale.
    """
    capacity = require(policies.can_put_in_force(by, approved.document))
    with recording(by, "put_in_force", capacity=capacity):
        current = _locked(approved, version)
        document = current.document
        first = not document.read_from
        if current.state == VersionState.APPROVED:
            for old in document.versions.effective().select_for_update():
                move(old, DOCUMENT_VERSION, "supersede", ended_at=at)
        done = move(current, DOCUMENT_VERSION, "take_effect", effective_at=at)
        anew = first or done.material
        document = locked(document)
        move(document, DOCUMENT, "take_effect", **({"read_from": done.number} if anew else {}))
        if document.due_on is None or document.due_on <= on:
            due = following(plan_of(document, registry.due_sources["document"], on=on), on=on, due=None)
            change(document, {"due_on": due})
        if anew:
            end_readings(document, at=at)
            ask_readers(on=on, at=at, document=document)
        done.document = document
        return done


def withdraw_document(
    document: Document, *, by: Any, reason: str, at: datetime, version: int | None = None
) -> Document:
    """Take a document out of force without another version: it stays readable for some, and nobody is asked any more.

    Errors: NotPermitted, WrongState, Stale, ValidationError.
    """
    capacity = require(policies.can_withdraw_document(by, document))
    _reasoned(reason)
    with recording(by, "withdraw_document", capacity=capacity, reason=reason):
        current = locked(document, version)
        done = move(current, DOCUMENT, "withdraw", due_on=None)
        for one in current.versions.exclude(state__in=[VersionState.SUPERSEDED, VersionState.WITHDRAWN]):
            move(locked(one), DOCUMENT_VERSION, "withdraw", ended_at=at)
        end_readings(done, at=at)
        done.refresh_from_db()
        return done
