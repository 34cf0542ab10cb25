"""Chapters of AI systems in an evidence pack: one per system in scope, of what the person who asked may see (7.5)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from inventory.completeness import label_of, missing, missing_of
from inventory.countries import country_name, language_name
from inventory.models import AISystem, Component, ComponentUse
from inventory.states import ComponentKind, SystemStage

_USE = ("purpose", "intended_use", "foreseeable_misuse", "decisions", "learning")
_OVERSIGHT = ("autonomy", "autonomy_note", "human_oversight")
_PEOPLE = ("affected_groups", "regions", "languages", "user_information", "criticality", "criticality_reason")
_SUPPLY = ("third_party", "vendor_product", "vendor_version", "embedded_in")


def system_chapters(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter of plain data per system, in order of reference; `pack` gives who asked and what is in scope."""
    rows = pack.covers(AISystem.objects.visible_to(pack.asked_by)).with_gaps()
    uses = ComponentUse.objects.filter(component__in=Component.objects.visible_to(pack.asked_by))
    uses = uses.select_related("component__owner").order_by("component__component_kind", "component_id")
    parts = ("roles__legal_entity", "law_roles__legal_entity", "versions", "stages__by", Prefetch("uses", uses))
    for system in rows.select_related("unit", "owner").prefetch_related(*parts).order_by("id").iterator(chunk_size=50):
        yield chapter(system)


def chapter(system: AISystem) -> dict[str, Any]:
    """A system as a chapter shows it: words only."""
    return {
        "ref": system.ref,
        "title": system.title,
        "stage": system.get_state_display(),
        "tone": system.state_tones[system.state],
        "answers": _answers(system),
        "groups": [
            (_("Use"), _facts(system, _USE)),
            (_("Oversight"), _facts(system, _OVERSIGHT)),
            (_("People affected"), _facts(system, _PEOPLE)),
            (_("Supply"), _facts(system, _SUPPLY)),
            (_("Retirement"), _facts(system, ("retired_on", "retirement_plan"))),
        ],
        "roles": [_role(role, role.get_sub_role_display()) for role in system.roles.all()],
        "law_roles": [_role(role, "") for role in system.law_roles.all()],
        "versions": [_version(row) for row in system.versions.all()],
        "stages": [_stage(entry) for entry in system.stages.all()],
        "components": _components(system),
        "missing": [{"sentence": str(gap.sentence), "clause": gap.clause} for gap in missing(system)],
    }


def _answers(system: AISystem) -> list[tuple[str, Any]]:
    return [
        (_("Owner"), str(system.owner)),
        (_("Unit"), system.unit.name),
        (_("In use since"), system.live_since),
        (_("Confidentiality"), system.get_confidentiality_display()),
    ]


def _facts(record: Any, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Label and words of the columns that say something."""
    found = [(label_of(record, name), in_words(record, name)) for name in names]
    return [(label, words) for label, words in found if words != ""]


def in_words(record: Any, name: str) -> Any:
    """A column as a chapter says it; dates stay dates."""
    value = getattr(record, name)
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _list(name, value)
    display = getattr(record, f"get_{name}_display", None)
    return str(display()) if display else value


def _list(name: str, value: list[str]) -> str:
    if name == "affected_groups":
        return "\n".join(value)
    named: Any = {"regions": country_name, "languages": language_name}.get(name, lambda stage: SystemStage(stage).label)
    return ", ".join(str(named(one)) for one in value)


def _role(role: Any, sub_role: str) -> dict[str, str]:
    return {
        "role": str(role.get_role_display()),
        "sub_role": str(sub_role),
        "entity": role.legal_entity.name,
        "rationale": role.rationale,
    }


def _version(row: Any) -> dict[str, Any]:
    names = ("number", "digest", "notes", "live_from", "live_until", "live")
    return {name: getattr(row, name) for name in names}


def _stage(entry: Any) -> dict[str, Any]:
    return {
        "stage": str(entry.get_stage_display()),
        "since": entry.since,
        "by": str(entry.by or ""),
        "reason": entry.reason,
    }


def _components(system: AISystem) -> list[dict[str, Any]]:
    """Kinds in the standard's order, each with its components."""
    used = [use.component for use in system.uses.all()]
    return [
        {"kind": str(kind.label), "rows": [_component(row) for row in used if row.component_kind == kind]}
        for kind in ComponentKind
        if any(row.component_kind == kind for row in used)
    ]


def _component(row: Component) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "title": row.title,
        "release": row.release,
        "owner": str(row.owner),
        "description": row.description,
        "facts": _facts(row, ("licence", *row.own_fields())),
        "missing": [str(gap.sentence) for gap in missing_of(row)],
    }
