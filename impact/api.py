"""API: screenings, and assessments with everything they hold. Deciding wants a person who confirmed who they are."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordRefField, StrictSerializer
from aims.errors import Hidden
from controls.models import Control
from impact import services
from impact.comparison import compare
from impact.missing import missing
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
from impact.tables import ASSESSMENTS, SCREENINGS
from impact.views.base import with_systems
from inventory.api.fields import PersonField, SeenRefField
from inventory.models import AISystem, SystemVersion
from organization.api.base import ReasonSerializer, person_of
from organization.api.committees import ActingViewSet, ConditionSerializer, NothingSerializer
from organization.committees import Committee
from organization.deciding import confirm
from organization.duties import Override

_PART = r"(?P<part>[0-9]+)"


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
    systems = RecordRefField(AISystem, many=True)


class OverrideSerializer(serializers.Serializer[Any]):
    """Why one person holds both duties after all, and what keeps it safe."""

    reason = _text()
    safeguard = _text()


class DecideSerializer(serializers.Serializer[Any]):
    reason = _text()
    override = OverrideSerializer(required=False)


def _override(data: dict[str, Any]) -> Override | None:
    given = data.pop("override", None)
    return Override(**given) if given else None


class ScreeningViewSet(ActingViewSet):
    """Screenings. A POST answers the questions about a system; what waits is approved by a person."""

    model, table, serializer_class = Screening, SCREENINGS, ScreeningSerializer
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("system", "answered_by", "decided_by")

    @extend_schema(request=ScreenSerializer, responses=ScreeningSerializer)
    def create(self, request: Request) -> Response:
        """Answer the questions about a system; 400 names every question without an answer."""
        data = self.given(request, ScreenSerializer)
        system, by = data.pop("system"), person_of(request)

        def make() -> Response:
            return self.answer(services.screen_system(system, by=by, on=clock.today(), **data), status=201)

        return self.once(request, make)

    @extend_schema(request=ScreenManySerializer)
    @action(detail=False, methods=["post"])
    def many(self, request: Request) -> Response:
        """The same answers for several systems, each recorded by itself; refusals are told by system."""
        data = self.given(request, ScreenManySerializer)
        systems = data.pop("systems")
        outcomes = services.screen_many(systems, by=person_of(request), on=clock.today(), **data)
        rows = [
            {
                "system": one.subject.ref,
                "screening": one.screening.ref if one.screening else None,
                "tier": one.screening.tier if one.screening else None,
                "state": one.screening.state if one.screening else None,
                "refused": one.refusal or None,
            }
            for one in outcomes
        ]
        return Response({"results": rows})

    @extend_schema(request=DecideSerializer, responses=ScreeningSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Approve a proposed tier."""
        record, version, data = self.get_object(), self.match(request), self.given(request, DecideSerializer)
        confirm(request)
        more: Any = {"override": _override(data), "on": clock.today()}
        return self.answer(services.approve_screening(record, by=person_of(request), version=version, **more, **data))

    @extend_schema(request=ReasonSerializer, responses=ScreeningSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, ref: str) -> Response:
        """Give it back to who answered."""
        record, version, data = self.get_object(), self.match(request), self.given(request, ReasonSerializer)
        confirm(request)
        by = person_of(request)
        return self.answer(services.return_screening(record, by=by, version=version, on=clock.today(), **data))


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


def _pairs(rows: Any) -> list[tuple[str, Any]]:
    return [(one["text"], one["due_on"]) for one in rows or ()]


class ImpactViewSet(ActingViewSet):
    """Impact assessments. Writing is by verb with If-Match; a token writes and submits, a person decides."""

    model, table, serializer_class = ImpactAssessment, ASSESSMENTS, ImpactSerializer

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        user = self.request.user
        found = with_systems(rows, user).select_related("predecessor", "system_version", "owner")
        return found.prefetch_related(
            "answers", "parties", "impacts__coverings", "measures__covers", "measures__owner", "measures__control",
            "opinions__asked", "decisions__decided_by", "conditions", "none_rows",
        )  # fmt: skip

    @extend_schema(request=OpenSerializer, responses=ImpactSerializer)
    def create(self, request: Request) -> Response:
        """Open an assessment of a system."""
        data = self.given(request, OpenSerializer)
        system, by = data.pop("system"), person_of(request)

        def make() -> Response:
            return self.answer(services.open_assessment(system, by=by, on=clock.today(), data=data), status=201)

        return self.once(request, make)

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change what stands beside the answers."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        return self.answer(services.change_assessment(record, by=person_of(request), data=data, version=version))

    def _act(
        self, request: Request, serializer: type[Any], verb: Any, *, deciding: bool = False, **more: Any
    ) -> Response:
        record, version, data = self.get_object(), self.match(request), self.given(request, serializer)
        if deciding:
            confirm(request)
        verb(record, by=person_of(request), version=version, **data, **more)
        return self.answer(record)

    @extend_schema(responses={200: dict})
    @action(detail=True, methods=["get"])
    def missing(self, request: Request, ref: str) -> Response:
        """What keeps it from being submitted: id, sentence, section and place of each gap."""
        gaps = missing(self.get_object())
        return Response(
            {"results": [{"id": g.id, "sentence": g.sentence, "section": g.section, "url": g.url} for g in gaps]}
        )

    @extend_schema(responses={200: dict})
    @action(detail=True, methods=["get"])
    def changes(self, request: Request, ref: str) -> Response:
        """What differs from the predecessor, in sentences."""
        record = self.get_object()
        found = compare(record, record.predecessor) if record.predecessor is not None else []
        rows = [{"sentence": one.sentence, "before": one.before, "after": one.after} for one in found]
        return Response({"results": rows})

    @extend_schema(request=AnswerManySerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, ref: str) -> Response:
        """Save answers as far as they are given; a question may not apply, with its reason."""
        record, version, data = self.get_object(), self.match(request), self.given(request, AnswerManySerializer)
        answers = {one["question"]: one for one in data["answers"]}
        services.save_answers(record, by=person_of(request), answers=answers, at=clock.now(), version=version)
        return self.answer(record)

    @extend_schema(request=NoneSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def none(self, request: Request, ref: str) -> Response:
        """Say why a level is not affected at all."""
        return self._act(request, NoneSerializer, services.say_none)

    @extend_schema(request=PartySerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def parties(self, request: Request, ref: str) -> Response:
        """Name somebody whom the system concerns."""
        return self._add(request, PartySerializer, services.add_party)

    def _add(self, request: Request, serializer: type[Any], verb: Any, links: str = "") -> Response:
        record, version, data = self.get_object(), self.match(request), self.given(request, serializer)
        more = {links: data.pop(links, [])} if links else {}
        verb(record, by=person_of(request), data=data, version=version, **more)
        return self.answer(record, status=201)

    @extend_schema(request=NewImpactSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def impacts(self, request: Request, ref: str) -> Response:
        """Name and rate a benefit or a harm."""
        return self._add(request, NewImpactSerializer, services.add_impact, "measures")

    @extend_schema(request=NewMeasureSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def measures(self, request: Request, ref: str) -> Response:
        """Name a measure."""
        return self._add(request, NewMeasureSerializer, services.add_measure, "impacts")

    @extend_schema(request=PartySerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["patch"], url_path=rf"parties/{_PART}")
    def party(self, request: Request, ref: str, part: str) -> Response:
        """Change a party."""
        return self._change_part(request, part, PartySerializer, services.change_party)

    @extend_schema(request=NewImpactSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["patch"], url_path=rf"impacts/{_PART}")
    def impact(self, request: Request, ref: str, part: str) -> Response:
        """Change a benefit or a harm."""
        return self._change_part(request, part, NewImpactSerializer, services.change_impact, "measures")

    @extend_schema(request=NewMeasureSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["patch"], url_path=rf"measures/{_PART}")
    def measure(self, request: Request, ref: str, part: str) -> Response:
        """Change a measure."""
        return self._change_part(request, part, NewMeasureSerializer, services.change_measure, "impacts")

    def _change_part(self, request: Request, part: str, serializer: type[Any], verb: Any, links: str = "") -> Response:
        record, _version = self.get_object(), self.match(request)
        found = serializer(data=request.data, partial=True, context=self.get_serializer_context())
        found.is_valid(raise_exception=True)
        data = dict(found.validated_data)
        more = {links: data.pop(links)} if links in data else {}
        verb(record, _key(part), by=person_of(request), data=data, **more)
        return self.answer(record)

    @extend_schema(request=NothingSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"], url_path=rf"(?P<rows>parties|impacts|measures)/{_PART}/remove")
    def remove(self, request: Request, ref: str, rows: str, part: str) -> Response:
        """Take a row out of the draft."""
        record, _version = self.get_object(), self.match(request)
        self.given(request, NothingSerializer)
        verb = {"parties": services.remove_party, "impacts": services.remove_impact}.get(rows, services.remove_measure)
        verb(record, _key(part), by=person_of(request))
        return self.answer(record)

    @extend_schema(request=ResultSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"], url_path=rf"measures/{_PART}/done")
    def measure_done(self, request: Request, ref: str, part: str) -> Response:
        """Say that a measure is in place."""
        record, _version, data = self.get_object(), self.match(request), self.given(request, ResultSerializer)
        services.complete_measure(record, _key(part), by=person_of(request), on=clock.today(), **data)
        return self.answer(record)

    @extend_schema(request=NothingSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, ref: str) -> Response:
        """Submit for approval; 409 lists what is missing."""
        return self._act(request, NothingSerializer, services.submit_assessment, on=clock.today())

    @extend_schema(request=ApproveSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Approve an ordinary use; 409 where the committee or top management decides."""
        record, version, data = self.get_object(), self.match(request), self.given(request, ApproveSerializer)
        confirm(request)
        data["conditions"] = _pairs(data.get("conditions"))
        more: Any = {"override": _override(data), "on": clock.today()}
        return self.answer(services.approve_assessment(record, by=person_of(request), version=version, **more, **data))

    @extend_schema(request=ReasonSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, ref: str) -> Response:
        """Give it back to its authors."""
        return self._act(request, ReasonSerializer, services.return_assessment, on=clock.today())

    @extend_schema(request=ReasonSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, ref: str) -> Response:
        """The system may not be used as assessed."""
        return self._act(request, ReasonSerializer, services.reject_assessment, deciding=True, on=clock.today())

    @extend_schema(request=ReasonSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def escalate(self, request: Request, ref: str) -> Response:
        """Put a restricted use before top management."""
        return self._act(request, ReasonSerializer, services.escalate_assessment, deciding=True, on=clock.today())

    @extend_schema(request=AllowSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def allow(self, request: Request, ref: str) -> Response:
        """Top management allows a restricted use, on conditions and for a time."""
        record, version, data = self.get_object(), self.match(request), self.given(request, AllowSerializer)
        confirm(request)
        data["conditions"] = _pairs(data["conditions"])
        by = person_of(request)
        return self.answer(services.allow_restricted_use(record, by=by, version=version, on=clock.today(), **data))

    @extend_schema(request=ReferSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def refer(self, request: Request, ref: str) -> Response:
        """Put it before a committee."""
        return self._act(request, ReferSerializer, services.refer_to_committee, on=clock.today())

    @extend_schema(request=AskSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"])
    def opinions(self, request: Request, ref: str) -> Response:
        """Ask somebody for an opinion on some sections, or on the whole."""
        record, _version, data = self.get_object(), self.match(request), self.given(request, AskSerializer)
        services.ask_opinion(record, by=person_of(request), on=clock.today(), **data)
        return self.answer(record, status=201)

    @extend_schema(request=GiveSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"], url_path=rf"opinions/{_PART}/give")
    def give_opinion(self, request: Request, ref: str, part: str) -> Response:
        """Give the opinion one was asked for."""
        record, _version, data = self.get_object(), self.match(request), self.given(request, GiveSerializer)
        row = _part(record.opinions.select_related("assessment"), part)
        services.give_opinion(row, by=person_of(request), at=clock.now(), **{"text": "", **data})
        return self.answer(record)

    @extend_schema(request=NoteSerializer, responses=ImpactSerializer)
    @action(detail=True, methods=["post"], url_path=rf"conditions/{_PART}/meet")
    def meet_condition(self, request: Request, ref: str, part: str) -> Response:
        """Confirm that a condition is met."""
        record, _version, data = self.get_object(), self.match(request), self.given(request, NoteSerializer)
        row = _part(record.conditions.select_related("assessment"), part)
        services.meet_condition(row, by=person_of(request), on=clock.today(), **data)
        return self.answer(record)


def _key(text: str) -> int:
    return int(text[:18])


def _part(rows: Any, part: str) -> Any:
    found = rows.filter(pk=_key(part)).first()
    if found is None:
        raise Hidden
    return found
