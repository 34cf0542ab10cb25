"""What screenings and assessments look like in the API, and the bodies of their verbs."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from aims.api.base import RecordRefField, StrictSerializer
from controls.models import Control
from impact import templates
from impact.models import (
    AffectedParty,
    Answer,
    Condition,
    FamilySystem,
    Impact,
    ImpactAssessment,
    ImpactDecision,
    Measure,
    Opinion,
    Screening,
)
from impact.states import Discipline, Level, Tier, Trigger, Verdict
from inventory.api.fields import PersonField, SeenRefField
from inventory.models import AISystem, SystemVersion
from inventory.tables import SYSTEMS
from organization.api.committees import ConditionSerializer
from organization.api.fields import OverridingSerializer
from organization.committees import Committee


def _text(most: int = 2000, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, **more)


def _open_text(most: int = 2000) -> serializers.CharField:
    return _text(most, required=False, allow_blank=True)


class AnswersField(serializers.DictField):
    """Question → [answer, note]; the answer is yes, no or unsure."""

    child = serializers.ListField(
        child=serializers.CharField(max_length=500, allow_blank=True), min_length=1, max_length=2
    )


class ScreeningSerializer(StrictSerializer):
    """A screening: answers, and the tier that follows from them."""

    system = SeenRefField(AISystem)
    answered_by = serializers.CharField(source="answered_by.email", read_only=True)
    decided_by = serializers.CharField(source="decided_by.email", read_only=True, default=None)

    class Meta:
        model = Screening
        fields = (
            "ref", "title", "state", "system", "edition", "answers", "jurisdictions", "tier", "use", "reasons", "note",
            "answered_by", "decided_by", "decided_on", "decision", "due_on", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class AnsweringSerializer(serializers.Serializer[Any]):
    answers = AnswersField()
    jurisdictions = serializers.ListField(child=serializers.RegexField("^[A-Z]{2}$"), required=False)
    tier = serializers.ChoiceField(choices=Tier.choices, required=False)
    note = _open_text()


class ScreenSerializer(AnsweringSerializer):
    system = RecordRefField(AISystem)


class ScreenManySerializer(AnsweringSerializer):
    """The systems by reference, or all that are not screened yet and match the filters of the register of AI systems.

    `matching`: filter → values, as in its address (`{"unit": ["7"], "stage": ["operation_monitoring"]}`; `{}` means all).
    With `preview` nothing is recorded.
    """

    systems = RecordRefField(AISystem, many=True, required=False)
    matching = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=200)), required=False
    )
    preview = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("systems" in attrs) == ("matching" in attrs):
            raise serializers.ValidationError({"systems": _("Name the systems, or what they match.")})
        unknown = set(attrs.get("matching", ())) - {"q", *(one.key for one in SYSTEMS.filters)}
        if unknown:
            raise serializers.ValidationError(
                {"matching": _("There is no filter “%(name)s”.") % {"name": min(unknown)}}
            )
        return attrs


class ScreenedSerializer(serializers.Serializer[Any]):
    """What became of a system, or would: its tier, or the sentence that refused it."""

    system = serializers.CharField(source="subject.ref")
    screening = serializers.CharField(source="screening.ref", default=None)
    tier = serializers.CharField()
    state = serializers.SerializerMethodField()
    backlog_until = serializers.DateField(allow_null=True)
    refused = serializers.CharField(source="refusal")

    def get_state(self, one: Any) -> str:
        return "" if one.refusal else "proposed" if one.waits else "in_force"


class ScreenManyResult(serializers.Serializer[Any]):
    preview = serializers.BooleanField()
    results = ScreenedSerializer(many=True)


class DecideSerializer(serializers.Serializer[Any]):
    reason = _text()
    override = OverridingSerializer(required=False)


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    class Meta:
        model = Answer
        fields = ("question", "text", "not_applicable", "reason", "saved_at")
        read_only_fields = ("saved_at",)
        validators: ClassVar[list[Any]] = []


class PartySerializer(serializers.ModelSerializer[AffectedParty]):
    class Meta:
        model = AffectedParty
        fields = ("id", "name", "level", "role", "vulnerable", "note")


class ImpactRowSerializer(serializers.ModelSerializer[Impact]):
    """A benefit or a harm. `party` is the number of a party, `measures` the numbers of measures that answer it."""

    measures = serializers.SerializerMethodField()

    class Meta:
        model = Impact
        fields = (
            "id", "party", "dimension", "direction", "scenario", "description", "severity", "scale", "likelihood",
            "reversibility", "duration", "vulnerable", "confidence", "rationale", "residual_severity",
            "residual_likelihood", "measures",
        )  # fmt: skip

    def get_measures(self, row: Impact) -> list[int]:
        return [one.measure_id for one in row.coverings.all()]


class NewImpactSerializer(ImpactRowSerializer):
    measures = serializers.ListField(child=serializers.IntegerField(), required=False)  # type: ignore[assignment]


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    """A measure; `impacts` are the numbers of the harms it answers."""

    owner = PersonField(required=False, allow_null=True)
    control = serializers.SlugRelatedField(
        slug_field="number", queryset=Control.objects.all(), required=False, allow_null=True
    )
    impacts = serializers.SerializerMethodField()

    class Meta:
        model = Measure
        fields = ("id", "title", "measure_kind", "owner", "due_on", "control", "done_on", "result", "impacts")

    def get_impacts(self, row: Measure) -> list[int]:
        return [one.impact_id for one in row.covers.all()]


class NewMeasureSerializer(MeasureSerializer):
    impacts = serializers.ListField(child=serializers.IntegerField(), required=False)  # type: ignore[assignment]


class OpinionSerializer(serializers.ModelSerializer[Opinion]):
    asked = serializers.CharField(source="asked.email", read_only=True)

    class Meta:
        model = Opinion
        fields = ("id", "discipline", "section", "asked", "question", "due_on", "verdict", "text", "given_at")


class DecisionSerializer(serializers.ModelSerializer[ImpactDecision]):
    decided_by = serializers.CharField(source="decided_by.email", read_only=True)

    class Meta:
        model = ImpactDecision
        fields = (
            "outcome", "use", "decided_by", "capacity", "reason", "valid_until", "dissent", "decided_on", "kept_apart",
        )  # fmt: skip


class ConditionRowSerializer(serializers.ModelSerializer[Condition]):
    class Meta:
        model = Condition
        fields = ("id", "text", "due_on", "met_on", "met_note")


class FamilySerializer(serializers.ModelSerializer[FamilySystem]):
    system = SeenRefField(AISystem)

    class Meta:
        model = FamilySystem
        fields = ("system", "differences")


class ImpactSerializer(StrictSerializer):
    """An assessment with everything it holds."""

    system = SeenRefField(AISystem, read_only=True)
    system_version = serializers.SlugRelatedField(
        slug_field="number", queryset=SystemVersion.objects.all(), allow_null=True
    )
    owner = PersonField()
    predecessor = SeenRefField(ImpactAssessment, read_only=True)
    family = FamilySerializer(many=True, read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)
    parties = PartySerializer(many=True, read_only=True)
    impacts = ImpactRowSerializer(many=True, read_only=True)
    measures = MeasureSerializer(many=True, read_only=True)
    opinions = OpinionSerializer(many=True, read_only=True)
    decisions = DecisionSerializer(many=True, read_only=True)
    conditions = ConditionRowSerializer(many=True, read_only=True)
    none = serializers.SerializerMethodField()

    class Meta:
        model = ImpactAssessment
        fields = (
            "ref", "title", "state", "system", "system_version", "tier", "edition", "trigger", "trigger_note",
            "predecessor", "family", "owner", "use", "use_reason", "dpia", "fria", "publication", "publication_note",
            "answers", "parties", "impacts", "none", "measures", "opinions", "decisions", "conditions", "valid_until",
            "stale_on", "stale_cause", "due_on", "confidentiality", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref", "title", "state", "tier", "edition", "valid_until", "stale_on", "stale_cause", "due_on",
            "confidentiality", "version", "created_at", "updated_at",
        )  # fmt: skip

    def get_none(self, record: ImpactAssessment) -> dict[str, str]:
        return {row.level: row.reason for row in record.none_rows.all()}


class OpenSerializer(serializers.Serializer[Any]):
    """A new assessment: what the predecessor said is carried over."""

    system = RecordRefField(AISystem)
    trigger = serializers.ChoiceField(choices=Trigger.choices, required=False)
    trigger_note = _open_text(1000)
    owner = PersonField(required=False)
    due_on = serializers.DateField(required=False)
    template = serializers.ChoiceField(choices=templates.names(), required=False)


class AnswerManySerializer(serializers.Serializer[Any]):
    answers = AnswerSerializer(many=True)


class NoneSerializer(serializers.Serializer[Any]):
    """Why a level is not affected; an empty reason takes that back."""

    level = serializers.ChoiceField(choices=Level.choices)
    reason = _text(allow_blank=True)


class ApproveSerializer(DecideSerializer):
    valid_until = serializers.DateField()
    conditions = ConditionSerializer(many=True, required=False)


class AllowSerializer(serializers.Serializer[Any]):
    reason = _text()
    valid_until = serializers.DateField()
    conditions = ConditionSerializer(many=True)


class ReferSerializer(serializers.Serializer[Any]):
    committee = RecordRefField(Committee)


class AskSerializer(serializers.Serializer[Any]):
    discipline = serializers.ChoiceField(choices=Discipline.choices)
    asked = PersonField()
    sections = serializers.ListField(child=serializers.CharField(max_length=40, allow_blank=True), required=False)
    question = _open_text(1000)
    due_on = serializers.DateField(required=False, allow_null=True)


class GiveSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    text = _open_text(4000)


class NoteSerializer(serializers.Serializer[Any]):
    note = _text()


class ResultSerializer(serializers.Serializer[Any]):
    result = _text(1000)
