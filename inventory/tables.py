"""The registers of the inventory: columns, filters, search. Pages, exports and API lists are readings of them."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aims import asof
from aims.listing import Column, Filter, Table
from aims.ui import Badge
from aims.views.register import state_badge
from inventory.completeness import missing_of
from inventory.countries import country_name, language_name
from inventory.models import AISystem, Component, Supplier
from inventory.states import (
    ComponentKind,
    ComponentState,
    Criticality,
    IsoRole,
    QualityState,
    SupplierKind,
    SupplierState,
    SystemStage,
    Tier,
)
from organization.models import Unit, User

_CRITICALITY_TONES: dict[str, Any] = {"low": "neutral", "medium": "info", "high": "warn", "critical": "bad"}
_QUALITY_TONES: dict[str, Any] = {"met": "good", "partly_met": "warn", "not_met": "bad", "not_checked": "neutral"}


def criticality_badge(record: Any) -> Any:
    """How critical the record is, or "" when not rated."""
    value = record.criticality
    return Badge(record.get_criticality_display(), _CRITICALITY_TONES[value]) if value else ""


def quality_badge(component: Component) -> Any:
    value = component.quality_state
    return Badge(component.get_quality_state_display(), _QUALITY_TONES[value]) if value else ""


def gaps_badge(count: int) -> Badge:
    """Complete, or how many things are missing."""
    if not count:
        return Badge(_now("Complete"), "good")
    return Badge(ngettext("%(count)d gap", "%(count)d gaps", count) % {"count": count}, "warn")


def iso_roles(system: AISystem) -> list[str]:
    """The different ISO roles held towards the system, in words."""
    return list(dict.fromkeys(str(role.get_role_display()) for role in system.roles.all()))


def law_roles(system: AISystem) -> list[str]:
    return list(dict.fromkeys(str(role.get_role_display()) for role in system.law_roles.all()))


def live_version(system: AISystem) -> Any:
    """The number of the version in use, or ""."""
    return next((row.number for row in system.versions.all() if row.live), "")


def units_with(model: Any) -> Any:
    """Choices of the unit filter: units in which the person sees records of the kind."""

    def choices(user: Any) -> Sequence[tuple[str, Any]]:
        rows = Unit.objects.filter(Exists(model.objects.places(user).filter(unit_id=OuterRef("pk"))))
        return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]

    return choices


def owners_of(model: Any) -> Any:
    """Choices of the owner filter: people, also those who left, who own records the person sees."""

    def choices(user: Any) -> Sequence[tuple[str, Any]]:
        rows = User.objects.filter(Exists(model.objects.places(user).filter(owner_id=OuterRef("pk"))))
        return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]

    return choices


def of(choices: Any) -> Any:
    """Choices of a fixed scale."""
    return lambda user: choices.choices


def _holding(rows: Any, values: list[str]) -> Any:
    return rows.holding(values)


def _by_supply(rows: Any, values: list[str]) -> Any:
    known = [value == "yes" for value in values if value != "unknown"]
    found = rows.filter(third_party__in=known)
    return found | rows.filter(third_party__isnull=True) if "unknown" in values else found


def _by_completeness(rows: Any, values: list[str]) -> Any:
    if len(set(values)) > 1:
        return rows
    return rows.complete() if values[0] == "complete" else rows.incomplete()


SUPPLY = (("no", _("Our own")), ("yes", _("Third party")), ("unknown", _("Not stated")))
COMPLETENESS = (("complete", _("Complete")), ("gaps", _("With gaps")))

BACKLOG = (("open", _("To catch up")), ("late", _("Catch-up date passed")), ("flagged", _("Significant change")))


def _by_tier(rows: Any, values: list[str]) -> Any:
    return rows.filter(tier__in=["" if value == "none" else value for value in values])


def _by_backlog(rows: Any, values: list[str]) -> Any:
    today = asof.day()
    match = {
        "open": Q(backlog_until__gte=today), "late": Q(backlog_until__lt=today), "flagged": ~Q(flag=""),
    }  # fmt: skip
    return rows.filter(reduce(or_, (match[value] for value in values)))


SYSTEMS = Table(
    kind="system",
    columns=[
        Column("title", _("Name"), lambda s: s.title, sort="title"),
        Column("stage", _("Stage"), state_badge, lambda s: s.get_state_display()),
        Column("roles", _("ISO roles"), lambda s: ", ".join(iso_roles(s)), iso_roles),
        Column("law_roles", _("EU AI Act roles"), law_roles, shown=False, needs=("law_roles",)),
        Column("live", _("Version in use"), live_version),
        Column("criticality", _("Criticality"), criticality_badge, lambda s: s.get_criticality_display()),
        Column("unit", _("Unit"), lambda s: s.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda s: s.owner, sort="owner__name"),
        Column("gaps", _("Completeness"), lambda s: gaps_badge(len(s.gaps)), lambda s: len(s.gaps)),
        Column("tier", _("Tier"), lambda s: s.get_tier_display(), sort="tier", shown=False),
        Column("backlog_until", _("To catch up by"), lambda s: s.backlog_until, sort="backlog_until", shown=False),
        Column("ref", _("Reference"), lambda s: s.ref, sort="ref", shown=False),
        Column("third_party", _("Third party"), lambda s: s.third_party, shown=False),
        Column("autonomy", _("Autonomy"), lambda s: s.get_autonomy_display(), shown=False),
        Column("regions", _("Regions"), lambda s: [country_name(c) for c in s.regions], shown=False),
        Column("languages", _("Languages"), lambda s: [language_name(c) for c in s.languages], shown=False),
        Column("live_since", _("In use since"), lambda s: s.live_since, sort="live_since", shown=False),
        Column("purpose", _("Purpose"), lambda s: s.purpose, shown=False),
        Column("updated", _("Changed"), lambda s: s.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("stage", _("Stage"), of(SystemStage), field="state"),
        Filter("unit", _("Unit"), units_with(AISystem), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(AISystem), field="owner_id"),
        Filter("criticality", _("Criticality"), of(Criticality), field="criticality"),
        Filter("tier", _("Tier"), lambda user: (("none", _("Not screened")), *Tier.choices), apply=_by_tier),
        Filter("backlog", _("Backlog"), lambda user: BACKLOG, apply=_by_backlog),
        Filter("role", _("ISO role"), of(IsoRole), apply=_holding),
        Filter("third_party", _("Supply"), lambda user: SUPPLY, apply=_by_supply),
        Filter("complete", _("Completeness"), lambda user: COMPLETENESS, apply=_by_completeness),
    ],
    search=("ref", "title", "purpose", "vendor_product"),
    prefetch=("roles", "versions"),
)

COMPONENTS = Table(
    kind="component",
    columns=[
        Column("title", _("Name"), lambda c: c.title, sort="title"),
        Column("kind", _("Kind"), lambda c: c.get_component_kind_display()),
        Column("release", _("Version"), lambda c: c.release),
        Column("category", _("Data category"), lambda c: c.get_category_display()),
        Column("personal_data", _("Personal data"), lambda c: c.personal_data),
        Column("quality", _("Quality"), quality_badge, lambda c: c.get_quality_state_display()),
        Column("unit", _("Unit"), lambda c: c.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda c: c.owner, sort="owner__name"),
        Column("gaps", _("Completeness"), lambda c: gaps_badge(len(missing_of(c))), lambda c: len(missing_of(c))),
        Column("state", _("State"), state_badge, lambda c: c.get_state_display(), shown=False),
        Column("ref", _("Reference"), lambda c: c.ref, sort="ref", shown=False),
        Column("licence", _("Licence"), lambda c: c.licence, shown=False),
        Column("last_updated", _("Data last updated"), lambda c: c.last_updated, sort="last_updated", shown=False),
        Column("description", _("Description"), lambda c: c.description, shown=False),
        Column("updated", _("Changed"), lambda c: c.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("kind", _("Kind"), of(ComponentKind), field="component_kind"),
        Filter("state", _("State"), of(ComponentState), field="state"),
        Filter("unit", _("Unit"), units_with(Component), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(Component), field="owner_id"),
        Filter("quality", _("Quality"), of(QualityState), field="quality_state"),
        Filter(
            "personal_data",
            _("Personal data"),
            lambda user: (("yes", _("Yes")), ("no", _("No"))),
            apply=lambda rows, values: rows.filter(personal_data__in=[value == "yes" for value in values]),
        ),
    ],
    search=("ref", "title", "description"),
)

SUPPLIERS = Table(
    kind="supplier",
    columns=[
        Column("title", _("Name"), lambda s: s.title, sort="title"),
        Column("kind", _("Kind"), lambda s: s.get_supplier_kind_display()),
        Column("country", _("Country"), lambda s: country_name(s.country)),
        Column("supplies", _("What it supplies"), lambda s: s.supplies),
        Column("criticality", _("Criticality"), criticality_badge, lambda s: s.get_criticality_display()),
        Column("unit", _("Unit"), lambda s: s.unit.name, sort="unit__name"),
        Column("owner", _("Owner"), lambda s: s.owner, sort="owner__name"),
        Column("state", _("State"), state_badge, lambda s: s.get_state_display()),
        Column("ref", _("Reference"), lambda s: s.ref, sort="ref", shown=False),
        Column("contract", _("Contract"), lambda s: s.contract, shown=False),
        Column("updated", _("Changed"), lambda s: s.updated_at, sort="updated_at", shown=False),
    ],
    filters=[
        Filter("kind", _("Kind"), of(SupplierKind), field="supplier_kind"),
        Filter("state", _("State"), of(SupplierState), field="state"),
        Filter("criticality", _("Criticality"), of(Criticality), field="criticality"),
        Filter("unit", _("Unit"), units_with(Supplier), field="unit_id"),
        Filter("owner", _("Owner"), owners_of(Supplier), field="owner_id"),
    ],
    search=("ref", "title", "supplies"),
)
