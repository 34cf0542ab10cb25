"""Columns, rules and triggers that the models of impact share."""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

LONG = 8000


def prose(label: Any, most: int = 2000, **more: Any) -> "models.TextField[str, str]":
    """Text that must be given, of bounded length."""
    return models.TextField(label, max_length=most, validators=[MaxLengthValidator(most)], **more)


def optional(label: Any, most: int = 2000, **more: Any) -> "models.TextField[str, str]":
    return prose(label, most, blank=True, default="", **more)


def person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


def choice(label: Any, choices: Any, **more: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=16, choices=choices.choices, **more)


def rating(label: Any, choices: Any, **more: Any) -> Any:
    return models.PositiveSmallIntegerField(label, choices=choices.choices, **more)


def one_of(field: str, choices: Any, *, optional: bool = False) -> models.CheckConstraint:
    """The column holds a value of its scale, whoever writes it."""
    values = [*(("",) if optional else ()), *choices.values]
    known = Q(**{f"{field}__in": values})
    return models.CheckConstraint(name=f"%(app_label)s_%(class)s_{field}_known", condition=known)


def within(field: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_within",
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 1, f"{field}__lte": 5}),
    )


def said(name: str, field: str, sentence: Any) -> models.CheckConstraint:
    """The text is not blank."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__regex": r"\S"}), violation_error_message=sentence
    )


def frozen(name: str, table: str = "impact_impactassessment") -> pgtrigger.Trigger:
    """What belongs to an assessment changes while that is a draft, and never after, whoever writes."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"IF EXISTS (SELECT FROM {table} WHERE id IN (NEW.assessment_id, OLD.assessment_id) AND state <> 'draft') "
            f"THEN RAISE EXCEPTION 'what was submitted does not change' USING ERRCODE = 'check_violation', "
            f"CONSTRAINT = '{name}_frozen'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )


def kept(name: str, columns: Iterable[str], when: str, *, deleted: bool = False) -> pgtrigger.Trigger:
    """Columns that stay as they are once the condition `when` (over OLD) holds; deletion is refused unless `deleted`."""
    new, old = (", ".join(f"{side}.{column}" for column in columns) for side in ("NEW", "OLD"))
    gone = "" if deleted else "TG_OP = 'DELETE' OR "
    return pgtrigger.Trigger(
        name="kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update if deleted else pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"IF ({when}) AND ({gone}({new}) IS DISTINCT FROM ({old})) THEN RAISE EXCEPTION "
            f"'this does not change any more' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}_kept'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )
