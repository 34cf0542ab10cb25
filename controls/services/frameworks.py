"""Writes about other frameworks: that a person looked at rows and found their words and counterparts right."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from aims.errors import invalid
from aims.services import require
from aims.trail import recording
from controls import policies
from controls.models import Framework
from organization.models import User


def review_rows(
    framework: Framework, numbers: Collection[str], *, by: User, note: str, at: datetime, stands: bool = True
) -> int:
    """Say of rows that they were looked at (`note`: compared with what), or with `stands` False that no review holds.

    Answers how many rows changed. Nothing here makes anything conform. Errors: NotPermitted, ValidationError.
    """
    capacity = require(policies.can_review_framework(by))
    rows = framework.rows.asking().filter(number__in=numbers)
    if not note.strip():
        raise invalid(note=_("Say what you compared with, or why the review holds no more."))
    if not numbers or rows.count() != len(set(numbers)):
        raise invalid(rows=_("Tick the rows that you looked at."))
    with recording(by, "review_rows" if stands else "withdraw_review", capacity=capacity, reason=note):
        if stands:
            return int(rows.update(reviewed_by=by, reviewed_at=at, review_note=note.strip()))
        return int(rows.exclude(reviewed_by=None).update(reviewed_by=None, reviewed_at=None, review_note=""))
