"""Any governed row, made from its model alone, with a canary in every text."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction

from aims.trail import recording

_numbers = count(1)


class Unmakeable(AssertionError):
    """The rules of a kind forbid every row that was tried."""


def make(model: type[models.Model], mark: str, recipes: Mapping[str, Mapping[str, Any]], **given: Any) -> Any:
    """A row of the model whose texts say `mark`; `given` comes first, then the model's recipe (`tests/walk/recipes`), then invention.

    Where a rule of the kind forbids that much invention, optional fields stay empty: short ones first, then all.
    """
    for inventable in (_any, _long_or_needed, _needed):
        try:
            with transaction.atomic(), recording(None, "test"):
                made = model._default_manager.create(
                    **_values(model, mark, {**recipes.get(model._meta.label, {}), **given}, inventable)
                )
        except IntegrityError as error:
            refused = error
        else:
            made.refresh_from_db()
            return made
    raise Unmakeable(f"give {model._meta.label} a recipe in tests/walk/recipes: {refused}") from refused


def _values(model: type[models.Model], mark: str, given: dict[str, Any], inventable: Any) -> dict[str, Any]:
    values = dict(given)
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
