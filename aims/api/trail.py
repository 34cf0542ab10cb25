"""The sealed log through the API: seals, and proofs that an event is in the log and that the log only grew."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import merkle, seals
from aims.access import access_of
from aims.errors import Hidden, NotPermitted, invalid
from aims.models import Leaf, Seal


class SealSerializer(serializers.Serializer[Any]):
    """A seal as it is signed."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    root = serializers.CharField()  # type: ignore[assignment]
    previous = serializers.CharField()
    sealed_at = serializers.CharField()
    key = serializers.CharField()
    installation = serializers.CharField()
    signature = serializers.CharField()


class ProofSerializer(serializers.Serializer[Any]):
    """A proof: hashes in hex, to be checked as RFC 9162 says."""

    leaf = serializers.CharField(required=False)
    index = serializers.IntegerField(required=False)
    first = serializers.IntegerField(required=False)
    size = serializers.IntegerField()
    root = serializers.CharField()  # type: ignore[assignment]
    proof = serializers.ListField(child=serializers.CharField())


class TrailViewSet(viewsets.GenericViewSet[Any]):
    """/api/v1/trail/: the newest 200 seals; /inclusion/ and /consistency/ proofs against the last one."""

    serializer_class = SealSerializer
    pagination_class = None
    queryset = Seal.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not access_of(request.user).capacity("trail.read"):
            raise NotPermitted

    def list(self, request: Request) -> Response:
        found = Seal.objects.select_related("key").order_by("-number")[:200]
        installation = seals.installation_id()
        return Response([{**seal.statement(installation), "signature": seal.signature} for seal in found])

    @extend_schema(
        parameters=[OpenApiParameter("source", str, required=True), OpenApiParameter("event", int, required=True)],
        responses=ProofSerializer,
    )
    @action(detail=False, url_path="inclusion")
    def inclusion(self, request: Request) -> Response:
        """Proof that one event (`source`, `event`) is a leaf of the last seal."""
        last = self._last()
        event_id = _number(request, "event")
        leaf = Leaf.objects.filter(source=request.query_params.get("source", ""), event_id=event_id).first()
        if leaf is None or leaf.position >= last.size:
            raise Hidden
        leaves = seals.leaf_hashes(last.size)
        proof = [step.hex() for step in merkle.inclusion_proof(leaves, leaf.position)]
        answer = {"leaf": bytes(leaf.hash).hex(), "index": leaf.position, "size": last.size, "root": last.root}
        return Response({**answer, "proof": proof})

    @extend_schema(parameters=[OpenApiParameter("first", int, required=True)], responses=ProofSerializer)
    @action(detail=False, url_path="consistency")
    def consistency(self, request: Request) -> Response:
        """Proof that the log of the first `first` events is the beginning of the last seal's."""
        last, first = self._last(), _number(request, "first")
        if not 0 < first <= last.size:
            raise invalid(first=_("A number from 1 to the size of the last seal."))
        proof = [step.hex() for step in merkle.consistency_proof(seals.leaf_hashes(last.size), first)]
        return Response({"first": first, "size": last.size, "root": last.root, "proof": proof})

    def _last(self) -> Seal:
        last = Seal.objects.order_by("-number").first()
        if last is None:
            raise Hidden
        return last


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    if not text.isdigit() or len(text) > 18:
        raise invalid(**{name: _("A whole number.")})
    return int(text)
