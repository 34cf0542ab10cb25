"""The gate, life-cycle records, changes and passages. Deciding wants a person; CI asks and reports with a token."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import asof, clock
from aims.api.base import RecordRefField
from aims.api.problems import problem
from aims.errors import Hidden, WrongState
from evidence.models import EvidenceItem
from inventory import services
from inventory.api.fields import ReasonSerializer, body, person_of
from inventory.gating import passage
from inventory.models import AISystem, GateAttempt, GateStatement
from inventory.models.systems import DIGEST
from inventory.services import Brought
from inventory.states import AttemptState, SystemStage
from organization.deciding import confirm


def words(most: int = 4000, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, **more)


def optional(most: int = 200) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True, default="")


def digest_field() -> serializers.RegexField:
    return serializers.RegexField(DIGEST, required=False, allow_blank=True, default="")


class GateSerializer(serializers.Serializer[Any]):
    """What is to be brought where. Third-party AI names vendor, product and its version or configuration date."""

    version = words(40)
    digest = digest_field()
    environment = words(60)
    commit = optional(80)
    vendor = optional()
    product = optional()
    configured_on = serializers.DateField(required=False, allow_null=True, default=None)
    dry_run = serializers.BooleanField(required=False, default=False)


class StopSerializer(ReasonSerializer):
    environment = optional(60)


class BreakSerializer(GateSerializer):
    reason = words(2000)


class PilotSerializer(BreakSerializer):
    """`users` or `share` (of traffic) limits the pilot; `stop` says when it ends before `until`."""

    users = optional(500)
    share = optional(40)
    data_used = words(1000)
    stop = words(1000)
    until = serializers.DateField()


class StatementSerializer(serializers.Serializer[Any]):
    """What a named person says about an item of the gate."""

    item = words(40)
    text = words()
    evidence = RecordRefField(EvidenceItem, required=False, allow_null=True)
    until = serializers.DateField(required=False, allow_null=True)


class SaidSerializer(serializers.ModelSerializer[GateStatement]):
    """What somebody said; `over`: it was taken back, or its time has passed."""

    release = serializers.CharField(source="release.number", default=None)
    evidence = serializers.CharField(source="evidence.ref", default=None)
    said_by = serializers.CharField(source="said_by.email")
    countersigned_by = serializers.CharField(source="countersigned_by.email", default=None)
    over = serializers.SerializerMethodField()

    class Meta:
        model = GateStatement
        fields = (
            "id", "said", "item", "text", "release", "evidence", "until", "said_by", "said_on", "countersigned_by",
            "countersigned_on", "ended_on", "over",
        )  # fmt: skip

    def get_over(self, row: GateStatement) -> bool:
        return row.over(asof.day())


class RunningSerializer(serializers.Serializer[Any]):
    version = optional(40)
    digest = digest_field()


class DeployedSerializer(serializers.Serializer[Any]):
    """Everything of the system that runs in an environment now; what is missing is gone."""

    environment = words(60)
    running = RunningSerializer(many=True)


class ClassifySerializer(serializers.Serializer[Any]):
    """Answers to the law's questionnaire: question → yes, no, unsure."""

    answers = serializers.DictField(child=serializers.CharField(max_length=10, allow_blank=True))
    exemption = optional(4000)


def brought_of(given: dict[str, Any]) -> Brought:
    names = ("environment", "digest", "commit", "vendor", "product", "configured_on")
    return Brought(number=given["version"], **{name: given[name] for name in names})


def refused(attempt: GateAttempt) -> Response:
    """409 with what is unmet, as RFC 9457 has it."""
    detail = ngettext("%(count)d item is unmet.", "%(count)d items are unmet.", len(attempt.unmet)) % {
        "count": len(attempt.unmet)
    }
    more = {"unmet": services.unmet_of(attempt), "attempt": attempt.ref, "mode": attempt.mode}
    return problem(409, _("The gate is closed"), detail, **more)


def allowed(attempt: GateAttempt) -> Response:
    unmet = services.unmet_of(attempt)
    body_ = {
        "allowed": True, "attempt": attempt.ref, "way": attempt.way, "mode": attempt.mode, "permit": attempt.permit,
        "valid_until": attempt.valid_until, "items": attempt.items, "unmet": unmet,
    }  # fmt: skip
    return Response(body_)


def _looked(system: AISystem) -> Response:
    if asof.moment() is not None:
        raise WrongState(_("The gate answers for today; its passages say what it answered then."))
    found = passage(services.newest_question(system, clock.today()), SystemStage.DEPLOYMENT)
    answers = [one.plain() for one in found.answers]
    return Response({"allowed": found.allowed, "mode": found.mode, "items": answers})


def _tried(system: AISystem, given: dict[str, Any], request: Request) -> Response:
    found = services.look_at_gate(system, brought_of(given), by=person_of(request), on=clock.today())
    unmet = [one.as_unmet() for one in found.unmet]
    if not found.allowed:
        return problem(409, _("The gate would be closed"), _("Nothing was recorded."), unmet=unmet, mode=found.mode)
    answers = [one.plain() for one in found.answers]
    return Response({"allowed": True, "dry_run": True, "mode": found.mode, "items": answers, "unmet": unmet})


def _statement(system: AISystem, part: str) -> GateStatement:
    found: GateStatement | None = GateStatement.objects.filter(system=system, pk=int(part)).first()
    if found is None:
        raise Hidden
    return found


class GateActions:
    """Mixin of the AI systems' resource: everything that happens at its gate."""

    without_match: ClassVar = (
        "ask_gate",
        "stop",
        "break_glass",
        "pilot",
        "attest",
        "exception",
        "countersign",
        "take_back",
        "deployed",
        "classify",
    )

    def _given(self: Any, request: Request, serializer: Any) -> tuple[AISystem, dict[str, Any]]:
        return self.get_object(), body(serializer, request, self.get_serializer_context())

    @extend_schema(responses={200: None})
    @action(detail=True, methods=["get"])
    def gate(self: Any, request: Request, ref: str) -> Response:
        """What the gate into deployment answers now to the newest version."""
        return _looked(self.get_object())

    @extend_schema(request=GateSerializer, responses={200: None})
    @gate.mapping.post
    def ask_gate(self: Any, request: Request, ref: str) -> Response:
        """Ask to bring a version into an environment: 200 with a signed permit that expires, or 409 with what is unmet.

        `dry_run` asks and records nothing.
        """
        system, given = self._given(request, GateSerializer)
        if given["dry_run"]:
            return _tried(system, given, request)
        attempt = services.ask_gate(system, brought_of(given), by=person_of(request), at=clock.now())
        return allowed(attempt) if attempt.state == AttemptState.ALLOWED else refused(attempt)

    @extend_schema(request=PilotSerializer, responses={200: None})
    @action(detail=True, methods=["post"], url_path="gate/pilot")
    def pilot(self: Any, request: Request, ref: str) -> Response:
        """Allow a pilot: limited, with an end and with criteria to stop."""
        system, given = self._given(request, PilotSerializer)
        confirm(request)
        terms = {name: given[name] for name in ("users", "share", "data_used", "stop")}
        return allowed(
            services.allow_pilot(
                system, brought_of(given), by=person_of(request), terms=terms, reason=given["reason"],
                until=given["until"], at=clock.now(),
            )
        )  # fmt: skip

    @extend_schema(request=BreakSerializer, responses={200: None})
    @action(detail=True, methods=["post"], url_path="gate/break-glass")
    def break_glass(self: Any, request: Request, ref: str) -> Response:
        """Deploy around the gate in an emergency; a review follows within 24 hours."""
        system, given = self._given(request, BreakSerializer)
        confirm(request)
        by = person_of(request)
        return allowed(
            services.break_glass(system, brought_of(given), by=by, reason=given["reason"], at=clock.now())
        )  # fmt: skip

    @extend_schema(request=StopSerializer, responses={200: None})
    @action(detail=True, methods=["post"], url_path="gate/stop")
    def stop(self: Any, request: Request, ref: str) -> Response:
        """Emergency stop: every permit is withdrawn."""
        system, given = self._given(request, StopSerializer)
        attempt = services.stop_system(system, by=person_of(request), at=clock.now(), **given)
        return Response({"stopped": True, "attempt": attempt.ref})

    @extend_schema(request=StatementSerializer, responses={200: None})
    @action(detail=True, methods=["post"], url_path="gate/attest")
    def attest(self: Any, request: Request, ref: str) -> Response:
        """Vouch for an item that no check answers, with evidence."""
        system, given = self._given(request, StatementSerializer)
        made = services.attest(system, by=person_of(request), data=given, on=clock.today())
        return Response({"id": made.pk, "item": made.item, "said": made.said}, status=201)

    @extend_schema(request=StatementSerializer, responses={200: None})
    @action(detail=True, methods=["post"], url_path="gate/exception")
    def exception(self: Any, request: Request, ref: str) -> Response:
        """Ask for an exception until a day; it holds once another person countersigns."""
        system, given = self._given(request, StatementSerializer)
        made = services.ask_exception(system, by=person_of(request), data=given, on=clock.today())
        return Response({"id": made.pk, "item": made.item, "said": made.said}, status=201)

    @extend_schema(responses=SaidSerializer(many=True))
    @action(detail=True, methods=["get"], url_path="gate/statements")
    def statements(self: Any, request: Request, ref: str) -> Response:
        """What people vouched for and which exceptions they asked for, the newest first, with those that are over."""
        rows = GateStatement.objects.filter(system=self.get_object())
        rows = rows.select_related("release", "evidence", "said_by", "countersigned_by")
        return Response({"results": SaidSerializer(rows, many=True).data})

    @extend_schema(request=ReasonSerializer, responses=SaidSerializer)
    @action(detail=True, methods=["post"], url_path=r"gate/statements/(?P<part>\d{1,18})/countersign")
    def countersign(self: Any, request: Request, ref: str, part: str) -> Response:
        """Countersign an exception; never one's own."""
        system, given = self._given(request, ReasonSerializer)
        row = _statement(system, part)
        confirm(request)
        made = services.countersign(row, by=person_of(request), on=clock.today(), **given)
        return Response(SaidSerializer(made).data)

    @extend_schema(request=ReasonSerializer, responses=SaidSerializer)
    @action(detail=True, methods=["post"], url_path=r"gate/statements/(?P<part>\d{1,18})/take-back")
    def take_back(self: Any, request: Request, ref: str, part: str) -> Response:
        """End an attestation or an exception before its time."""
        system, given = self._given(request, ReasonSerializer)
        made = services.take_back(_statement(system, part), by=person_of(request), on=clock.today(), **given)
        return Response(SaidSerializer(made).data)

    @extend_schema(request=DeployedSerializer, responses={200: None})
    @action(detail=True, methods=["post"])
    def deployed(self: Any, request: Request, ref: str) -> Response:
        """Report what runs where."""
        system, given = self._given(request, DeployedSerializer)
        seen = services.report_running(system, by=person_of(request), at=clock.now(), **given)
        return Response({"seen": len(seen)})

    @extend_schema(request=ClassifySerializer, responses={201: None})
    @action(detail=True, methods=["post"])
    def classify(self: Any, request: Request, ref: str) -> Response:
        """Classify under the EU AI Act by the rules in force; a person confirms the outcome."""
        system, given = self._given(request, ClassifySerializer)
        made = services.classify_system(system, by=person_of(request), on=clock.today(), **given)
        return Response({"ref": made.ref, "outcome": made.outcome}, status=201)
