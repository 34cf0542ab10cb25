"""The risk that stands for a harm of an impact assessment (6.1.4, 8.4)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aims.models import Part, part
from impact.models import Impact
from risk.models.risks import Risk


@part("risk")
class HarmLink(Part):
    """A harm that an impact assessment found, as a risk of the register."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="harms")
    harm = models.ForeignKey(Impact, on_delete=models.PROTECT, related_name="risk_links", verbose_name=_("Harm"))

    class Meta:
        verbose_name = _("harm found by an impact assessment")
        verbose_name_plural = _("harms found by impact assessments")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["risk", "harm"], name="harm_link_once")]

    def __str__(self) -> str:
        return str(self.harm)
