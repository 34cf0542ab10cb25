"""Reads the catalogue's data files into its tables. A file of another framework has the same form."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.db import models

from aims.trail import recording
from controls.models import Clause, Control, ControlGroup, Framework, Requirement
from controls.states import Source

M = TypeVar("M", bound=models.Model)
FILES = ("iso42001.yaml",)


def load_catalogue(folder: Path | None = None) -> list[str]:
    """Bring every framework up to its data file; answers the keys of those that changed.

    A file whose digest is stored already is not even parsed, so that an ordinary start costs one query. Rows that a
    newer file no longer has are deleted; while a statement rests on one the database refuses and nothing changes.
    """
    folder = folder or Path(settings.BASE_DIR) / "controls" / "data"
    stored = set(Framework.objects.values_list("digest", flat=True))
    changed = []
    for name in FILES:
        content = (folder / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest not in stored:
            changed.append(_load(yaml.load(content, Loader=yaml.CSafeLoader), digest))
    return changed


def _load(data: Mapping[str, Any], digest: str) -> str:
    about = data["framework"]
    with recording(None, "load_catalogue", reason=f"{about['id']} {about['data_version']}"):
        framework = _framework(about, digest)
        clauses = _upsert(Clause, (_clause(framework, n, row) for n, row in enumerate(data["clauses"])))
        requirements = _upsert(Requirement, _requirements(clauses, data["clauses"]), "clause")
        groups = _upsert(ControlGroup, (_group(framework, n, row) for n, row in enumerate(data["groups"])))
        controls = _upsert(Control, (_control(groups[row["group"]], n, row) for n, row in enumerate(data["controls"])))
        _drop(Requirement.objects.filter(clause__framework=framework), requirements)
        _drop(Clause.objects.filter(framework=framework), clauses)
        _drop(Control.objects.filter(framework=framework, source=Source.ANNEX_A), controls)
        _drop(ControlGroup.objects.filter(framework=framework), groups)
    return framework.key


def _framework(row: Mapping[str, Any], digest: str) -> Framework:
    values = {name: row[name] for name in ("title", "edition", "data_version", "words")}
    return Framework.objects.update_or_create(key=row["id"], defaults={**values, "digest": digest})[0]


def _upsert(model: type[M], rows: Iterable[M], root: str = "framework") -> dict[str, M]:
    """Insert or update in one statement, by number; rows that stay as they are leave no event."""
    values = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in (root, "number")]
    kept = model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[root, "number"], update_fields=values
    )
    return {row.number: row for row in kept}  # type: ignore[attr-defined]


def _drop(rows: models.QuerySet[M], kept: Mapping[str, M]) -> None:
    rows.exclude(number__in=list(kept)).delete()


def _clause(framework: Framework, position: int, row: Mapping[str, Any]) -> Clause:
    documented = row.get("documented") or {}
    return Clause(
        framework=framework,
        number=row["id"],
        title=row["title"],
        position=position,
        heading=row["heading"],
        documented=documented.get("kind") or "",
        documented_mandatory=documented.get("mandatory", False),
        documented_items=documented.get("items", []),
        checks=row.get("checks", []),
        notes=row.get("notes", []),
        crosswalk=row.get("crosswalk", {}),
    )


def _requirements(clauses: Mapping[str, Clause], rows: Iterable[Mapping[str, Any]]) -> Iterable[Requirement]:
    for row in rows:
        for position, one in enumerate(row.get("requirements", [])):
            yield Requirement(clause=clauses[row["id"]], number=one["id"], text=one["text"], position=position)


def _group(framework: Framework, position: int, row: Mapping[str, Any]) -> ControlGroup:
    values = {name: row[name] for name in ("title", "objective")}
    return ControlGroup(framework=framework, number=row["id"], position=position, **values)


def _control(group: ControlGroup, position: int, row: Mapping[str, Any]) -> Control:
    same = {name: row[name] for name in ("title", "summary", "documented", "crosswalk")}
    guidance = {name: row["guidance"][name] for name in ("asks", "consider", "evidence", "questions", "roles")}
    return Control(
        framework=group.framework,
        group=group,
        number=row["id"],
        position=position,
        subgroup=row["subgroup"] or "",
        evidence_days=row.get("evidence_days", 365),
        **same,
        **guidance,
    )
