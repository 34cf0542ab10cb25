"""Committees and sittings: members, agenda, votes, outcomes. Votes and outcomes want a person, not a token."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from aims.errors import Hidden
from organization.api.base import ReasonSerializer, person_of
from organization.api.fields import PersonField, UnitField
from organization.committee_states import Choice, Function
from organization.committee_tables import COMMITTEES, SITTINGS
from organization.committees import Committee, Matter, Member, Sitting, Vote
from organization.deciding import confirm
from organization.services import committees as services
from organization.views.committees import seen_records

_PART = r"(?P<part>[0-9]+)"
_MATTER = rf"matters/{_PART}"


class MemberSerializer(serializers.ModelSerializer[Member]):
    """A member, from a day to a day."""

    person = PersonField()
    function = serializers.ChoiceField(choices=Function.choices, default=Function.MEMBER)

    class Meta:
        model = Member
        fields = ("id", "person", "function", "since", "until", "ground")
        read_only_fields = ("until",)


class CommitteeSerializer(StrictSerializer):
    """A committee; its members are those of today."""

    unit = UnitField()
    owner = PersonField(required=False)
    members = serializers.SerializerMethodField()

    class Meta:
        model = Committee
        fields = ("ref", "title", "state", "purpose", "quorum", "majority", "unit", "owner", "members", "version")
        read_only_fields: ClassVar[tuple[str, ...]] = ("ref", "state", "version")

    def get_members(self, committee: Committee) -> list[dict[str, Any]]:
        today = clock.today()
        rows = [
            one for one in committee.members.all() if one.since <= today and (one.until is None or one.until >= today)
        ]
        return list(MemberSerializer(rows, many=True).data)


class EndSerializer(serializers.Serializer[Any]):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=2000)


class PlanSerializer(serializers.Serializer[Any]):
    held_on = serializers.DateField()
    place = serializers.CharField(max_length=200, required=False)


class VoteSerializer(serializers.ModelSerializer[Vote]):
    person = serializers.CharField(source="person.email", read_only=True)

    class Meta:
        model = Vote
        fields = ("person", "choice", "reason", "cast_at")
        read_only_fields = ("cast_at",)


class MatterSerializer(serializers.ModelSerializer[Matter]):
    """A matter about a record that the caller sees, with its votes."""

    record = serializers.CharField(source="record.ref", read_only=True)
    votes = VoteSerializer(many=True, read_only=True)

    class Meta:
        model = Matter
        fields = (
            "id", "record", "question", "options", "state", "outcome", "tally", "reason", "dissent", "conditions", "until",
            "decided_on", "votes",
        )  # fmt: skip


class SittingSerializer(StrictSerializer):
    """A sitting with its agenda, as far as the caller sees the records."""

    committee = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    present = serializers.SerializerMethodField()
    matters = serializers.SerializerMethodField()

    class Meta:
        model = Sitting
        fields = ("ref", "title", "state", "committee", "held_on", "place", "present", "matters", "minutes", "version")
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref",
            "title",
            "state",
            "held_on",
            "place",
            "minutes",
            "version",
        )

    def get_present(self, sitting: Sitting) -> list[str]:
        return [one.person.email for one in sitting.attendances.all()]

    def get_matters(self, sitting: Sitting) -> list[dict[str, Any]]:
        rows = list(sitting.matters.all())
        seen = seen_records(rows, self.context["request"].user)
        return list(MatterSerializer([one for one in rows if one.record_id in seen], many=True).data)


class PresentSerializer(serializers.Serializer[Any]):
    present = PersonField(many=True)


class CastSerializer(serializers.Serializer[Any]):
    choice = serializers.ChoiceField(choices=Choice.choices)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ConditionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=1000)
    due_on = serializers.DateField()


class OutcomeSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4000)
    until = serializers.DateField(required=False, allow_null=True)
    conditions = ConditionSerializer(many=True, required=False)


class MinutesSerializer(serializers.Serializer[Any]):
    minutes = serializers.CharField(max_length=20000)


class NothingSerializer(serializers.Serializer[Any]):
    """No fields."""


class CommitteeViewSet(RecordViewSet):
    """Committees. Founding and changing wants a person who confirmed who they are."""

    model, table, serializer_class = Committee, COMMITTEES, CommitteeSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("unit", "owner").prefetch_related("members__person")

    def create(self, request: Request) -> Response:
        """Found a committee."""
        data = self.cleaned(request)
        confirm(request)
        by = person_of(request)
        return self.once(request, lambda: self.answer(services.found_committee(by=by, data=data), status=201))

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change purpose, quorum or majority."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        confirm(request)
        return self.answer(services.change_committee(record, by=person_of(request), data=data, version=version))

    @extend_schema(request=MemberSerializer, responses=CommitteeSerializer)
    @action(detail=True, methods=["post"])
    def members(self, request: Request, ref: str) -> Response:
        """Name a member."""
        record, version, data = self.get_object(), self.match(request), self.given(request, MemberSerializer)
        confirm(request)
        services.add_member(record, by=person_of(request), data=data, version=version)
        return self.answer(record, status=201)

    @extend_schema(request=EndSerializer, responses=CommitteeSerializer)
    @action(detail=True, methods=["post"], url_path=rf"members/{_PART}/end")
    def end_member(self, request: Request, ref: str, part: str) -> Response:
        """Let a membership end."""
        record = self.get_object()
        self.match(request)
        found = record.members.filter(pk=part).first()
        if found is None:
            raise Hidden
        data = self.given(request, EndSerializer)
        confirm(request)
        services.end_membership(found, by=person_of(request), **data)
        return self.answer(record)

    @extend_schema(request=PlanSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"])
    def sittings(self, request: Request, ref: str) -> Response:
        """Call a sitting; the queue becomes its agenda."""
        record, data = self.get_object(), self.given(request, PlanSerializer)
        self.match(request)
        made = services.plan_sitting(record, by=person_of(request), on=clock.today(), **data)
        body = SittingSerializer(made, context=self.get_serializer_context()).data
        return Response(body, status=201, headers={"Location": f"/api/v1/sittings/{made.ref}/"})

    @extend_schema(request=ReasonSerializer, responses=CommitteeSerializer)
    @action(detail=True, methods=["post"])
    def dissolve(self, request: Request, ref: str) -> Response:
        """End the committee."""
        record, version, data = self.get_object(), self.match(request), self.given(request, ReasonSerializer)
        confirm(request)
        return self.answer(services.dissolve_committee(record, by=person_of(request), version=version, **data))


class SittingViewSet(RecordViewSet):
    """Sittings: open, vote, record, close. Each wants a person who confirmed who they are."""

    model, table, serializer_class = Sitting, SITTINGS, SittingSerializer
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("committee")
        return rows.prefetch_related("attendances__person", "matters__record", "matters__votes__person")

    def _act(self, request: Request, serializer: type[Any], verb: Any, **more: Any) -> Response:
        record, version, data = self.get_object(), self.match(request), self.given(request, serializer)
        confirm(request)
        return self.answer(verb(record, by=person_of(request), version=version, **data, **more))

    @extend_schema(request=PresentSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, ref: str) -> Response:
        """Begin, with who is there."""
        return self._act(request, PresentSerializer, services.open_sitting)

    @extend_schema(request=PresentSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"])
    def present(self, request: Request, ref: str) -> Response:
        """Who came later."""
        return self._act(request, PresentSerializer, services.note_present)

    @extend_schema(request=NothingSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"])
    def fill(self, request: Request, ref: str) -> Response:
        """Take what waits in the queue onto the agenda."""
        return self._act(request, NothingSerializer, services.fill_agenda)

    @extend_schema(request=ReasonSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, ref: str) -> Response:
        """Call the sitting off."""
        return self._act(request, ReasonSerializer, services.cancel_sitting)

    @extend_schema(request=MinutesSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, ref: str) -> Response:
        """End, with minutes."""
        return self._act(request, MinutesSerializer, services.close_sitting, on=clock.today())

    def _matter(self, part: str) -> tuple[Sitting, Matter]:
        record = self.get_object()
        found = services.seen_matter(int(part[:18]), self.request.user)
        if found.sitting_id != record.pk:
            raise Hidden
        return record, found

    @extend_schema(request=CastSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"], url_path=rf"{_MATTER}/vote")
    def vote(self, request: Request, ref: str, part: str) -> Response:
        """Vote on a matter: once, as a member who is present and no author."""
        record, matter = self._matter(part)
        data = self.given(request, CastSerializer)
        confirm(request)
        services.cast_vote(matter, by=person_of(request), **data)
        return self.answer(record)

    @extend_schema(request=OutcomeSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"], url_path=rf"{_MATTER}/outcome")
    def outcome(self, request: Request, ref: str, part: str) -> Response:
        """Record what the votes decided; 409 without quorum or majority."""
        record, matter = self._matter(part)
        data = self.given(request, OutcomeSerializer)
        data["conditions"] = [(one["text"], one["due_on"]) for one in data.get("conditions", [])]
        confirm(request)
        services.record_outcome(matter, by=person_of(request), on=clock.today(), **data)
        return self.answer(record)

    @extend_schema(request=ReasonSerializer, responses=SittingSerializer)
    @action(detail=True, methods=["post"], url_path=rf"{_MATTER}/put-off")
    def put_off(self, request: Request, ref: str, part: str) -> Response:
        """Leave a matter for the next sitting."""
        record, matter = self._matter(part)
        data = self.given(request, ReasonSerializer)
        confirm(request)
        services.put_off(matter, by=person_of(request), on=clock.today(), **data)
        return self.answer(record)
