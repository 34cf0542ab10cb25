"""Rules that are data: what tiers ask, when a change is significant, how the law classifies. In editions, never changed."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from aims.db import Now, RecordKey
from aims.trail import tracked
from inventory.models.fields import one_of, prose
from inventory.querysets import RuleQuerySet
from inventory.states import RuleSort


class Days(Func):
    """A period of days, both ends included; without an end it is open."""

    function = "daterange"
    output_field: ClassVar[Any] = models.Field()


def _apart(sort: str) -> ExclusionConstraint:
    """Editions of one sort never overlap."""
    return ExclusionConstraint(
        name=f"rules_{sort}_apart",
        expressions=[(Days(F("valid_from"), F("valid_until"), Value("[]")), RangeOperators.OVERLAPS)],
        condition=Q(sort=sort),
        violation_error_message=_("Another edition is in force on some of these days."),
    )


@tracked()
class RuleEdition(models.Model):
    """One edition of one sort of rules, in force on the days it names. Old decisions keep the edition they were taken by."""

    id = RecordKey(primary_key=True)
    sort = models.CharField(_("Sort"), max_length=12, choices=RuleSort.choices)
    edition = models.CharField(_("Edition"), max_length=40)
    valid_from = models.DateField(_("In force from"))
    valid_until = models.DateField(_("In force until"), null=True, blank=True)
    content = models.JSONField(_("Rules"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    reason = prose(_("Reason"), 1000)
    made_at = models.DateTimeField(_("Recorded"), db_default=Now(), editable=False)

    objects: ClassVar[Any] = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of rules")
        verbose_name_plural = _("editions of rules")
        ordering: ClassVar = ["sort", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sort", "edition"], name="rules_edition_once"),
            models.CheckConstraint(
                name="rules_period",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The end comes before the start."),
            ),
            *[_apart(sort) for sort in RuleSort.values],
            one_of("sort", RuleSort),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'DELETE' OR (NEW.sort, NEW.edition, NEW.valid_from, NEW.content, NEW.digest) "
                    "IS DISTINCT FROM (OLD.sort, OLD.edition, OLD.valid_from, OLD.content, OLD.digest) THEN "
                    "RAISE EXCEPTION 'an edition never changes; a new one follows' USING ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'rules_frozen'; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} {self.edition}"
