"""Lists of documents from files: each becomes a draft, or what is said about one that is there changes (7.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import clock
from aims.access import access_of
from aims.errors import WrongState
from aims.importing.fields import Context, Importable, by_reference, choice_field, text_field
from evidence import services
from evidence.models import Document
from evidence.states import Audience, DocumentSort, DocumentState
from organization.importing import person_field, settled, unit_field

TEXT = "text"


def _rows(user: Any) -> Any:
    """What is not withdrawn, as far as the person sees it."""
    rows = Document.objects.visible_to(user).exclude(state=DocumentState.WITHDRAWN)
    return rows.select_related("unit", "owner").order_by("pk")


def _given(data: Mapping[str, Any], unit: Any, context: Context) -> dict[str, Any]:
    """What the services take: a pending owner settled, the words apart."""
    given = {name: value for name, value in data.items() if name != TEXT}
    if given.get("owner") is not None:
        given["owner"] = settled(given["owner"], unit, context)
    return given


def _make(data: Mapping[str, Any], context: Context) -> Document:
    given = _given({name: value for name, value in data.items() if value not in (None, "")}, data.get("unit"), context)
    words = {"text": data.get(TEXT) or _("To be written.")}
    return services.draft_document(by=context.by, data=given, words=words)


def _change(document: Document, data: Mapping[str, Any], context: Context) -> Document:
    """What is said about it; its words have versions, and a file brings those of the first alone."""
    if data.get("sort", document.sort) != document.sort:
        raise WrongState(_("What a document is never changes."))
    given = {name: value for name, value in _given(data, document.unit, context).items() if name != "sort"}
    return services.change_document(document, by=context.by, data=given, version=None) if given else document


def _remove(documents: Sequence[Document], context: Context) -> None:
    """What a file brought in by mistake is withdrawn: nothing is deleted."""
    for one in documents:
        services.withdraw_document(one, by=context.by, reason=_("Import taken back"), at=clock.now())


DOCUMENTS = Importable(
    kind="document",
    label=gettext_lazy("Documents"),
    fields=(
        text_field("title", gettext_lazy("Name"), words=("document", "title", "dokument", "titel"), required=True, most=200),
        choice_field("sort", gettext_lazy("Kind"), DocumentSort, words=("type", "art")),
        unit_field("unit", gettext_lazy("Unit"), "document.write", required=True, words=("department", "abteilung", "bereich")),
        person_field("owner", gettext_lazy("Owner"), words=("responsible", "verantwortlich")),
        choice_field("audience", gettext_lazy("Who reads it"), Audience, words=("audience", "readers")),
        text_field("source", gettext_lazy("Published by"), words=("publisher", "edition", "herausgeber"), most=300),
        replace(text_field(TEXT, gettext_lazy("Text of version 1"), words=("content", "inhalt"), most=30_000), write=lambda document: ""),
    ),
    may=lambda user: access_of(user).capacity("document.write"),
    rows=_rows,
    find=by_reference(Document, _rows),
    make=_make,
    change=_change,
    remove=_remove,
    alone=("title", "sort", TEXT),
)  # fmt: skip
