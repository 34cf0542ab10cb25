"""The Statement of Applicability in a pack: the approved version of the scope that covers the pack's unit (6.1.3 f)."""

from collections.abc import Iterator, Mapping
from typing import Any

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
