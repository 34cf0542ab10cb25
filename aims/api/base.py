"""Base of every API resource: visible rows only, keyset pages, ETags, If-Match, idempotency keys, unknown fields refused."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from aims import asof, clock
from aims.access import access_of
from aims.errors import Hidden, PreconditionRequired, Refusal, WrongState, invalid
from aims.importing.own import OwnValuesField, takes_own, with_own
from aims.listing import Table, page_of, total_of
from aims.models import Governed, IdempotencyKey
from aims.querysets import called
from aims.registry import registry

MOST = 200


class StrictSerializer(serializers.ModelSerializer[Any]):
    """Refuses fields it does not know or that may not be written, so that nothing is dropped in silence."""

    def get_fields(self) -> Any:
        """The declared fields, and the organization's own where the kind has them."""
        fields = super().get_fields()
        if takes_own(self.Meta.model):
            fields["own"] = OwnValuesField()
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = {name: [_("Unknown or read-only field.")] for name in data if name not in writable}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class RecordRefField(serializers.SlugRelatedField[Any]):
    """A link to a governed record by reference; one that the caller may not see does not exist."""

    def __init__(self, model: type[Governed] | None = None, **kwargs: Any) -> None:
        if not kwargs.get("read_only") and model is not None:
            kwargs["queryset"] = model._default_manager.all()
        super().__init__(slug_field="ref", **kwargs)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user)


class ActingViewSet(viewsets.GenericViewSet[Any]):
    """Reads the body of a verb."""

    def given(self, request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The body, checked by the serializer; unknown fields are refused."""
        names = set(request.data) if isinstance(request.data, Mapping) else set()
        unknown = names - set(serializer().fields)
        if unknown:
            raise serializers.ValidationError({name: [_("Unknown field.")] for name in sorted(unknown)})
        body = serializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class RecordViewSet(ActingViewSet):
    """A governed kind at /api/v1/<path>/. Subclasses give `model`, `table`, `serializer_class` and the services.

    GET list (cursor `after`, `limit` ≤ 200, the register's filters, `q`, `sort`), GET one (ETag), POST
    (Idempotency-Key), PUT, PATCH and DELETE (If-Match), POST /<ref>/<verb>/ (If-Match).
    """

    model: ClassVar[type[Governed]]
    table: Table
    lookup_field = "ref"
    lookup_value_regex = "[A-Za-z]+-[0-9]+"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After signing in: read as of the date in `as_of`, when there is one."""
        super().initial(request, *args, **kwargs)
        self.table = with_own(self.table, self.model)
        text = request.query_params.get("as_of", "")
        if not text:
            return
        if request.method not in SAFE_METHODS:
            raise WrongState(_("The past cannot be changed; leave out as_of."))
        access_of(request.user)
        self._past = ExitStack()
        self._past.enter_context(asof.reading(asof.parse(text), text))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        done = super().finalize_response(request, response, *args, **kwargs)
        past: ExitStack | None = getattr(self, "_past", None)
        if past is not None:
            past.close()
        return done

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related(*self.table.related).prefetch_related(*self.table.prefetched(self.table.columns))

    def get_object(self) -> Any:
        """The record named in the address; for a verb without what only its answer tells of."""
        rows = self.get_queryset()
        if self.request.method not in SAFE_METHODS:
            rows = rows.select_related(None).prefetch_related(None)
        found = called(rows, self.kwargs["ref"].upper()).first()
        if found is None:
            raise Hidden
        return found

    def represent(self, record: Any) -> Any:
        """The record as GET gives it."""
        return self.get_serializer(self.get_queryset().get(pk=record.pk)).data

    def list(self, request: Request, **kwargs: Any) -> Response:
        params = request.query_params
        self._known_parameters(params)
        rows = self.table.filtered(self.get_queryset(), params, request.user)
        page = page_of(rows, self.table.order(params), params, self._limit(params))
        return Response(
            {
                "results": self.get_serializer(page.rows, many=True).data,
                "next": self._link(request, "after", page.next),
                "previous": self._link(request, "before", page.previous),
                "count": total_of(rows),
            }
        )

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    def answer(self, record: Any, status: int = 200) -> Response:
        """The record with its ETag."""
        fresh = self.represent(record)
        headers = {"ETag": f'"{fresh["version"]}"'}
        if status == 201:
            headers["Location"] = f"/api/v1/{registry.kind_of(self.model).path}/{fresh['ref']}/"
        return Response(fresh, status=status, headers=headers)

    def cleaned(self, request: Request, record: Any = None, *, partial: bool = False) -> dict[str, Any]:
        """The body, checked by the serializer."""
        serializer = self.get_serializer(record, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def match(self, request: Request) -> int:
        """The version in If-Match, or 428 when the header is missing. `*` is refused: name what you read."""
        given = request.headers.get("If-Match", "").strip()
        if not given:
            raise PreconditionRequired
        text = given.removeprefix('"').removesuffix('"')
        if not text.isdigit() or not given.startswith('"'):
            raise invalid(**{"If-Match": _('Give the strong ETag of the version you read, such as "3".')})
        return int(text)

    def once(self, request: Request, make: Callable[[], Response]) -> Response:
        return once(request, make)

    def now(self) -> Any:
        return clock.now()

    def _limit(self, params: Any) -> int:
        text = params.get("limit", "50")
        if not text.isdigit() or not 1 <= int(text) <= MOST:
            raise invalid(limit=_("A number from 1 to %(most)s.") % {"most": MOST})
        return int(text)

    def _known_parameters(self, params: Any) -> None:
        known = {"q", "sort", "after", "before", "limit", "format", "as_of", *(f.key for f in self.table.filters)}
        known |= {"from", "to"} if self.table.dated else set()
        unknown = set(params) - known
        if unknown:
            raise invalid(**{name: _("Unknown parameter.") for name in sorted(unknown)})
        asked = params.get("sort", "")
        if asked and asked != self.table.order(params):
            raise invalid(sort=_("Not a field to sort by."))

    def _link(self, request: Request, name: str, cursor: str) -> str | None:
        if not cursor:
            return None
        params = request.query_params.copy()
        params.pop("after", None)
        params.pop("before", None)
        params[name] = cursor
        return f"{request.path}?{params.urlencode()}"


class ChangingViewSet(RecordViewSet):
    """PUT and PATCH too: subclasses give `changed`, which calls the service."""

    def update(self, request: Request, ref: str) -> Response:
        """Give all required fields and whatever else is to be set."""
        return self._change(request, partial=False)

    def partial_update(self, request: Request, ref: str) -> Response:
        """Set some fields."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        record, version = self.get_object(), self.match(request)
        return self.answer(self.changed(record, self.cleaned(request, record, partial=partial), version))

    def changed(self, record: Any, data: dict[str, Any], version: int) -> Any:
        """The record after the service changed it. Errors: the service's."""
        raise NotImplementedError


def once(request: Request, make: Callable[[], Response]) -> Response:
    """Run a creating POST once per Idempotency-Key; the same key again gives the first answer."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return make()
    if len(key) > 80:
        raise invalid(**{"Idempotency-Key": _("At most 80 characters.")})
    digest = hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()
    with transaction.atomic():
        row = _claim(request, key, digest)
        if row.status is not None:
            return Response(row.body, status=row.status, headers={**row.headers, "Idempotent-Replayed": "true"})
        response = make()
        row.status, row.body = response.status_code, json.loads(json.dumps(response.data, default=str))
        row.headers = {name: response[name] for name in ("ETag", "Location") if response.has_header(name)}
        row.save()
    return response


def _claim(request: Request, key: str, digest: str) -> IdempotencyKey:
    """The key's row, locked: a second request with the same key waits for the first."""
    route = f"{request.method} {request.path}"
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(person=request.user, key=key, route=route, digest=digest)  # type: ignore[misc]
    except IntegrityError:
        pass
    row = IdempotencyKey.objects.select_for_update().get(person=request.user, key=key)  # type: ignore[misc]
    if (row.route, row.digest) != (route, digest):
        raise KeyReused
    return row


class KeyReused(Refusal):
    """The same Idempotency-Key with another body or address (422 by the draft standard; 409 here as a conflict)."""

    status = 409
    title = _("This Idempotency-Key was used for another request")
