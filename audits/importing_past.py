"""Past audits and their findings from files: what an old tool or a body's reports say (clause 9.2).

They come as history, marked as taken over. What only counts because it was done here does not come by file: teams and
their independence, working papers, signatures, and samples, whose worth is that the draw can be repeated from its seed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.errors import WrongState
from aims.importing.fields import (
    EMPTY,
    Context,
    Importable,
    ImportField,
    Unclear,
    by_reference,
    choice_field,
    day_field,
    text_field,
)
from aims.models import ImportKey
from aims.removal import remove_imported
from audits import policies, services
from audits.forms.audits import key_of
from audits.models import Audit, AuditCriterion, AuditSystem, AuditUnit, Finding
from audits.reading import seen
from audits.services.past import ENDINGS, as_scope
from audits.states import AuditSort, FindingGrade, FindingState
from controls.models import Clause, Control
from controls.models.catalogue import OURS
from inventory.importing import filled, record_field
from inventory.models import AISystem
from organization.importing import person_field, settled, unit_field
from organization.models import Unit

_NUMBER = re.compile(r"(?:[A-Z]\.)?\d{1,2}(?:\.\d{1,2})*(?:@[\w-]+)?", re.IGNORECASE)
_PARTS = ("criteria", "units", "systems")  # of an audit's scope
RESPONSIBLE = ("responsible", "verantwortlich")


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip().lower() not in EMPTY]


def _criterion(text: str, context: Context) -> Clause | Control | str:
    """The clause or control whose number begins the text, of another framework as `9.2@iso-9001`; else a procedure."""
    words = re.sub(r"(?i)^(clause|control|kapitel|abschnitt)\s+", "", text).split()
    if not words or _NUMBER.fullmatch(words[0]) is None:
        return text[:300]
    found = context.once("criteria", _numbered).get(words[0].lower())
    if found is None:
        raise Unclear(_("There is no clause or control %(number)s.") % {"number": words[0]})
    return found  # type: ignore[no-any-return]


def _numbered() -> dict[str, Any]:
    """Clauses and controls by number within our framework, and by number and framework within all."""
    rows: list[Any] = [*Clause.objects.select_related("framework"), *Control.objects.select_related("framework")]
    full = {f"{row.number}@{row.framework.key}".lower(): row for row in rows}
    return full | {row.number.lower(): row for row in rows if row.framework.key == OURS}


def _criteria(text: str, context: Context) -> list[Any]:
    """Several criteria, separated by semicolons or line ends; numbers alone also by commas."""
    found: list[Any] = []
    for part in _split(text):
        numbers = [one.strip() for one in part.split(",")]
        many = all(_NUMBER.fullmatch(one) for one in numbers)
        found += [_criterion(one, context) for one in (numbers if many else [part])]
    return list(dict.fromkeys(found))


def _told(criterion: Any) -> str:
    if isinstance(criterion, AuditCriterion):
        return _told(criterion.clause or criterion.control or criterion.procedure)
    return criterion if isinstance(criterion, str) else key_of(criterion)


def _listed(name: str, told: Callable[[Any], str]) -> Callable[[Any], str]:
    """Writes a part of the scope, of an audit or as a cell gave it."""

    def write(record: Any) -> str:
        rows = getattr(record, name)
        return "; ".join(sorted(told(row) for row in (rows.all() if hasattr(rows, "all") else rows)))

    return write


def _named(name: str, rows: Callable[[Any, str], Any]) -> Callable[[str, Context], list[Any]]:
    """Several records by name or reference; `rows(user, text)` are those one text may mean."""

    def one(text: str, context: Context) -> Any:
        hits = context.once((name, text.lower()), lambda: list(rows(context.by, text)[:2]))
        if len(hits) != 1:
            raise Unclear(_("Nothing here is called “%(text)s”, or several are.") % {"text": text})
        return hits[0]

    return lambda text, context: list(dict.fromkeys(one(part, context) for part in _split(text)))


def _scope_fields() -> tuple[ImportField, ...]:
    units = _named("scope units", lambda user, text: Unit.objects.visible_to(user).filter(name__iexact=text))
    systems = _named("scope systems", lambda user, text: AISystem.objects.visible_to(user).filter(ref=text.upper())
                     or AISystem.objects.visible_to(user).filter(title__iexact=text))  # fmt: skip
    return (
        ImportField("criteria", gettext_lazy("Criteria"), _criteria, _listed("criteria", _told),
                    words=("standard", "clauses", "kriterien", "auditkriterien"), several=True),
        ImportField("units", gettext_lazy("Units in scope"), units,
                    _listed("units", lambda row: str(getattr(row, "scope_unit", row).name)),
                    words=("scope", "geltungsbereich"), several=True),
        ImportField("systems", gettext_lazy("AI systems in scope"), systems,
                    _listed("systems", lambda row: str(getattr(row, "system", row).ref)), words=("systems",), several=True),
    )  # fmt: skip


def _audits(user: Any) -> Any:
    """Audits that a person sees, with as much of their scope as they see."""
    units = AuditUnit.objects.filter(scope_unit__in=Unit.objects.visible_to(user)).select_related("scope_unit")
    systems = AuditSystem.objects.filter(system__in=AISystem.objects.visible_to(user)).select_related("system")
    criteria = AuditCriterion.objects.select_related("clause__framework", "control__framework")
    parts = (Prefetch("criteria", criteria), Prefetch("units", units), Prefetch("systems", systems))
    return Audit.objects.visible_to(user).select_related("unit", "owner").prefetch_related(*parts).order_by("pk")


def _parted(data: Mapping[str, Any], unit: Any, context: Context) -> tuple[dict[str, Any], dict[str, Any]]:
    """The audit's own values, the owner settled; and the parts of its scope."""
    given = {name: value for name, value in data.items() if name not in _PARTS}
    if given.get("owner") is not None:
        given["owner"] = settled(given["owner"], given.get("unit") or unit, context)
    return given, {name: data[name] for name in _PARTS if name in data}


def _take_over(data: Mapping[str, Any], context: Context) -> Audit:
    given, parts = _parted(filled(data), None, context)
    parts.setdefault("units", [given["unit"]])
    scope = as_scope(parts.pop("criteria", None), **parts)
    return services.take_over_audit(by=context.by, data=given, scope=scope, on=context.on)


def _change_audit(audit: Audit, data: Mapping[str, Any], context: Context) -> Audit:
    given, parts = _parted(data, audit.unit, context)
    scope = as_scope(parts.pop("criteria", None), **parts)
    return services.change_past_audit(audit, by=context.by, data=given, scope=scope, on=context.on)


def _over(data: Mapping[str, Any], context: Context) -> dict[str, str]:
    """A past audit is over, and none ends before it begins."""
    first, last = data.get("starts_on"), data.get("ends_on")
    if last and last > context.on:
        return {"ends_on": _("This day is still to come; plan the audit instead.")}
    return {"ends_on": _("The end comes before the start.")} if first and last and last < first else {}


def _audit_field() -> ImportField:
    """The audit of a finding: by reference, exact name, or the key by which a file called it."""
    usual = record_field("audit", gettext_lazy("Audit"), Audit, ("audit no", "audit id", "auditnummer"))

    def parse(text: str, context: Context) -> Any:
        key = ImportKey.objects.filter(kind=Audit.kind, key=text).values("record")
        by_key = context.once(("audit key", text), Audit.objects.visible_to(context.by).filter(pk__in=key).first)
        return by_key or usual.parse(text, context)

    return replace(usual, parse=parse, required=True)


def _issued(record: Any) -> str:
    day = record.issued_at
    return (timezone.localdate(day) if isinstance(day, datetime) else day).isoformat() if day else ""


def _findings(user: Any) -> Any:
    """Issued findings that a person sees, naming audit and system only where they see them."""
    links = ("unit", "owner", "criterion__clause__framework", "criterion__control__framework")
    rows = Finding.objects.visible_to(user).issued().select_related(*links)
    return seen(rows.order_by("pk"), user, "audit", "system")


def _settled(data: Mapping[str, Any], unit: Any, context: Context) -> dict[str, Any]:
    owner = {"owner": settled(data["owner"], unit, context)} if data.get("owner") is not None else {}
    return {**data, **owner}


def _enter(data: Mapping[str, Any], context: Context) -> Finding:
    audit = data["audit"]
    given = {name: value for name, value in filled(data).items() if name != "audit"}
    return services.take_over_finding(audit, by=context.by, data=_settled(given, audit.unit, context))


def _change_finding(row: Finding, data: Mapping[str, Any], context: Context) -> Finding:
    given = _settled(data, row.unit, context)
    if "audit" in given:
        raise WrongState(_("A finding stays with its audit."))
    return services.change_past_finding(row, by=context.by, data=given)


def _found(data: Mapping[str, Any], context: Context) -> dict[str, str]:
    """Only an audit taken over takes findings from a file, issued or closed."""
    wrong = {}
    if data.get("audit") is not None and not data["audit"].taken_over:
        wrong["audit"] = _("This audit was planned here; its team raises the findings.")
    if data.get("state") and data["state"] not in ENDINGS:
        wrong["state"] = _("It is issued, or closed.")
    return wrong


def _remove(may: Callable[[Any, Any], str]) -> Callable[[Sequence[Any], Context], None]:
    return lambda rows, context: remove_imported(rows, by=context.by, may=lambda row: may(context.by, row))


AUDITS = Importable(
    kind="audit",
    label=gettext_lazy("Past audits"),
    fields=(
        text_field("title", gettext_lazy("Title"), words=("name", "audit", "bezeichnung"), required=True, most=200),
        replace(choice_field("sort", gettext_lazy("Kind"), AuditSort, words=("type", "audit type", "art")), required=True),
        person_field("owner", gettext_lazy("Owner"), words=RESPONSIBLE, required=True),
        unit_field("unit", gettext_lazy("Unit"), "audit.plan", required=True, words=("department", "abteilung", "bereich")),
        replace(day_field("starts_on", gettext_lazy("Begins"), words=("start", "start date", "from", "beginn", "von")),
                required=True),
        replace(day_field("ends_on", gettext_lazy("Ends"), words=("end", "end date", "until", "ende", "bis")), required=True),
        day_field("period_from", gettext_lazy("Looks at the period from"), words=("period from",)),
        day_field("period_to", gettext_lazy("Looks at the period until"), words=("period to",)),
        text_field("audited_by", gettext_lazy("Audited by"), words=("auditor", "auditors", "body", "auditoren", "stelle"),
                   required=True, most=300),
        *_scope_fields(),
        text_field("objectives", gettext_lazy("Objectives"), words=("objective", "ziele")),
        text_field("method", gettext_lazy("Method"), words=("methods", "methode")),
        text_field("conclusions", gettext_lazy("Conclusions"), words=("conclusion", "result", "summary", "ergebnis"),
                   required=True),
        text_field("report_at", gettext_lazy("Where the report is kept"), words=("report", "bericht"), most=1000),
    ),
    may=lambda user: access_of(user).capacity("audit.plan"),
    rows=_audits,
    find=by_reference(Audit, _audits),
    make=_take_over,
    change=_change_audit,
    remove=_remove(lambda user, row: policies.may(user, "audit.change", row)),
    together=_over,
    in_bulk=False,
)  # fmt: skip
FINDINGS = Importable(
    kind="finding",
    label=gettext_lazy("Findings of past audits"),
    fields=(
        text_field("title", gettext_lazy("Title"), words=("name", "finding", "feststellung", "bezeichnung"), required=True,
                   most=200),
        _audit_field(),
        ImportField("criterion", gettext_lazy("Criterion"), _criterion, lambda row: _told(row.criterion), required=True,
                    words=("clause", "control", "requirement", "kriterium", "anforderung")),
        replace(choice_field("grade", gettext_lazy("Grade"), FindingGrade, words=("severity", "type", "schwere", "art")),
                required=True),
        text_field("statement", gettext_lazy("Finding"), words=("statement", "description", "beschreibung"), required=True),
        text_field("objective_evidence", gettext_lazy("Objective evidence"), words=("evidence", "nachweis")),
        text_field("rationale", gettext_lazy("Why this grade"), words=("rationale", "begründung")),
        person_field("owner", gettext_lazy("Auditee"), words=(*RESPONSIBLE, "owner")),
        record_field("system", gettext_lazy("AI system"), AISystem, ("system", "application", "anwendung")),
        replace(day_field("issued_at", gettext_lazy("Issued"), words=("date", "issued on", "datum")), write=_issued),
        choice_field("state", gettext_lazy("State"), FindingState, words=("status",)),
        text_field("outcome", gettext_lazy("Outcome"), words=("what came of it", "ergebnis")),
    ),
    may=lambda user: access_of(user).capacity("audit.plan"),
    rows=_findings,
    find=by_reference(Finding, _findings),
    make=_enter,
    change=_change_finding,
    remove=_remove(lambda user, row: policies.may(user, "audit.change", row.audit)),
    together=_found,
    in_bulk=False,
)  # fmt: skip
