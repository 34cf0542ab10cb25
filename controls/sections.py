"""What controls give to a pack: the Statement of Applicability in force (6.1.3 f), and how far each clause is."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone

from controls import readiness
from controls.content import document
from controls.files import chapter
from controls.models import AimsScope, SoaVersion


def statement_of_applicability(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter a scope: of the scope closest above the pack's unit, else of those below; the version in force.

    While none is approved, the draft is shown and says so. Nothing for who sees no version.
    """
    for scope in _scopes(pack):
        version = _version(scope, pack.asked_by)
        if version is not None:
            yield chapter(version, version.frozen or document(version))


def _scopes(pack: Any) -> list[AimsScope]:
    rows = AimsScope.objects.visible_to(pack.asked_by).select_related("unit")
    above = rows.covering(pack.unit.path).first()
    if above is not None:
        return [above]
    return list(rows.in_use().filter(unit__path__contains=[pack.unit.pk]).order_by("title"))


def _version(scope: AimsScope, user: Any) -> SoaVersion | None:
    rows = SoaVersion.objects.visible_to(user).of_scope(scope).select_related("scope__unit")
    found: SoaVersion | None = rows.in_force().first() or rows.order_by("-number").first()
    return found


def readiness_for_stages(pack: Any) -> Iterator[Mapping[str, Any]]:
    """One chapter a scope: every fact with its reason, as it was read at the pack's moment; cases are not counted.

    Nothing where the pack is limited to AI systems: readiness is a matter of the whole management system.
    """
    day = timezone.localtime(pack.at).date()
    for scope in () if pack.systems else _scopes(pack):
        found = readiness.read(pack.asked_by, scope, day, cases=False)
        yield {
            "title": scope.title,
            "day": day,
            "stages": [{"number": one.number, "done": one.done, "total": one.total} for one in found.stages],
            "chapters": [_clauses(one) for one in found.chapters],
        }


def _clauses(found: readiness.Chapter) -> dict[str, Any]:
    name = f"{found.number} {found.title}" if found.number.isdigit() else found.title
    return {"name": name, "done": found.done, "total": found.total, "clauses": [_clause(one) for one in found.clauses]}


def _clause(found: readiness.ClauseReading) -> dict[str, Any]:
    facts = [
        {"sentence": one.sentence, "met": one.met, "why": one.reading.why, "stage": one.stage} for one in found.facts
    ]
    return {"name": str(found.clause or ""), "facts": facts}
