"""API of screenings: answering, many at once, deciding."""

from typing import Any

from django.http import QueryDict
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
    ScreenManyResult,
    ScreenManySerializer,
    ScreenSerializer,
)
from impact.filters import to_screen
from impact.models import Screening
from impact.tables import SCREENINGS
from organization.api.base import ReasonSerializer, person_of
from organization.deciding import confirm


def _params(matching: dict[str, list[str]]) -> QueryDict:
    """Filters as an address has them."""
    params = QueryDict(mutable=True)
    for name, values in matching.items():
        params.setlist(name, values)
    return params


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

    @extend_schema(request=ScreenManySerializer, responses=ScreenManyResult)
    @action(detail=False, methods=["post"])
    def many(self, request: Request) -> Response:
        """The same answers for up to 500 systems, each recorded by itself; refusals are told by system.

        The systems are named, or all that are not screened yet and match a filter; `preview` only says what would follow.
        """
        data = self.given(request, ScreenManySerializer)
        preview, by = data.pop("preview"), person_of(request)
        systems = data.pop("systems") if "systems" in data else to_screen(by, _params(data.pop("matching")))
        act = services.foresee_many if preview else services.screen_many

        def make() -> Response:
            done = act(systems, by=by, on=clock.today(), **data)
            return Response(ScreenManyResult({"preview": preview, "results": done}).data)

        return self.once(request, make)

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
