"""API of screenings: answering, many at once, deciding."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet
from impact import services
from impact.api.serializers import (
    DecideSerializer,
    ScreeningSerializer,
    ScreenManySerializer,
    ScreenSerializer,
)
from impact.models import (
    Screening,
)
from impact.tables import SCREENINGS
from organization.api.base import ReasonSerializer, person_of
from organization.deciding import confirm


class ScreeningViewSet(RecordViewSet):
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
        by, on = person_of(request), clock.today()
        return self.answer(services.approve_screening(record, by=by, on=on, version=version, **data))

    @extend_schema(request=ReasonSerializer, responses=ScreeningSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, ref: str) -> Response:
        """Give it back to who answered."""
        record, version, data = self.get_object(), self.match(request), self.given(request, ReasonSerializer)
        confirm(request)
        by = person_of(request)
        return self.answer(services.return_screening(record, by=by, version=version, on=clock.today(), **data))
