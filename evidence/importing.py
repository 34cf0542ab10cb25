"""Lists of evidence from files: what is kept elsewhere, by its address, with what it proves and what it speaks for (7.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.errors import WrongState
from aims.importing.fields import Context, Importable, ImportField, Unclear, by_reference, day_field, text_field
from aims.models import Record
from evidence import services
from evidence.models import EvidenceItem, EvidenceLink
from evidence.states import EvidenceState
from organization.importing import person_field, settled, unit_field

LINKS = "speaks_for"


def _records(text: str, context: Context) -> list[Record]:
    """Records by reference, separated by semicolons or commas."""
    refs = [part.strip().upper() for part in text.replace(",", ";").split(";") if part.strip()]
    found = [_record(ref, context) for ref in dict.fromkeys(refs)]
    return sorted(found, key=lambda record: record.ref)


def _record(ref: str, context: Context) -> Record:
    found = context.once(("record", ref), lambda: Record.objects.visible_to(context.by).filter(ref=ref).first())
    if found is None:
        raise Unclear(_("There is no %(text)s.") % {"text": ref})
    assert isinstance(found, Record)
    return found


def _write_records(item: Any) -> str:
    """References of what it speaks for, as far as they show to who asked (`_rows`)."""
    return "; ".join(sorted(getattr(one, "record", one).ref for one in getattr(item, LINKS, ())))


def _rows(user: Any) -> Any:
    """What counts now, with the records that it speaks for and that the person sees."""
    shown = EvidenceLink.objects.filter(record__in=Record.objects.visible_to(user)).select_related("record")
    return (
        EvidenceItem.objects.visible_to(user)
        .filter(state=EvidenceState.CURRENT)
        .select_related("unit", "owner", "collector")
        .prefetch_related(Prefetch("links", shown, to_attr=LINKS))
        .order_by("pk")
    )


def _given(data: Mapping[str, Any], unit: Any, context: Context) -> dict[str, Any]:
    """What the services take: pending people settled; address and links apart."""
    given = {name: value for name, value in data.items() if name not in ("url", LINKS)}
    for name in ("owner", "collector"):
        if given.get(name) is not None:
            given[name] = settled(given[name], unit, context)
    return given


def _make(data: Mapping[str, Any], context: Context) -> EvidenceItem:
    given = _given({name: value for name, value in data.items() if value not in (None, "")}, data.get("unit"), context)
    links = [(record, "") for record in data.get(LINKS) or ()]
    return services.add_evidence(by=context.by, data=given, url=data.get("url") or "", links=links)


def _change(item: EvidenceItem, data: Mapping[str, Any], context: Context) -> EvidenceItem:
    """What is said about it, and what it speaks for; what it is never changes."""
    if "url" in data and data["url"] != item.url:
        raise WrongState(_("The content of evidence never changes. Newer evidence replaces it."))
    given = _given(data, item.unit, context)
    if given:
        item = services.change_evidence(item, by=context.by, data=given, version=None)
    if LINKS in data:
        _link(item, data[LINKS], context)
    return item


def _link(item: EvidenceItem, wanted: list[Record], context: Context) -> None:
    """Let it speak for exactly these, as far as the person sees them."""
    shown = EvidenceLink.objects.filter(item=item, record__in=Record.objects.visible_to(context.by))
    linked = {link.record_id: link for link in shown}
    for record in wanted:
        if record.pk not in linked:
            services.link_evidence(item, by=context.by, record=record)
    for key, link in linked.items():
        if key not in {record.pk for record in wanted}:
            services.unlink_evidence(link, by=context.by, reason=_("Imported"))


def _remove(items: Sequence[EvidenceItem], context: Context) -> None:
    """Evidence that a file brought in by mistake is withdrawn: it stays readable and counts no more."""
    for item in items:
        services.withdraw_evidence(item, by=context.by, reason=_("Import taken back"), version=None)


EVIDENCE = Importable(
    kind="evidence",
    label=gettext_lazy("Evidence that is kept elsewhere"),
    fields=(
        text_field("title", gettext_lazy("Name"), words=("evidence", "document", "nachweis", "dokument"), required=True, most=200),
        text_field("proves", gettext_lazy("What it proves"), words=("description", "beschreibung"), required=True, most=2000),
        text_field("url", gettext_lazy("Address"), words=("link", "location", "ablage", "path"), required=True, most=1000),
        person_field("owner", gettext_lazy("Owner"), words=("responsible", "verantwortlich")),
        unit_field("unit", gettext_lazy("Unit"), "evidence.add", required=True, words=("department", "team", "abteilung", "bereich")),
        person_field("collector", gettext_lazy("Collected by"), words=("author", "collector", "erstellt von")),
        text_field("method", gettext_lazy("How it was collected"), words=("method", "methode"), most=2000),
        text_field("population", gettext_lazy("Population or sample"), words=("sample", "stichprobe"), most=2000),
        day_field("period_from", gettext_lazy("Period from"), words=("from", "von")),
        day_field("period_to", gettext_lazy("Period to"), words=("to", "bis")),
        day_field("collected_on", gettext_lazy("Collected on"), words=("date", "datum", "collected")),
        day_field("expires_on", gettext_lazy("Valid until"), words=("expires", "valid to", "gültig bis")),
        ImportField(LINKS, gettext_lazy("Speaks for"), _records, _write_records, words=("system", "record", "records", "control")),
    ),
    may=lambda user: access_of(user).capacity("evidence.add"),
    rows=_rows,
    find=by_reference(EvidenceItem, _rows),
    make=_make,
    change=_change,
    remove=_remove,
    alone=("title", "url", LINKS),
)  # fmt: skip
