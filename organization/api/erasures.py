"""/api/v1/erasures/: personal data that are to go. Asked, approved and refused by people signed in, never by a token."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock, erasures
from aims.access import access_of
from aims.api.base import ActingViewSet, StrictSerializer
from aims.errors import Hidden, NotPermitted
from aims.models import Erasure
from organization.api.base import ReasonSerializer, VisibleKeyField, person_of
from organization.deciding import confirm
from organization.models import User


class ErasureSerializer(StrictSerializer):
    """An erasure: whose data, why, and what was decided."""

    person = serializers.IntegerField(source="object_id", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Erasure
        fields: ClassVar = [
            "id", "person", "reason", "state", "asked_by", "asked_at", "approved_by", "approved_at", "done_at",
            "refused_by", "refused_at", "refusal",
        ]  # fmt: skip
        read_only_fields: ClassVar = [name for name in fields if name != "reason"]

    def get_state(self, erasure: Erasure) -> str:
        return "erased" if erasure.done_at else "refused" if erasure.refused_at else "asked"


class AskSerializer(serializers.Serializer[Any]):
    """Whose data are to go, and why (without repeating them)."""

    person = VisibleKeyField(queryset=User.objects.all())
    reason = serializers.CharField(max_length=2000)


class ErasureViewSet(ActingViewSet):
    """Erasures of people of the units one manages. Each is decided once, by another person than who asked."""

    serializer_class = ErasureSerializer
    queryset = Erasure.objects.none()
    pagination_class = None
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not access_of(request.user).capacity(erasures.VERB):
            raise NotPermitted

    def list(self, request: Request) -> Response:
        return Response(self.get_serializer([one for one, _row in erasures.erasures_of(request.user)], many=True).data)

    def retrieve(self, request: Request, number: str) -> Response:
        return Response(self.get_serializer(self._erasure()).data)

    @extend_schema(request=AskSerializer, responses={201: ErasureSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an erasure."""
        data = self.given(request, AskSerializer)
        confirm(request)
        asked = erasures.ask_erasure(data["person"], by=person_of(request), reason=data["reason"])
        return Response(self.get_serializer(asked).data, status=201)

    @extend_schema(request=None, responses=ErasureSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Approve as a second person: the data go at once."""
        erasure = self._erasure()
        confirm(request)
        done = erasures.approve_erasure(erasure, by=person_of(request), at=clock.now())
        return Response(self.get_serializer(done).data)

    @extend_schema(request=ReasonSerializer, responses=ErasureSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, number: str) -> Response:
        """Refuse it, or take one's own request back."""
        erasure, reason = self._erasure(), self.given(request, ReasonSerializer)["reason"]
        confirm(request)
        done = erasures.refuse_erasure(erasure, by=person_of(request), at=clock.now(), reason=reason)
        return Response(self.get_serializer(done).data)

    def _erasure(self) -> Erasure:
        for erasure, _row in erasures.erasures_of(self.request.user):
            if erasure.pk == int(self.kwargs["number"]):
                return erasure
        raise Hidden
