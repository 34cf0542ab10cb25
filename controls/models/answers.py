"""The gap assessment: what was found of each clause, once, with who closes the gap by when (clauses 4 to 10).

Controls need none of it: the statement about a control already says how far it is, who answers for it and by when.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, governed
from controls.models.catalogue import WRITTEN, Clause
from controls.models.scopes import AimsScope
from controls.querysets import AnswerQuerySet
from controls.states import ANSWER_TONES, AnswerState


@governed("GAP", "gap")
class ClauseAnswer(Governed):
    """What a scope answers to one clause. A gap has an owner and a date, and so becomes a task."""

    state_tones = ANSWER_TONES
    for_all_below = True

    state = models.CharField(_("What is there"), max_length=32, choices=AnswerState.choices, editable=False)
    scope = models.ForeignKey(
        AimsScope, on_delete=models.PROTECT, related_name="answers", verbose_name=_("Scope"), editable=False
    )
    clause = models.ForeignKey(
        Clause, on_delete=models.PROTECT, related_name="answers", verbose_name=_("Clause"), editable=False
    )
    found = models.TextField(_("What was found"), max_length=8000)

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a clause")
        verbose_name_plural = _("gap assessment")
        indexes: ClassVar = [models.Index(fields=["unit", "-updated_at", "-id"], name="gap_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(name="gap_state_known", condition=Q(state__in=AnswerState.values)),
            models.UniqueConstraint(
                fields=["scope", "clause"],
                name="gap_once",
                violation_error_message=_("This clause is answered already; change the answer."),
            ),
            models.CheckConstraint(
                name="gap_says_what_was_found",
                condition=Q(found__regex=WRITTEN),
                violation_error_message=_("Say what was found."),
            ),
            models.CheckConstraint(
                name="gap_has_owner_and_date",
                condition=Q(state=AnswerState.MET, due_on=None) | Q(owner__isnull=False, due_on__isnull=False)
                & ~Q(state=AnswerState.MET),
                violation_error_message=_("Say who closes the gap, and by when."),
            ),
        ]  # fmt: skip

    @property
    def open(self) -> bool:
        """Whether something is still missing."""
        return self.state != AnswerState.MET
