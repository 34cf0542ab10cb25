"""Many records at once, by program: tried first when asked, each row told singly."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aims import bulk, clock
from aims.api.base import ActingViewSet, once
from aims.errors import invalid


class RowSerializer(serializers.Serializer[Any]):
    """A record by reference; with the `version` that was read, a change made since is not overwritten."""

    ref = serializers.CharField(max_length=24)
    version = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)


class BulkSerializer(serializers.Serializer[Any]):
    """What to set, as a file would say it (`field`: its name, or `attest`), why, and whether it is only tried.

    Of a field of several words, such as tags, `how` adds some or takes some away.
    """

    kind = serializers.CharField(max_length=32)
    field = serializers.CharField(max_length=60)
    value = serializers.CharField(max_length=4000, allow_blank=True, default="")
    how = serializers.ChoiceField(choices=[bulk.SET, bulk.ADD, bulk.TAKE], default=bulk.SET)
    reason = serializers.CharField(max_length=2000)
    records = RowSerializer(many=True)
    preview = serializers.BooleanField(default=False)


class DoneSerializer(serializers.Serializer[Any]):
    """What became of a row, or would: `changed`, `same` or `refused` with the sentence in `told`."""

    ref = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["changed", "same", "refused"])
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    told = serializers.CharField(source="refused", allow_blank=True)


class BulkResult(serializers.Serializer[Any]):
    preview = serializers.BooleanField()
    results = DoneSerializer(many=True)


class BulkViewSet(ActingViewSet):
    """/api/v1/bulk/: one field of many records of a kind, or the reviews that are due for them."""

    serializer_class = BulkSerializer

    @extend_schema(request=BulkSerializer, responses=BulkResult)
    def create(self, request: Request) -> Response:
        """Change up to 1,000 records, each by its own rules; with `preview` only say what would change."""
        given = self.given(request, BulkSerializer)
        if not bulk.takes_bulk(given["kind"]):
            raise invalid(kind=_("Records of this kind are not changed together."))
        ask = bulk.Ask(given["kind"], given["field"], given["value"], given["reason"], given["how"])
        chosen = {row["ref"].upper(): row["version"] for row in given["records"]}
        act = bulk.preview if given["preview"] else bulk.carry_out

        def make() -> Response:
            done = act(ask, chosen, by=request.user, on=clock.today(), at=clock.now())
            return Response(BulkResult({"preview": given["preview"], "results": done}).data)

        return once(request, make)
