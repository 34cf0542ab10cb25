"""API of assessments: everything they hold, their verbs, what is missing, what changed."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet
from aims.errors import Hidden
from impact import services
from impact.api.serializers import (
    AllowSerializer,
    AnswerManySerializer,
    ApproveSerializer,
    AskSerializer,
    GiveSerializer,
    ImpactSerializer,
    NewImpactSerializer,
    NewMeasureSerializer,
    NoneSerializer,
    NoteSerializer,
    OpenSerializer,
    PartySerializer,
    ReferSerializer,
    ResultSerializer,
)
from impact.comparison import compare
from impact.missing import missing
from impact.models import (
    ImpactAssessment,
)
from impact.tables import ASSESSMENTS
from impact.views.base import with_systems
from organization.api.base import ReasonSerializer, person_of
from organization.api.committees import NothingSerializer
from organization.deciding import confirm

_PART = r"(?P<part>[0-9]+)"


def _pairs(rows: Any) -> list[tuple[str, Any]]:
    return [(one["text"], one["due_on"]) for one in rows or ()]


class ImpactViewSet(RecordViewSet):
    """Impact assessments. Writing is by verb with If-Match; a token writes and submits, a person decides."""

    model, table, serializer_class = ImpactAssessment, ASSESSMENTS, ImpactSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

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
        system, template, by = data.pop("system"), data.pop("template", ""), person_of(request)

        def make() -> Response:
            return self.answer(
                services.open_assessment(system, by=by, on=clock.today(), data=data, template=template), status=201
            )

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
        by, on = person_of(request), clock.today()
        return self.answer(services.approve_assessment(record, by=by, on=on, version=version, **data))

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
