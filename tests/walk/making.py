"""Any governed row, made from its model alone, with a canary in every text."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aims.trail import recording

# What the fields of a kind must be, where "a canary in every text" breaks one of its rules.
RECIPES: dict[str, dict[str, Any]] = {
    "inventory.AISystem": {
        "vendor_product": "",
        "vendor_version": "",
        "criticality_reason": "",
        "regions": ["DE"],
        "languages": ["de"],
    },
    "inventory.Component": {
        "component_kind": "data_set",
        **dict.fromkeys(("algorithm", "base_model", "limits", "used_for", "location", "resources", "footprint"), ""),
        **dict.fromkeys(("roles", "competence"), ""),
    },
    "inventory.Supplier": {"country": "DE"},
    "inventory.SystemVersion": {"digest": ""},
    "evidence.EvidenceItem": {
        "form": "result",
        "url": "",
        "file_name": "",
        "media_type": "",
        "passed": True,
        "result": {"metric": "auc", "value": 1, "comparator": ">=", "threshold": 0},
    },
    "evidence.EvidencePack": {"confidentiality": "restricted", "failure": "", "language": "en", "time_zone": "UTC"},
}


def make(model: type[models.Model], mark: str, **given: Any) -> Any:
    """A row of the model whose texts say `mark`; `given` comes first, then the model's recipe, then invention."""
    values = {**RECIPES.get(model._meta.label, {}), **given}
    names = {field.name for field in model._meta.fields}
    for field in model._meta.concrete_fields:
        if field.name not in values and not field.primary_key and not field.has_db_default():
            invented = _invent(field, mark)
            if invented is not None:
                values[field.name] = invented
    with recording(None, "test"):
        made = model._default_manager.create(**{name: value for name, value in values.items() if name in names})
    made.refresh_from_db()
    return made


def _invent(field: Any, mark: str) -> Any:
    if field.has_default() or (field.null and not isinstance(field, models.CharField)):
        return field.get_default() if field.choices or not _is_text(field) else mark
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, ArrayField):
        return [mark] if _is_text(field.base_field) and not field.base_field.choices else []
    if isinstance(field, models.URLField):
        return f"https://example.org/{mark}"
    if _is_text(field):
        return mark[: field.max_length or None]
    return None


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)
