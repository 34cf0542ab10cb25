"""Tabs of a system's page: roles, versions, components."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aims import asof, clock
from aims.ui import Action, Badge, Empty, HeadCell, Link, Register, Row
from inventory import policies
from inventory.completeness import missing_of
from inventory.models import AISystem, Component, SystemGrant, SystemVersion
from inventory.states import CONTROL_OF_KIND, ComponentKind
from inventory.tables import gaps_badge, quality_badge
from organization.states import Role


@dataclass(frozen=True)
class Part:
    """One table of a tab with its own heading."""

    id: str
    title: str
    head: Sequence[str]
    rows: Sequence[Row]
    empty: Empty
    actions: Sequence[Action] = ()

    @property
    def register(self) -> Register:
        head = [HeadCell(str(number), label) for number, label in enumerate(self.head)]
        return Register(head=head, rows=self.rows, total=len(self.rows), caption=self.title)


def count_roles(request: HttpRequest, system: AISystem) -> int:
    return len(system.roles.all()) + len(system.law_roles.all())


def count_versions(request: HttpRequest, system: AISystem) -> int:
    return len(system.versions.all())


def count_components(request: HttpRequest, system: AISystem) -> int:
    return int(Component.objects.visible_to(request.user).used_in(system).count())


def _writing(request: HttpRequest, capacity: str, system: AISystem) -> bool:
    """Whether buttons show: the person may, the system lives, and one is not reading the past."""
    return bool(capacity) and not system.retired and asof.moment() is None


def roles(request: HttpRequest, system: AISystem) -> Mapping[str, Any]:
    writing = _writing(request, policies.can_change_system(request.user, system), system)
    parts = [_iso_roles(system, writing), _law_roles(system, writing)]
    if policies.can_grant_on_system(request.user, system):
        parts.append(_access(system, clock.today()))
    return {"parts": parts}


def _access(system: AISystem, today: date) -> Part:
    """Who holds a role on this system alone; shown to who may give one."""
    grants = SystemGrant.objects.in_force(today).filter(content_object=system)
    rows = [
        Row(
            [
                grant.user,
                Role(grant.role).label,
                grant.valid_from,
                grant.valid_until,
                grant.reason,
                Link(_("End"), f"/systems/{system.ref}/access/{grant.pk}/end/"),
            ]
        )
        for grant in grants.select_related("user", "permission").order_by("user__name")
    ]
    return Part(
        "access",
        _("People with a role on this system alone"),
        [_("Person"), _("Role"), _("From"), _("Until"), _("Why"), _("Action")],
        rows,
        Empty(
            _("Nobody holds a role on this system alone"),
            _("People whose unit does not reach this system may be given a role on it, for as long as it is needed."),
            "5.3",
        ),
        [Action(_("Give a role"), f"/systems/{system.ref}/access/new/", icon="plus")],
    )


def _iso_roles(system: AISystem, writing: bool) -> Part:
    rows = [
        Row(
            [
                role.get_role_display(),
                role.get_sub_role_display(),
                role.legal_entity.name,
                role.rationale,
                *_verbs(system, "roles", role, writing),
            ]
        )
        for role in system.roles.all()
    ]
    return Part(
        "iso",
        _("ISO roles"),
        [_("Role"), _("Sub-role"), _("Legal entity"), _("Why"), *([_("Action")] if writing else [])],
        rows,
        Empty(
            _("No ISO role is stated yet"),
            _("Say what each legal entity is to this system: does it build, provide or use it? One may be several."),
            "4.1",
        ),
        [Action(_("State a role"), f"/systems/{system.ref}/roles/new/", icon="plus")] if writing else (),
    )


def _law_roles(system: AISystem, writing: bool) -> Part:
    rows = [
        Row(
            [
                role.get_role_display(),
                role.legal_entity.name,
                role.rationale,
                *_verbs(system, "law-roles", role, writing),
            ]
        )
        for role in system.law_roles.all()
    ]
    return Part(
        "law",
        _("Roles under the EU AI Act"),
        [_("Role"), _("Legal entity"), _("Why"), *([_("Action")] if writing else [])],
        rows,
        Empty(
            _("No role under the EU AI Act is stated yet"),
            _("The law asks each legal entity for itself; an ISO role does not decide it."),
            "A.8.5",
        ),
        [Action(_("State a role"), f"/systems/{system.ref}/law-roles/new/", icon="plus")] if writing else (),
    )


def _verbs(system: AISystem, path: str, row: Any, writing: bool) -> list[Any]:
    if not writing:
        return []
    url = f"/systems/{system.ref}/{path}/{row.pk}/"
    return [[Link(_("Correct"), url), Link(_("Take away"), f"{url}remove/")]]


def versions(request: HttpRequest, system: AISystem) -> Mapping[str, Any]:
    adding = _writing(request, policies.can_add_version(request.user, system), system)
    releasing = _writing(request, policies.can_release_version(request.user, system), system)
    rows = [Row(_version_cells(system, row, adding, releasing)) for row in system.versions.all()]
    head = [_("Number"), _("State"), _("In use from"), _("In use until"), _("Model digest"), _("What is new")]
    part = Part(
        "versions",
        _("Versions"),
        [*head, *([_("Action")] if adding or releasing else [])],
        rows,
        Empty(
            _("No version is recorded yet"),
            _("A version binds tests, approvals and evidence to the very model in use, by its SHA-256 digest."),
            "A.6.2.5",
        ),
        [Action(_("Record a version"), f"/systems/{system.ref}/versions/new/", icon="plus")] if adding else (),
    )
    return {"parts": [part]}


def _version_cells(system: AISystem, row: SystemVersion, adding: bool, releasing: bool) -> list[Any]:
    cells = [row.number, version_badge(row), row.live_from, row.live_until, _digest(row), row.notes]
    return [*cells, _version_verbs(system, row, adding, releasing)] if adding or releasing else cells


def _version_verbs(system: AISystem, row: SystemVersion, adding: bool, releasing: bool) -> list[Link]:
    url = f"/systems/{system.ref}/versions/{row.pk}/"
    found = [Link(_("Correct"), url)] if adding else []
    if releasing and row.live_from is None:
        found.append(Link(pgettext("verb", "Release"), f"{url}release/"))
    if releasing and row.live:
        found.append(Link(_("Take out of use"), f"{url}end/"))
    return found


def version_badge(row: SystemVersion) -> Badge:
    """Whether a version is in use, was, or never was."""
    if row.live:
        return Badge(_("In use"), "good")
    return Badge(_("Not released"), "neutral") if row.live_from is None else Badge(_("Replaced"), "neutral", "history")


def _digest(row: SystemVersion) -> Any:
    """The first digits; the whole digest on hover and when copied."""
    return format_html('<code class="ref" title="{}">{}…</code>', row.digest, row.digest[:10]) if row.digest else ""


def components(request: HttpRequest, system: AISystem) -> Mapping[str, Any]:
    writing = _writing(request, policies.can_use_component(request.user, system), system)
    found = Component.objects.visible_to(request.user).used_in(system).select_related("owner").order_by("title")
    by_kind: dict[str, list[Component]] = {kind: [] for kind in ComponentKind.values}
    for component in found:
        by_kind[component.component_kind].append(component)
    use = Action(_("Use a registered component"), f"/systems/{system.ref}/components/use/", icon="link")
    parts = [_of_kind(system, kind, rows, writing) for kind, rows in by_kind.items()]
    return {"parts": parts, "acts": [use] if writing else []}


_EMPTY_TEXTS = {
    ComponentKind.DATA_SET: lambda: _("Which data does it learn from, which is it tested with, which does it work on?"),
    ComponentKind.MODEL: lambda: _("Which models and fixed algorithms are inside, our own or taken from elsewhere?"),
    ComponentKind.TOOL: lambda: _("Which software prepares data, builds, tests, deploys or watches it?"),
    ComponentKind.COMPUTING: lambda: _("Where is it trained and where does it run, with how much computing?"),
    ComponentKind.PEOPLE: lambda: _("Who builds, runs and oversees it, and what must they know?"),
}
_PLURALS = {
    ComponentKind.DATA_SET: lambda: _("Data sets"),
    ComponentKind.MODEL: lambda: _("Models"),
    ComponentKind.TOOL: lambda: _("Tools"),
    ComponentKind.COMPUTING: lambda: _("Computing"),
    ComponentKind.PEOPLE: lambda: _("People"),
}


def _of_kind(system: AISystem, value: str, found: Iterable[Component], writing: bool) -> Part:
    kind = ComponentKind(value)
    rows = [_component_row(system, component, writing) for component in found]
    add = f"/components/new/?kind={value}&system={system.ref}"
    return Part(
        value,
        _PLURALS[kind](),
        [_("Name"), *_kind_head(kind), _("Owner"), _("Completeness"), *([_("Action")] if writing else [])],
        rows,
        Empty(_("None recorded yet"), _EMPTY_TEXTS[kind](), CONTROL_OF_KIND[value]),
        [Action(_("Add"), add, icon="plus")] if writing else (),
    )


def _kind_head(kind: str) -> list[str]:
    if kind == ComponentKind.DATA_SET:
        return [_("Category"), _("Version"), _("Quality")]
    return [_("Description"), _("Version")] if kind in (ComponentKind.MODEL, ComponentKind.TOOL) else [_("Description")]


def _component_row(system: AISystem, component: Component, writing: bool) -> Row:
    cells: list[Any] = [component.title]
    if component.component_kind == ComponentKind.DATA_SET:
        cells += [component.get_category_display(), component.release, quality_badge(component)]
    elif component.component_kind in (ComponentKind.MODEL, ComponentKind.TOOL):
        cells += [component.description, component.release]
    else:
        cells += [component.description]
    cells += [component.owner, gaps_badge(len(missing_of(component)))]
    if writing:
        cells.append(Link(_("Stop using"), f"/systems/{system.ref}/components/{component.ref}/stop/"))
    return Row(cells, url=component.get_absolute_url(), ref=component.ref)


__all__ = ["components", "count_components", "count_roles", "count_versions", "roles", "version_badge", "versions"]
