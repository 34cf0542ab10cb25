"""A version of the Statement of Applicability as a file: PDF, XLSX, CSV, and the canonical JSON itself."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims import pdf
from aims.exports import csv_response, xlsx_response
from aims.ui import Badge
from controls.content import canonical
from controls.models import SoaVersion
from controls.states import APPLICABILITY_TONES, STATUS_TONES, Applicability, Basis, Source, Status

FORMS = {
    "pdf": gettext_lazy("PDF"),
    "xlsx": gettext_lazy("XLSX"),
    "csv": gettext_lazy("CSV"),
    "json": gettext_lazy("JSON"),
}
Line = Mapping[str, Any]


def made(form: str, soa: SoaVersion, said: Mapping[str, Any]) -> HttpResponse | HttpResponseBase:
    """The file's answer. JSON of an approved version is its frozen text, byte for byte."""
    return _MAKERS[form](soa, said)


def name_of(soa: SoaVersion) -> str:
    return f"{soa.ref}-version-{soa.number}"


def _json(soa: SoaVersion, said: Mapping[str, Any]) -> HttpResponse:
    return _attached(soa.content or canonical(said), "application/json", f"{name_of(soa)}.json")


def _pdf(soa: SoaVersion, said: Mapping[str, Any]) -> HttpResponse:
    return _attached(drawn(soa, said), "application/pdf", f"{name_of(soa)}.pdf")


def drawn(soa: SoaVersion, said: Mapping[str, Any]) -> bytes:
    """The version as a PDF: the same chapter as in a pack."""
    context = {
        "chapter": chapter(soa, said),
        "template": "controls/pack_soa.html",
        "section": _("Statement of Applicability"),
        "organization": said["scope"]["unit"],
        "mark": "" if soa.content else _("Draft"),
        "opens": True,
        "wide": True,
    }
    html = render_to_string("evidence/pdf/chapter.html", context)
    return pdf.draw(html, (pdf.OWN / "pack.css").read_text(encoding="utf-8"))


def _attached(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def chapter(soa: SoaVersion, said: Mapping[str, Any]) -> dict[str, Any]:
    """Lines by objective, with what the version rests on and who approved it."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in said["lines"]:
        groups.setdefault(line["group"], []).append({**line, **words(line)})
    return {
        "soa": {"title": soa.title, "number": soa.number, "state": soa.get_state_display(), "digest": soa.digest},
        "approval": said.get("approval"),
        "approved_at": soa.approved_at,
        "scope": said["scope"],
        "rests_on": said["rests_on"],
        "groups": list(groups.items()),
        "counts": counts(said["lines"]),
    }


def counts(lines: Sequence[Line]) -> dict[str, int]:
    """How many lines of the scope itself, by decision; what differs is counted apart."""
    base = [line for line in lines if not line["unit"]]
    found = Counter(line["decision"] for line in base)
    return {
        "total": len(base),
        "differing": len(lines) - len(base),
        **{name: found[name] for name in Applicability.values},
    }


def words(line: Line) -> dict[str, Any]:
    """What the stored values of a line are called, with their badges."""
    decision, status = Applicability(line["decision"]), Status(line["status"])
    return {
        "decision_badge": Badge(str(decision.label), APPLICABILITY_TONES[decision]),
        "status_badge": Badge(str(status.label), STATUS_TONES[status]),
        "basis_words": [str(Basis(one).label) for one in line["basis"]],
        "source_word": str(Source(line["source"]).label),
    }


def head() -> list[str]:
    return [
        _("Control"), _("Title"), _("Objective"), _("Source"), _("Where it comes from"), _("Unit"), _("AI system"),
        _("Decision"), _("Justification"), _("Basis"), _("Called for by"), _("Only for"), _("Status"),
        _("How it is implemented"), _("Procedure"), _("Owner"), _("Due"), _("Last reviewed"), _("Evidence"),
    ]  # fmt: skip


def rows(said: Mapping[str, Any]) -> Iterator[list[Any]]:
    for line in said["lines"]:
        say = words(line)
        yield [
            line["control"], line["title"], line["group"], say["source_word"], line["origin"], line["unit"],
            line["system"], say["decision_badge"].label, line["justification"], say["basis_words"], line["records"],
            line["systems"], say["status_badge"].label, line["implementation"], line["procedure"], line["owner"],
            line["due_on"], line["last_reviewed_on"], line["evidence"],
        ]  # fmt: skip


_MAKERS: Mapping[str, Callable[[SoaVersion, Mapping[str, Any]], HttpResponse | HttpResponseBase]] = {
    "pdf": _pdf,
    "json": _json,
    "csv": lambda soa, said: csv_response(name_of(soa), head(), rows(said)),
    "xlsx": lambda soa, said: xlsx_response(name_of(soa), head(), rows(said)),
}
