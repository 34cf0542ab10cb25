"""What is missing in a record, as sentences with the place to state it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.gaps import BY_ID, Asked
from inventory.models import AISystem, Component
from inventory.states import CONTROL_OF_KIND, ComponentKind


@dataclass(frozen=True)
class Missing:
    """One gap: what is missing, which clause or control asks for it, where to state it."""

    id: str
    sentence: Any
    clause: str
    url: str


def missing(system: AISystem) -> list[Missing]:
    """What the standard asks about a system and is not stated yet. One query when the row has no `gaps`."""
    gaps = getattr(system, "gaps", None)
    if gaps is None:
        gaps = AISystem.objects.with_gaps().values_list("gaps", flat=True).get(pk=system.pk)
    return [_of(BY_ID[gap], system) for gap in gaps]


def _of(asked: Asked, system: AISystem) -> Missing:
    return Missing(asked.id, asked.sentence, asked.clause, f"/systems/{system.ref}/{asked.place}")


# What A.4 and A.7 ask about a component of each kind.
_ASKED_OF: dict[str, tuple[str, ...]] = {
    ComponentKind.DATA_SET.value: (
        "category",
        "intended_use",
        "rights",
        "provenance",
        "acquisition",
        "labelling",
        "preparation",
        "personal_data",
        "retention",
        "known_bias",
        "quality_state",
        "last_updated",
    ),
    ComponentKind.MODEL.value: ("release", "algorithm", "limits", "licence"),
    ComponentKind.TOOL.value: ("release", "used_for", "licence"),
    ComponentKind.COMPUTING.value: ("location", "resources", "footprint"),
    ComponentKind.PEOPLE.value: ("roles", "competence", "stages"),
}
# Asked only where personal data are inside.
_ASKED_OF_PERSONAL = ("personal_data_note", "minimisation", "anonymisation", "encryption")


def missing_of(component: Component) -> list[Missing]:
    """What is asked about a component of its kind and not stated yet."""
    names = _ASKED_OF[component.component_kind] + (_ASKED_OF_PERSONAL if component.personal_data else ())
    return [_field_of(component, name) for name in names if getattr(component, name) in (None, "", [])]


def label_of(record: Any, name: str) -> str:
    """What a column is called."""
    return str(record._meta.get_field(name).verbose_name)


def _field_of(component: Component, name: str) -> Missing:
    label = label_of(component, name)
    sentence = _("“%(field)s” is not stated.") % {"field": label}
    url = f"/components/{component.ref}/change/#field-{name}"
    return Missing(name, sentence, CONTROL_OF_KIND[component.component_kind], url)
