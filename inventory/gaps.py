"""What the standard asks about an AI system and is not stated yet. One list: pages, filters and counts read it.

Each entry is a condition in the database, so that a register of any size can be filtered by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, Func, OuterRef, Q, TextField, Value, When
from django.utils.translation import gettext_lazy as _

from inventory.countries import EU
from inventory.states import BUILT, IN_USE, ComponentKind

Ask = Callable[[Any], Q]


@dataclass(frozen=True)
class Asked:
    """One thing asked: `missing(model)` is true for rows where it is not stated; `place` is where to state it."""

    id: str
    sentence: Any
    clause: str
    place: str
    missing: Ask


def _field(name: str, sentence: Any, clause: str) -> Asked:
    return Asked(name, sentence, clause, f"change/#field-{name}", lambda model: Q(**{name: ""}))


def _list(name: str, sentence: Any, clause: str) -> Asked:
    return Asked(name, sentence, clause, f"change/#field-{name}", lambda model: Q(**{f"{name}__len": 0}))


def _component(kind: str, sentence: Any, clause: str, when: Q | None = None) -> Asked:
    def missing(model: Any) -> Q:
        return (when or Q()) & ~Q(_related(model, "uses", component__component_kind=kind))

    return Asked(f"component_{kind}", sentence, clause, f"components/#{kind}", missing)


def _related(model: Any, name: str, **match: Any) -> Exists:
    rows = model._meta.get_field(name).related_model._default_manager
    return Exists(rows.filter(system=OuterRef("pk"), **match))


def _live(model: Any, **match: Any) -> Exists:
    return _related(model, "versions", live_from__isnull=False, live_until=None, **match)


_OURS = Q(third_party=False) | Q(third_party__isnull=True)

ASKED: tuple[Asked, ...] = (
    _field("intended_use", _("The intended use is not stated."), "A.9.4"),
    _field("foreseeable_misuse", _("Foreseeable misuse is not stated."), "A.5.2"),
    _field("decisions", _("It is not stated what the system decides."), "A.6.2.2"),
    _field("learning", _("It is not stated whether the system learns in use."), "A.6.2.6"),
    _field("autonomy", _("The degree of autonomy is not stated."), "A.9.2"),
    _field("human_oversight", _("Human oversight is not described."), "A.9.3"),
    _list("affected_groups", _("The people affected are not named."), "A.5.4"),
    _list("regions", _("The regions of use are not named."), "A.5.2"),
    _list("languages", _("The languages of use are not named."), "A.5.2"),
    _field("user_information", _("It is not stated what users are told."), "A.8.2"),
    _field("criticality", _("The criticality is not rated."), "6.1.2"),
    Asked(
        "third_party",
        _("It is not stated whether the system is our own or a third party's."),
        "A.10.3",
        "change/#field-third_party",
        lambda model: Q(third_party__isnull=True),
    ),
    Asked(
        "supplier",
        _("The supplier is not named."),
        "A.10.3",
        "change/#field-supplier",
        lambda model: Q(third_party=True, supplier__isnull=True),
    ),
    Asked(
        "vendor_version",
        _("The vendor's version is not stated."),
        "A.10.3",
        "change/#field-vendor_version",
        lambda model: Q(third_party=True, vendor_version=""),
    ),
    Asked("role", _("No ISO role is stated."), "4.1", "roles/", lambda model: ~Q(_related(model, "roles"))),
    Asked(
        "law_role",
        _("It is used in the EU and no role under the EU AI Act is stated."),
        "A.8.5",
        "roles/",
        lambda model: Q(regions__overlap=sorted(EU)) & ~Q(_related(model, "law_roles")),
    ),
    Asked(
        "version",
        _("No version is recorded."),
        "A.6.2.3",
        "versions/",
        lambda model: Q(state__in=BUILT) & ~Q(_related(model, "versions")),
    ),
    Asked(
        "live_version",
        _("It is in use and no version is marked as in use."),
        "A.6.2.5",
        "versions/",
        lambda model: Q(state__in=IN_USE) & Q(_related(model, "versions")) & ~Q(_live(model)),
    ),
    Asked(
        "digest",
        _("The version in use is not bound to its model by a digest."),
        "A.6.2.5",
        "versions/",
        lambda model: _OURS & Q(_live(model, digest__isnull=True)),
    ),
    _component(ComponentKind.DATA_SET, _("No data set is recorded."), "A.4.3"),
    _component(ComponentKind.MODEL, _("No model is recorded."), "A.4.4"),
    _component(ComponentKind.TOOL, _("No tool is recorded."), "A.4.4", _OURS),
    _component(ComponentKind.COMPUTING, _("No computing resource is recorded."), "A.4.5", _OURS),
    _component(ComponentKind.PEOPLE, _("The people behind it are not recorded."), "A.4.6"),
)
BY_ID = {asked.id: asked for asked in ASKED}


class Named(Func):
    """The ids whose condition holds, as an array."""

    template = "array_remove(ARRAY[%(expressions)s]::text[], NULL)"
    output_field = ArrayField(TextField())


def named_gaps(model: Any) -> Named:
    """Expression: ids of what is missing in each row, in the order of `ASKED`."""
    return Named(*[Case(When(asked.missing(model), then=Value(asked.id)), output_field=TextField()) for asked in ASKED])


__all__ = ["ASKED", "BY_ID", "Asked", "named_gaps"]
