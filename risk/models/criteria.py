"""By which scales risks are rated, what a level means, who may accept it (clause 6.1.1)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aims.models import Governed, governed
from organization.states import Role
from risk.models.fields import kept_apart, one_of, person, text
from risk.querysets import CriteriaQuerySet
from risk.scales import level_of, problems, word
from risk.states import CRITERIA_TONES, CriteriaState, Evaluation

# What may still change once criteria are approved: that they are superseded, and who looks after the record.
_FROZEN = ("edition", "appetite", "likelihood", "consequence", "levels", "authority", "drafted_by_id", "approved_by_id",
           "approved_at", "unit_id", "kept_apart")  # fmt: skip


@governed("CRT", "criteria")
class RiskCriteria(Governed):
    """One edition of the criteria. Once approved it never changes: old scores keep the edition they were rated by."""

    state_tones = CRITERIA_TONES

    state = models.CharField(
        _("State"), max_length=32, choices=CriteriaState.choices, default=CriteriaState.DRAFT, editable=False
    )
    edition = models.PositiveSmallIntegerField(_("Edition"), unique=True, editable=False)
    appetite = text(_("Appetite"))
    likelihood = models.JSONField(_("Scale of likelihood"))
    consequence = models.JSONField(_("Scales of consequence"))
    levels = models.JSONField(_("Levels"))
    authority = models.JSONField(_("Who may accept"))
    drafted_by = person(_("Drafted by"), editable=False)
    approved_by = person(_("Approved by"), null=True, editable=False)
    approved_at = models.DateTimeField(_("Approved"), null=True, editable=False)
    kept_apart = kept_apart()

    objects: ClassVar[Any] = CriteriaQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk criteria")
        verbose_name_plural = _("risk criteria")
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state=CriteriaState.APPROVED), name="criteria_one_in_force"
            ),
            models.UniqueConstraint(
                models.Value(1), condition=Q(state=CriteriaState.DRAFT), name="criteria_one_draft",
                violation_error_message=_("There is a draft already; change that one."),
            ),
            models.CheckConstraint(
                name="criteria_approved_whole",
                condition=Q(state=CriteriaState.DRAFT, approved_by=None, approved_at=None)
                | ~Q(state=CriteriaState.DRAFT) & Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="criteria_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")) | ~Q(kept_apart="kept"),
            ),
            models.CheckConstraint(name="criteria_appetite_said", condition=Q(appetite__regex=r"\S")),
            one_of("state", CriteriaState),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["approved", "superseded"]),
                func=(
                    "IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR (OLD.state = 'superseded' AND NEW.state <> OLD.state) "
                    f"OR ({', '.join('NEW.' + name for name in _FROZEN)}) IS DISTINCT FROM "
                    f"({', '.join('OLD.' + name for name in _FROZEN)}) THEN RAISE EXCEPTION "
                    "'approved criteria never change; draft a new edition' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'criteria_frozen'; END IF; RETURN NEW;"
                ),
            )
        ]

    def clean(self) -> None:
        """Scales, levels and authority table hold together, each score in exactly one level."""
        wrong: dict[str, list[str]] = {}
        for name, sentence in problems(self.likelihood, self.consequence, self.levels, self.authority, Role.values):
            wrong.setdefault(name, []).append(sentence)
        if wrong:
            raise ValidationError(wrong)

    @property
    def draft(self) -> bool:
        return self.state == CriteriaState.DRAFT

    def level_at(self, score: int) -> Mapping[str, Any]:
        """The level of a score."""
        return level_of(self.levels, score)

    def level(self, id: str) -> Mapping[str, Any]:
        """The level of that id."""
        return next(level for level in self.levels if level["id"] == id)

    def rank(self, id: str) -> int:
        """The place of a level, from 0 for the lowest."""
        return [level["id"] for level in self.levels].index(id)

    def above(self, id: str) -> list[str]:
        """Ids of the levels above one; none for a level that this edition does not know."""
        known = [str(level["id"]) for level in self.levels]
        return known[known.index(id) + 1 :] if id in known else []

    def steps(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The scale of likelihood, or of a dimension."""
        found: Sequence[Mapping[str, Any]] = self.likelihood if name == "likelihood" else self.consequence[name]
        return found

    def word(self, name: str, rating: int | None) -> str:
        return word(self.steps(name), rating)

    @property
    def most(self) -> int:
        """Steps of the longest scale of consequence: the width of the matrix."""
        return max(len(scale) for scale in self.consequence.values())

    def accepted_by(self, level: str) -> Sequence[str]:
        """Roles that may accept a level; none for the unacceptable."""
        roles: Sequence[str] = self.authority[level]
        return roles

    def tier(self, level: str) -> str:
        """How much is at stake at a level, for the separation of duties."""
        treated = [one["id"] for one in self.levels if one["evaluation"] == Evaluation.TREAT]
        if self.level(level)["evaluation"] == Evaluation.ACCEPTABLE:
            return "low"
        return "medium" if treated and level == treated[0] else "high"
