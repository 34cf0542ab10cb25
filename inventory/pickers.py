"""What the inventory's pickers offer while one types: units by what one may do there, legal entities, codes."""

from collections.abc import Callable, Mapping
from typing import Any

from aims.access import access_of
from inventory.countries import COUNTRIES, LANGUAGES, country_name, language_name
from inventory.services.parts import ENTITIES
from organization.models import Unit

Options = list[dict[str, str]]
Picker = Callable[[Any, str], Options]
MOST = 12


def _units(rows: Any, text: str) -> Options:
    found = list(rows.filter(name__icontains=text).select_related("parent").order_by("name")[:MOST])
    names = [unit.name.lower() for unit in found]
    return [
        {
            "value": unit.name if names.count(unit.name.lower()) == 1 else str(unit.pk),
            "label": unit.name,
            "hint": unit.parent.name if unit.parent else "",
        }
        for unit in found
    ]


def units_where(verb: str) -> Picker:
    """Units in which the person may do the verb."""

    def options(user: Any, text: str) -> Options:
        return _units(Unit.objects.filter(pk__in=sorted(access_of(user).units_for(verb))), text)

    return options


def legal_entities(user: Any, text: str) -> Options:
    """Legal entities the person sees, and those above the person's units."""
    above = Unit.objects.filter(pk__in=Unit.objects.above(access_of(user).seen_units))
    return _units((Unit.objects.visible_to(user) | above).filter(kind__in=ENTITIES), text)


def codes(names: Mapping[str, Any], named: Callable[[str], str]) -> Picker:
    """Codes of a list, found by code or by name in the reader's language."""

    def options(user: Any, text: str) -> Options:
        wanted = text.lower()
        found = [(named(code), code) for code in names]
        hits = [(name, code) for name, code in found if wanted in name.lower() or wanted == code.lower()]
        hits.sort(key=lambda one: (one[1].lower() != wanted, one[0]))
        return [{"value": code, "label": name, "hint": code} for name, code in hits[:MOST]]

    return options


PICKERS: dict[str, Picker] = {
    "system-units": units_where("system.register"),
    "component-units": units_where("component.register"),
    "supplier-units": units_where("supplier.register"),
    "gate-units": units_where("gate.set_mode"),
    "legal-entities": legal_entities,
    "countries": codes(COUNTRIES, country_name),
    "languages": codes(LANGUAGES, language_name),
}
