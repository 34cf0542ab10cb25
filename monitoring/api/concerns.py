"""Concerns: raised by everybody signed in; read and handled by who is on the case list."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordRefField, RecordViewSet, StrictSerializer
from aims.services import require
from monitoring import policies, services
from monitoring.acts import ACTS, Given
from monitoring.models import Concern, Entry
from monitoring.states import Verdict
from monitoring.tables import CONCERNS
from monitoring.views.base import seen
from organization.api.fields import PersonField, SpineField, UnitField


class ConcernEntrySerializer(serializers.ModelSerializer[Entry]):
    """A message or a note."""

    author = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Entry
        fields = ("sort", "text", "author", "written_at")


class ConcernSerializer(StrictSerializer):
    """A concern; its reporter only where the reader may know the name."""

    unit = UnitField(read_only=True)
    owner = serializers.SlugRelatedField(slug_field="email", read_only=True)  # type: ignore[var-annotated]
    system = RecordRefField(read_only=True)
    raised_by = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()
    entries = ConcernEntrySerializer(many=True, read_only=True)

    class Meta:
        model = Concern
        fields = (
            "ref", "title", "state", "sort", "told", "about", "named", "name_kept", "unit", "owner", "system",
            "raised_by", "people", "links", "entries", "received_at", "acknowledge_by", "answer_by", "due_on",
            "acknowledged_at", "answered_at", "closed_at", "verdict", "reasons", "outcome", "version", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields: ClassVar = (
            "ref", "title", "state", "received_at", "acknowledge_by", "answer_by", "due_on", "acknowledged_at",
            "answered_at", "closed_at", "verdict", "reasons", "outcome", "version", "created_at", "updated_at",
        )  # fmt: skip

    def get_raised_by(self, concern: Concern) -> str | None:
        shown = policies.may_know_reporter(self.context["request"].user, concern)
        return str(concern.raised_by.email) if shown and concern.raised_by is not None else None

    def get_people(self, concern: Concern) -> list[str]:
        return [str(one.person.email) for one in concern.people.all()]

    def get_links(self, concern: Concern) -> list[str]:
        return [str(one.record.ref) for one in concern.links.all()]


class ConcernRaisedSerializer(serializers.Serializer[Any]):
    """What who raised it gets back: how to find it, and until when it is answered."""

    ref = serializers.CharField()
    acknowledge_by = serializers.DateField()
    answer_by = serializers.DateField()


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=4000, **more)


class ConcernTextBody(serializers.Serializer[Any]):
    """What is said."""

    text = _text()


class ConcernNothingBody(serializers.Serializer[Any]):
    """Nothing."""


class ConcernAnswerBody(serializers.Serializer[Any]):
    """What came of it, and why."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reasons = _text()
    outcome = _text(required=False, allow_blank=True)


class ConcernReasonBody(serializers.Serializer[Any]):
    """Why."""

    reason = _text()


class ConcernCloseBody(serializers.Serializer[Any]):
    """Why, perhaps."""

    reason = _text(required=False, allow_blank=True)


class ConcernAssignBody(ConcernReasonBody):
    """To whom, by e-mail, and why."""

    to = PersonField()


class ConcernNameBody(ConcernReasonBody):
    """Who is involved, by e-mail, and why."""

    person = PersonField()


class ConcernLinkBody(serializers.Serializer[Any]):
    """A record, by reference."""

    record = SpineField()


class ConcernUnlinkBody(ConcernLinkBody, ConcernReasonBody):
    """A record, by reference, and why it does not belong here."""


BODIES: dict[str, type[serializers.Serializer[Any]]] = {
    "acknowledge": ConcernTextBody,
    "look": ConcernNothingBody,
    "outcome": ConcernAnswerBody,
    "close": ConcernCloseBody,
    "reopen": ConcernReasonBody,
    "assign": ConcernAssignBody,
    "involve": ConcernNameBody,
    "link": ConcernLinkBody,
    "unlink": ConcernUnlinkBody,
    "write": ConcernTextBody,
    "note": ConcernTextBody,
}


class ConcernViewSet(RecordViewSet):
    """Raise a concern (signed in as a person, no role needed); read and handle those whose case list one is on."""

    model, table, serializer_class = Concern, CONCERNS, ConcernSerializer
    http_method_names = ["get", "post", "head", "options"]

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else seen(rows, self.request.user)

    @extend_schema(responses={201: ConcernRaisedSerializer})
    def create(self, request: Request) -> Response:
        """Raise a concern; one's own is read on its page, not here."""
        require(policies.can_raise(request.user))
        data = self.cleaned(request)
        by: Any = request.user

        def make() -> Response:
            made = services.raise_concern(by=by, data=data, at=clock.now(), on=clock.today())
            return Response(ConcernRaisedSerializer(made).data, status=201)

        return self.once(request, make)


def _action(act: Any) -> Any:
    def perform(self: Any, request: Request, ref: str) -> Response:
        record, version = self.get_object(), self.match(request)
        require(policies.can_handle(request.user, record))
        data = self.given(request, BODIES[act.id])
        act.do(record, Given(request.user, clock.now(), clock.today(), version, data))
        return self.answer(record)  # type: ignore[no-any-return]

    perform.__name__, perform.__doc__ = act.id, f"{act.label}."
    made = action(detail=True, methods=["post"], url_path=act.id)(perform)
    return extend_schema(request=BODIES[act.id], responses=ConcernSerializer)(made)


for _act in ACTS:
    setattr(ConcernViewSet, _act.id, _action(_act))
