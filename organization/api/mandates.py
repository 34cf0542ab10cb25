"""/api/v1/authorities/, /api/v1/competences/, /api/v1/overrides/ and /api/v1/duties/. Deciding wants a person."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from aims.listing import Column, Table
from organization.api.base import NumberedViewSet, ReasonSerializer, person_of
from organization.api.fields import PersonField, UnitField
from organization.deciding import confirm
from organization.mandate_tables import AUTHORITIES, COMPETENCES, OVERRIDES
from organization.mandates import Authority, CompetenceRecord, DutyOverride, DutyTable
from organization.services import mandates as services
from organization.services.duties import review_override, set_duties
from organization.states import Role


class AuthoritySerializer(StrictSerializer):
    """A person (`owner`) or a role that may take a kind of decision up to a level."""

    owner = PersonField(required=False, allow_null=True)
    role = serializers.ChoiceField(choices=Role.choices, required=False, allow_blank=True)
    unit = UnitField()
    granted_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Authority
        fields: ClassVar = (
            "ref", "title", "state", "owner", "role", "act", "level", "unit", "valid_from", "valid_until", "granted_by",
            "reason", "ended_on", "end_reason", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = (
            "ref", "title", "state", "ended_on", "end_reason", "version", "created_at", "updated_at",
        )  # fmt: skip


class AuthorityViewSet(RecordViewSet):
    """Who may decide what. Clause 5.3."""

    model, table, serializer_class = Authority, AUTHORITIES, AuthoritySerializer
    http_method_names = ["get", "post", "head", "options"]

    def create(self, request: Request) -> Response:
        """Let somebody decide."""
        data = self.cleaned(request)
        confirm(request)
        by = person_of(request)
        return self.once(request, lambda: self.answer(services.grant_authority(by=by, data=data), status=201))

    @extend_schema(request=ReasonSerializer, responses=AuthoritySerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """Take it back."""
        record, version = self.get_object(), self.match(request)
        reason = self.given(request, ReasonSerializer)["reason"]
        confirm(request)
        by, on = person_of(request), clock.today()
        return self.answer(services.end_authority(record, by=by, reason=reason, on=on, version=version))


class CompetenceSerializer(StrictSerializer):
    """What a person is competent for (`title`), on what ground, until when (`due_on`)."""

    owner = PersonField()
    unit = UnitField(read_only=True)
    confirmed_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = CompetenceRecord
        fields: ClassVar = (
            "ref", "title", "state", "owner", "unit", "ground", "acquired_on", "due_on", "effect", "confirmed_by",
            "ended_on", "end_reason", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = ("ref", "state", "ended_on", "end_reason", "version", "created_at", "updated_at")


class RenewSerializer(serializers.Serializer[Any]):
    """Competence confirmed again."""

    ground = serializers.CharField(max_length=2000)
    acquired_on = serializers.DateField()
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    effect = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class CompetenceViewSet(RecordViewSet):
    """Who is competent for what. Clause 7.2."""

    model, table, serializer_class = CompetenceRecord, COMPETENCES, CompetenceSerializer
    http_method_names = ["get", "post", "head", "options"]

    def create(self, request: Request) -> Response:
        """Confirm what another person is competent for."""
        data = self.cleaned(request)
        confirm(request)
        by = person_of(request)
        return self.once(request, lambda: self.answer(services.record_competence(by=by, data=data), status=201))

    @extend_schema(request=RenewSerializer, responses=CompetenceSerializer)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, ref: str) -> Response:
        """Confirm it again."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, RenewSerializer)
        confirm(request)
        return self.answer(services.renew_competence(record, by=person_of(request), data=data, version=version))

    @extend_schema(request=ReasonSerializer, responses=CompetenceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, ref: str) -> Response:
        """End it."""
        record, version = self.get_object(), self.match(request)
        reason = self.given(request, ReasonSerializer)["reason"]
        confirm(request)
        by, on = person_of(request), clock.today()
        return self.answer(services.end_competence(record, by=by, reason=reason, on=on, version=version))


class OverrideSerializer(StrictSerializer):
    """Where one person held two duties, and what the review found."""

    record = serializers.SlugRelatedField(slug_field="ref", read_only=True)  # type: ignore[var-annotated]
    unit = UnitField(read_only=True)
    by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    reviewed_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = DutyOverride
        fields: ClassVar = (
            "ref", "title", "state", "record", "unit", "rule", "tier", "by", "reason", "safeguard", "at", "review_by",
            "reviewed_by", "reviewed_at", "finding", "version",
        )  # fmt: skip
        read_only_fields: ClassVar = fields


class FindingSerializer(serializers.Serializer[Any]):
    finding = serializers.CharField(max_length=2000)


class OverrideViewSet(RecordViewSet):
    """Overrides of separated duties. Clause 5.3."""

    model, table, serializer_class = DutyOverride, OVERRIDES, OverrideSerializer
    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(request=FindingSerializer, responses=OverrideSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, ref: str) -> Response:
        """Another person says what they found."""
        record, version = self.get_object(), self.match(request)
        finding = self.given(request, FindingSerializer)["finding"]
        confirm(request)
        by, at = person_of(request), clock.now()
        return self.answer(review_override(record, by=by, finding=finding, at=at, version=version))


class DutiesSerializer(StrictSerializer):
    """An edition of the table of separated duties: rule → tier → mode. Its version is its edition."""

    version = serializers.IntegerField(source="edition", read_only=True)
    set_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = DutyTable
        fields: ClassVar = ("id", "edition", "cells", "reason", "set_by", "set_at", "version")
        read_only_fields: ClassVar = ("id", "edition", "set_by", "set_at", "version")


DUTIES = Table(
    kind="duties",
    columns=[Column("edition", "Edition", lambda d: d.edition, sort="edition")],
    search=("reason",),
    related=("set_by",),
    sort="-edition",
    extra_sorts=("edition",),
)


class DutiesViewSet(NumberedViewSet):
    """Editions of the table of separated duties, the one in force first. A POST sets the next. Clause 5.3."""

    model = DutyTable  # type: ignore[assignment]
    table = DUTIES
    path = "duties"
    serializer_class = DutiesSerializer
    http_method_names = ["get", "post", "head", "options"]

    def create(self, request: Request) -> Response:
        """Put the next edition in force."""
        data = self.cleaned(request)
        confirm(request)
        by = person_of(request)
        cells, reason = data.get("cells", {}), data["reason"]
        return self.once(request, lambda: self.answer(set_duties(cells, by=by, reason=reason), status=201))
