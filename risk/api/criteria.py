"""API of risk criteria. Deciding wants a person."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet, StrictSerializer
from organization.api.fields import PersonField
from organization.deciding import confirm
from risk import services
from risk.api.bodies import DecidingSerializer
from risk.models import RiskCriteria
from risk.tables import CRITERIA


class CriteriaSerializer(StrictSerializer):
    """An edition of the criteria: scales, levels and who may accept them."""

    owner = PersonField(required=False)
    drafted_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    approved_by = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = RiskCriteria
        fields = (
            "ref", "title", "edition", "state", "appetite", "likelihood", "consequence", "levels", "authority", "owner",
            "due_on", "drafted_by", "approved_by", "approved_at", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar[tuple[str, ...]] = (
            "ref", "title", "edition", "state", "approved_at", "version", "created_at", "updated_at",
        )  # fmt: skip


class CriteriaViewSet(RecordViewSet):
    """Risk criteria. A POST drafts the next edition as a copy of the one in force, with what is given over it."""

    model = RiskCriteria
    table = CRITERIA
    serializer_class = CriteriaSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def create(self, request: Request) -> Response:
        """Draft a new edition."""
        return self.once(request, lambda: self.answer(self._draft(request), status=201))

    def _draft(self, request: Request) -> RiskCriteria:
        serializer = self.get_serializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return services.draft_criteria(by=request.user, data=dict(serializer.validated_data))  # type: ignore[arg-type]

    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a draft."""
        record, version = self.get_object(), self.match(request)
        data = self.cleaned(request, record, partial=True)
        return self.answer(services.change_criteria(record, by=request.user, data=data, version=version))  # type: ignore[arg-type]

    @extend_schema(request=DecidingSerializer, responses=CriteriaSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, ref: str) -> Response:
        """Put the draft in force."""
        record, version = self.get_object(), self.match(request)
        data = self.given(request, DecidingSerializer)
        data.pop("conditions", None)
        confirm(request)
        by: Any = request.user
        done = services.approve_criteria(record, by=by, at=clock.now(), on=clock.today(), version=version, **data)
        return self.answer(done)
