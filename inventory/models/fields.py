"""Columns shared by the models of the inventory."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import Regex

from aims.db import Follows

LONG = 4000
SHORT = 200


def prose(label: Any, most: int = LONG) -> "models.TextField[str, str]":
    """Optional text of one or several paragraphs, of bounded length."""
    return models.TextField(label, blank=True, default="", max_length=most, validators=[MaxLengthValidator(most)])


def line(label: Any, most: int = SHORT, **more: Any) -> "models.CharField[str, str]":
    """Optional text of one line."""
    return models.CharField(label, max_length=most, blank=True, default="", **more)


def choice(label: Any, choices: Any, **more: Any) -> "models.CharField[str, str]":
    """Optional value of a scale; empty: not stated."""
    return models.CharField(label, max_length=32, choices=choices.choices, blank=True, default="", **more)


def one_of(field: str, choices: Any, *, optional: bool = False) -> models.CheckConstraint:
    """The column holds a value of its scale, whoever writes it."""
    values = [*(("",) if optional else ()), *choices.values]
    return models.CheckConstraint(name=f"%(class)s_{field}_known", condition=Q(**{f"{field}__in": values}))


class Joined(models.Func):
    """An array as one text, its elements between commas."""

    function = "array_to_string"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = models.TextField()


def each_like(field: str, pattern: str) -> Q:
    """Every element of an array column matches the pattern."""
    return Q(Regex(Joined(F(field)), Value(f"^({pattern}(,{pattern})*)?$")))


def person(label: Any, **more: Any) -> Any:
    """A person who did something; nobody is deleted while it is remembered."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


def follows_system(name: str) -> Follows:
    """The row stands in the unit of its system, and moves with it."""
    return Follows(
        name=f"{name}_follows_system",
        columns=["system_id", "unit_id"],
        to="inventory_aisystem",
        to_columns=["id", "unit_id"],
    )
