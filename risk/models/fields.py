"""Columns and rules that the models of risk share."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from organization.duties import Kept
from risk.scales import DIMENSIONS, consequence_of

MOST = 7  # steps of a scale, at most
LONG = 4000


def text(label: Any, most: int = LONG, **more: Any) -> "models.TextField[str, str]":
    return models.TextField(label, max_length=most, **more)


def optional(label: Any, most: int = LONG) -> "models.TextField[str, str]":
    return models.TextField(label, max_length=most, blank=True, default="")


def person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


def kept_apart() -> "models.CharField[str, str]":
    """How a decision stands towards the rules of separated duties."""
    return models.CharField(
        _("Separation of duties"), max_length=10, choices=Kept.choices, default=Kept.KEPT, editable=False
    )


def rated(label: Any, **more: Any) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(label, null=True, blank=True, **more)


def within(name: str, *, optional: bool = False) -> Q:
    inside = Q(**{f"{name}__gte": 1, f"{name}__lte": MOST})
    return inside | Q(**{f"{name}__isnull": True}) if optional else inside


def one_of(field: str, choices: Any) -> models.CheckConstraint:
    """The column holds a value of its scale, whoever writes it."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known", condition=Q(**{f"{field}__in": list(choices.values)})
    )


class Rating(models.Model):
    """Likelihood and consequence on each dimension, with what follows by formula; the database checks the formula."""

    likelihood = models.PositiveSmallIntegerField(_("Likelihood"))
    organization = rated(_("Consequence for the organization"))
    individual = rated(_("Consequence for individuals"))
    group = rated(_("Consequence for groups"), db_column="group_rating")
    society = rated(_("Consequence for society"))
    consequence = models.PositiveSmallIntegerField(_("Highest consequence"), editable=False)
    score = models.PositiveSmallIntegerField(_("Score"), editable=False)
    level = models.CharField(_("Level"), max_length=40, editable=False)
    criteria = models.ForeignKey(
        "risk.RiskCriteria", on_delete=models.PROTECT, related_name="+", verbose_name=_("Criteria"), editable=False
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_within",
                condition=Q(*[within(name, optional=True) for name in DIMENSIONS], within("likelihood")),
                violation_error_message=_("A rating is a step of its scale."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_formula",
                condition=Q(consequence=Greatest(*DIMENSIONS), score=F("likelihood") * F("consequence")),
                violation_error_message=_("Score and consequence follow from the ratings."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_rated",
                condition=Q(*[Q(**{f"{name}__isnull": False}) for name in DIMENSIONS], _connector=Q.OR),
                violation_error_message=_("Rate at least one consequence."),
            ),
        ]

    @property
    def ratings(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in ("likelihood", *DIMENSIONS)}

    def by(self, criteria: Any) -> Any:
        """Fill in what follows from the ratings under these criteria."""
        self.criteria = criteria
        self.consequence = consequence_of(self.ratings)
        self.score = self.likelihood * self.consequence
        self.level = criteria.level_at(self.score)["id"]
        return self

    @property
    def level_name(self) -> str:
        return str(self.criteria.level(self.level)["name"])
