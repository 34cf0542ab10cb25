"""/api/v1/tokens/: one's own keys, and those of the programs one manages."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import StrictSerializer
from organization import services
from organization.api.base import NumberedViewSet, ReasonSerializer, VisibleKeyField, person_of
from organization.deciding import confirm
from organization.models import ApiToken, User
from organization.tables import TOKENS


class TokenSerializer(StrictSerializer):
    """A token without its secret. `owner` is oneself unless a program is named."""

    owner = VisibleKeyField(queryset=User.objects.all(), required=False)
    scopes = serializers.ListField(child=serializers.CharField(max_length=64), allow_empty=False)

    class Meta:
        model = ApiToken
        fields: ClassVar = [
            "id",
            "owner",
            "name",
            "prefix",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "prefix", "created_at", "last_used_at", "revoked_at", "version"]


class IssuedSerializer(TokenSerializer):
    """The answer to issuing: the only time that the secret is told."""

    secret = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields: ClassVar = [*TokenSerializer.Meta.fields, "secret"]


class TokenViewSet(NumberedViewSet):
    """Tokens are issued and revoked by people signed in, never by a token. The secret is in the first answer alone.

    Issuing takes no Idempotency-Key: the stored answer would keep the secret.
    """

    model = ApiToken  # type: ignore[assignment]
    table = TOKENS
    path = "tokens"
    serializer_class = TokenSerializer
    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(responses={201: IssuedSerializer})
    def create(self, request: Request) -> Response:
        confirm(request)
        by, data = person_of(request), self.cleaned(request)
        token, secret = services.issue_token(data.pop("owner", by), by=by, at=clock.now(), **data)
        answer = self.answer(token, status=201)
        answer.data = {**answer.data, "secret": secret}
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, ref: str) -> Response:
        """Kill the token at once."""
        token, version, reason = self.get_object(), self.match(request), self.reason(request)
        confirm(request)
        by, at = person_of(request), clock.now()
        return self.answer(services.revoke_token(token, by=by, at=at, version=version, reason=reason))
