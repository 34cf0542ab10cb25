"""How often each kind is reviewed, through the API: what comes with the product, and what is changed here."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock, reviews
from aims.api.base import ActingViewSet
from aims.due import windows
from aims.errors import invalid
from aims.models import Cadence
from aims.models.due import PERIODS
from aims.plans import every_of, tiers_of
from aims.registry import DueSource, registry
from aims.rhythm import Every
from aims.services import require


class CadenceSerializer(serializers.Serializer[Any]):
    """One kind, or one risk tier of it: every `number` of `period`. The days belong to the whole kind (`tier` "")."""

    kind = serializers.CharField()
    tier = serializers.CharField(allow_blank=True)
    number = serializers.IntegerField(allow_null=True)
    period = serializers.ChoiceField(choices=PERIODS, allow_null=True)
    changed = serializers.BooleanField()
    ahead = serializers.IntegerField(allow_null=True)
    grace = serializers.IntegerField(allow_null=True)
    deputy_after = serializers.IntegerField(allow_null=True)
    manager_after = serializers.IntegerField(allow_null=True)
    committee_after = serializers.IntegerField(allow_null=True)


class WhichSerializer(serializers.Serializer[Any]):
    """The kind and tier, and why."""

    kind = serializers.CharField(max_length=32)
    tier = serializers.CharField(max_length=32, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=2000)


class ChangeSerializer(WhichSerializer):
    """What changes; what is not given stays."""

    number = serializers.IntegerField(min_value=1, max_value=3660, required=False)
    period = serializers.ChoiceField(choices=PERIODS, required=False)
    ahead = serializers.IntegerField(min_value=0, max_value=3660, required=False)
    grace = serializers.IntegerField(min_value=0, max_value=3660, required=False)
    deputy_after = serializers.IntegerField(min_value=1, max_value=3660, required=False)
    manager_after = serializers.IntegerField(min_value=1, max_value=3660, required=False)
    committee_after = serializers.IntegerField(min_value=1, max_value=3660, required=False)


class CadenceViewSet(ActingViewSet):
    """/api/v1/cadences/: who may change them reads and changes them."""

    serializer_class = CadenceSerializer
    pagination_class = None
    queryset = Cadence.objects.none()

    @extend_schema(responses=CadenceSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Every kind that is reviewed, each with its risk tiers."""
        require(reviews.can_change_cadence(request.user))
        rows = [told(source, tier) for source in registry.due_sources.values() for tier in tiers_of(source)]
        return Response({"results": CadenceSerializer(rows, many=True).data})

    @extend_schema(request=ChangeSerializer, responses=CadenceSerializer)
    @action(detail=False, methods=["post"])
    def change(self, request: Request) -> Response:
        """Set how often, and for a whole kind its days. Touches only what is not done and not yet open."""
        require(reviews.can_change_cadence(request.user))
        data = self.given(request, ChangeSerializer)
        source, tier = _which(data)
        held = told(source, tier)
        days = {name: data[name] for name in Cadence.WINDOWS if name in data}
        if tier and days:
            raise invalid(**dict.fromkeys(days, _("Days belong to the whole kind.")))
        rhythm = {name: data[name] for name in ("number", "period") if name in data}
        if rhythm and not source.counted:
            raise invalid(**dict.fromkeys(rhythm, _("The kind's own form sets its next date.")))
        shipped = source.cadence(tier)
        every = Every(rhythm.get("number", held["number"] or shipped.number),
                      rhythm.get("period", held["period"] or shipped.period))  # fmt: skip
        reviews.change_cadence(
            source.kind, by=request.user, every=every, tier=tier, on=clock.today(), reason=data["reason"], **days
        )
        return Response(CadenceSerializer(told(source, tier)).data)

    @extend_schema(request=WhichSerializer, responses=CadenceSerializer)
    @action(detail=False, methods=["post"])
    def reset(self, request: Request) -> Response:
        """Go back to what comes with the product."""
        require(reviews.can_change_cadence(request.user))
        data = self.given(request, WhichSerializer)
        source, tier = _which(data)
        mine = Cadence.objects.filter(kind=source.kind, tier=tier).first()
        if mine is None:
            raise invalid(kind=_("It is as the product comes."))
        reviews.drop_cadence(mine, by=request.user, on=clock.today(), reason=data["reason"])
        return Response(CadenceSerializer(told(source, tier)).data)


def _which(data: dict[str, Any]) -> tuple[DueSource, str]:
    source = registry.due_sources.get(data["kind"])
    if source is None:
        raise invalid(kind=_("Not a kind that is reviewed."))
    if data["tier"] not in tiers_of(source):
        raise invalid(tier=_("Not a tier of this kind."))
    return source, data["tier"]


def told(source: DueSource, tier: str) -> dict[str, Any]:
    """One row: the cadence in force, and for a whole kind its days. A kind whose own form sets the date has none."""
    own = {one.tier: one for one in Cadence.objects.filter(kind=source.kind, tier__in=["", tier])}
    every = every_of(source, tier) if source.counted else None
    days = dict.fromkeys(Cadence.WINDOWS) if tier else windows(source, own.get(""))
    return {"kind": source.kind, "tier": tier, "number": every and every.number, "period": every and every.period,
            "changed": tier in own, **days}  # fmt: skip
