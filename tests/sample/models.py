from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aims.counters import counted
from aims.models import Governed, Part, governed, part
from aims.trail import tracked
from tests.sample.states import Colour, SampleState


@counted("sample.kept", "kept", "state", only={"state": ["draft"]})
@governed("SMP", "sample", anchor="holder_id")
class Sample(Governed):
    state = models.CharField(
        "State", max_length=32, choices=SampleState.choices, default=SampleState.DRAFT, editable=False
    )
    purpose = models.TextField("Purpose", blank=True)
    amount = models.DecimalField("Amount", max_digits=8, decimal_places=2, null=True, blank=True)
    colours = ArrayField(models.CharField(max_length=8, choices=Colour.choices), default=list, blank=True)
    kept = models.BooleanField("Kept", default=False)
    seen_at = models.DateTimeField("Seen", null=True, blank=True)
    holder_id = models.BigIntegerField(null=True, blank=True)
    twin = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, verbose_name="Twin")

    class Meta:
        verbose_name = "sample"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="sample_amount_positive",
                condition=models.Q(amount=None) | models.Q(amount__gte=0),
                violation_error_message="An amount is not negative.",
            )
        ]


@part("sample")
class Slice(Part):
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="slices")
    label = models.CharField("Label", max_length=80)
    size = models.IntegerField("Size", default=0)

    class Meta:
        verbose_name = "slice"


@tracked(exclude=["secret"])
class Note(models.Model):
    """Tracked, governed by nobody, with a column that no event may keep."""

    text = models.CharField(max_length=80)
    secret = models.CharField(max_length=80, blank=True)
