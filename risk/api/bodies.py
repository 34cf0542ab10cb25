"""What the verbs of risks take, and the rows of a risk's history as the API tells them."""

from typing import Any

from rest_framework import serializers

from aims.api.base import RecordRefField
from aims.models import Record
from controls.models import Control
from inventory.models import AISystem
from organization.api.fields import OverridingSerializer, PersonField
from risk.models import Acceptance, Risk, RiskAssessment, Treatment
from risk.scales import DIMENSIONS
from risk.services.acceptance import Outcome
from risk.sittings import MOST
from risk.states import Option, Trigger, Verdict

RATINGS = ("likelihood", *DIMENSIONS)


class FamilySerializer(serializers.Serializer[Any]):
    """Further systems, by reference."""

    family = RecordRefField(AISystem, many=True, required=False)


class RatingsSerializer(serializers.Serializer[Any]):
    """Ratings by the scales in force; null where a consequence does not apply."""

    likelihood = serializers.IntegerField(min_value=1, max_value=7)
    organization = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)
    individual = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)
    group = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)
    society = serializers.IntegerField(min_value=1, max_value=7, allow_null=True, default=None)


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=4000, **more)


class AssessSerializer(RatingsSerializer):
    """An assessment to record. A consequence is rated, or its `<dimension>_reason` says why it does not apply."""

    likelihood_reason = _text()
    organization_reason = _text(required=False, allow_blank=True)
    individual_reason = _text(required=False, allow_blank=True)
    group_reason = _text(required=False, allow_blank=True)
    society_reason = _text(required=False, allow_blank=True)
    trigger = serializers.ChoiceField(choices=Trigger.choices, default=Trigger.PLANNED)
    trigger_record = serializers.SlugRelatedField(
        slug_field="ref", queryset=Record.objects.all(), required=False, allow_null=True
    )
    assessors = PersonField(many=True, required=False)
    next_review_on = serializers.DateField()

    def validate_trigger_record(self, record: Any) -> Any:
        seen = Record.objects.visible_to(self.context["request"].user)
        if record is not None and not seen.filter(pk=record.pk).exists():
            raise serializers.ValidationError("There is no such record.")
        return record


class AssessmentSerializer(serializers.ModelSerializer[RiskAssessment]):
    """One version of the assessment; it never changes."""

    criteria = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    assessors = serializers.SerializerMethodField()

    class Meta:
        model = RiskAssessment
        fields = (
            "number", "assessed_at", "trigger", "criteria", *RATINGS, "likelihood_reason", "organization_reason",
            "individual_reason", "group_reason", "society_reason", "consequence", "score", "level", "assessors",
        )  # fmt: skip

    def get_assessors(self, row: RiskAssessment) -> list[str]:
        return [one.person.email for one in row.assessors.all()]


class ActionRowSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    owner = PersonField()
    due_on = serializers.DateField()
    resources = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class TreatSerializer(RatingsSerializer):
    """A plan to propose; its ratings are what it is expected to leave."""

    option = serializers.ChoiceField(choices=Option.choices)
    rationale = _text()
    controls = serializers.SlugRelatedField(
        slug_field="number", queryset=Control.objects.all(), many=True, required=False
    )
    own_controls = serializers.ListField(child=serializers.CharField(max_length=300), required=False)
    actions = ActionRowSerializer(many=True, required=False)


class TreatmentSerializer(serializers.ModelSerializer[Treatment]):
    """One version of the treatment plan."""

    controls = serializers.SlugRelatedField(slug_field="number", many=True, read_only=True)  # type: ignore[var-annotated]
    proposed_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Treatment
        fields = (
            "number", "state", "option", "rationale", "controls", "own_controls", *RATINGS, "consequence", "score",
            "level", "proposed_by", "proposed_at",
        )  # fmt: skip


class DecidingSerializer(serializers.Serializer[Any]):
    reason = _text()
    conditions = _text(required=False, allow_blank=True)
    override = OverridingSerializer(required=False)


class PlanDecisionSerializer(DecidingSerializer):
    approved = serializers.BooleanField()


class AcceptSerializer(DecidingSerializer):
    until = serializers.DateField()


class VerifySerializer(RatingsSerializer):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    method = _text()
    override = OverridingSerializer(required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = _text()


class AcceptanceSerializer(serializers.ModelSerializer[Acceptance]):
    """One acceptance of a residual; it never changes."""

    accepted_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    criteria = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Acceptance
        fields = (
            "accepted_at", "accepted_by", "capacity", "level", "score", "criteria", "reason", "conditions", "until",
            "in_force",
        )  # fmt: skip

    def get_in_force(self, row: Acceptance) -> bool:
        return bool(row.pk == row.risk.acceptance_id)


class ResultSerializer(serializers.Serializer[Any]):
    result = _text(required=False, allow_blank=True)


class SittingRowSerializer(serializers.Serializer[Any]):
    """A risk of the sitting, and the version that was looked at."""

    risk = RecordRefField(Risk)
    version = serializers.IntegerField(min_value=1)


class SittingSerializer(serializers.Serializer[Any]):
    """Acceptances of one sitting: the same reason, conditions and last day for every risk named."""

    risks = SittingRowSerializer(many=True, allow_empty=False, max_length=MOST)  # type: ignore[call-arg]
    reason = _text()
    conditions = _text(required=False, allow_blank=True)
    until = serializers.DateField()


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one risk: its acceptance, or the sentence that refused it."""

    risk = serializers.CharField(source="risk.ref")
    accepted = serializers.SerializerMethodField()
    refusal = serializers.CharField()

    def get_accepted(self, outcome: Outcome) -> bool:
        return outcome.acceptance is not None
