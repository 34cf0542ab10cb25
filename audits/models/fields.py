"""Columns and rules that the models of audits share."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from risk.models.fields import one_of, optional, text
from risk.models.fields import person as who

__all__ = ["frozen", "one_of", "optional", "recent", "said", "state", "text", "who", "within"]


def state(choices: Any, first: str) -> "models.CharField[str, str]":
    return models.CharField(_("State"), max_length=32, choices=choices.choices, default=first, editable=False)


def said(name: str, *fields: str) -> models.CheckConstraint:
    """Each of the texts says something."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__regex": r"\S" for field in fields}),
        violation_error_message=_("This must be said."),
    )


def within(name: str, first: str, last: str) -> models.CheckConstraint:
    """A period does not end before it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{last}__gte": F(first)}) | Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}),
        violation_error_message=_("The end comes before the start."),
    )


def recent(name: str) -> list[models.Index]:
    """The indexes of every register."""
    return [
        models.Index(fields=["unit", "-updated_at", "-id"], name=f"{name}_unit"),
        models.Index(fields=["-updated_at", "-id"], name=f"{name}_recent"),
    ]


def frozen(constraint: str, words: str, columns: tuple[str, ...], *, when: str = "true") -> pgtrigger.Trigger:
    """These columns never change (once `when` is true of the row before), nor does the row go."""
    now, before = (", ".join(f"{side}.{name}" for name in columns) for side in ("NEW", "OLD"))
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"IF ({when}) AND (TG_OP = 'DELETE' OR ROW({now}) IS DISTINCT FROM ROW({before})) THEN RAISE EXCEPTION "
            f"'{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
        ),
    )
