"""Any governed row, made from its model alone, with a canary in every text."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction

from aims.trail import recording
from evidence.results import checked
from risk.starter import STARTER

_numbers = count(1)

# A rating as the formula wants it.
RATED = {
    **dict.fromkeys(("likelihood", "organization", "individual", "group", "society", "consequence", "score"), 1),
    "level": "low",
}
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
    "inventory.SystemVersion": {"digest": "a" * 64},
    "evidence.EvidenceItem": {
        "form": "result",
        "url": "",
        "file_name": "",
        "media_type": "",
        "passed": True,
        "result": checked({"metric": "auc", "value": 1, "comparator": ">=", "threshold": 0}),
    },
    "risk.RiskCriteria": {**STARTER, "state": "superseded", "kept_apart": "not_asked"},
    "risk.Risk": {"level": "", "evaluation": ""},
    "risk.TreatmentAction": {"due_on": date(2026, 6, 1)},
    "risk.RiskAssessment": {**RATED, "number": 1},
    "risk.Treatment": {**RATED, "state": "returned"},
    "risk.EffectivenessVerdict": RATED,
    "risk.Acceptance": {"likelihood": 1, "consequence": 1, "score": 1, "level": "low", "until": date(2026, 6, 1)},
    "evidence.EvidencePack": {"confidentiality": "restricted", "failure": "", "language": "en", "time_zone": "UTC"},
}


class Unmakeable(AssertionError):
    """The rules of a kind forbid every row that was tried."""


def make(model: type[models.Model], mark: str, **given: Any) -> Any:
    """A row of the model whose texts say `mark`; `given` comes first, then the model's recipe, then invention.

    Where a rule of the kind forbids that much invention, optional fields stay empty: short ones first, then all.
    """
    for inventable in (_any, _long_or_needed, _needed):
        try:
            with transaction.atomic(), recording(None, "test"):
                made = model._default_manager.create(**_values(model, mark, given, inventable))
        except IntegrityError as error:
            refused = error
        else:
            made.refresh_from_db()
            return made
    raise Unmakeable(f"give {model._meta.label} a recipe in tests/walk/making.py: {refused}") from refused


def _values(model: type[models.Model], mark: str, given: dict[str, Any], inventable: Any) -> dict[str, Any]:
    values = {**RECIPES.get(model._meta.label, {}), **given}
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key or field.has_db_default():
            continue
        invented = _invent(field, mark) if inventable(field) else None
        if invented is not None:
            values[field.name] = invented
    names = {field.name for field in model._meta.fields}
    return {name: value for name, value in values.items() if name in names}


def _any(field: Any) -> bool:
    return True


def _needed(field: Any) -> bool:
    return not field.blank


def _long_or_needed(field: Any) -> bool:
    return _needed(field) or isinstance(field, models.TextField)


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
    if isinstance(field, models.IntegerField):
        return next(_numbers)
    return next((value for kind, value in _PLAIN if isinstance(field, kind)), None)


_PLAIN: list[tuple[type[models.Field], Any]] = [  # type: ignore[type-arg]
    (models.DateTimeField, datetime(2026, 1, 1, tzinfo=UTC)),
    (models.DateField, date(2026, 1, 1)),
    (models.BooleanField, False),
    (models.DecimalField, 1),
    (models.JSONField, {}),
]


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)
