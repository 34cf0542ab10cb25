"""Viewsets whose verbs and changes are read from the same acts and forms as the pages."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from aims import clock
from aims.api.base import RecordViewSet
from audits.acts import Act
from audits.api.bodies import as_form_data, as_it_stands, body_of, clean
from audits.reading import seen
from audits.tables import LINKS
from organization.deciding import confirm

V = TypeVar("V", bound=type[Any])


class AuditsViewSet(RecordViewSet):
    """A kind of audits. `form` reads what is created and changed; `makes` and `changes` are the services."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    form: ClassVar[Any] = None

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return (
            rows
            if getattr(self, "swagger_fake_view", False)
            else seen(rows, self.request.user, *LINKS[self.model.kind])
        )

    def read(self, request: Request, form: Any, **kwargs: Any) -> dict[str, Any]:
        """The body, by the form; unknown fields are refused."""
        return clean(form(data=as_form_data(form, self.shaped(request, form)), user=request.user, **kwargs))

    def reread(self, request: Request, record: Any, **kwargs: Any) -> dict[str, Any]:
        """The body over what the record says: a partial change."""
        stands = as_it_stands(self.form(instance=record, user=request.user, **kwargs))
        given = as_form_data(self.form, self.shaped(request, self.form))
        return clean(self.form(data={**stands, **given}, instance=record, user=request.user, **kwargs))

    def shaped(self, request: Request, form: Any) -> dict[str, Any]:
        """The body with every field of the right kind."""
        body = body_of(form)(data=request.data)
        unknown = {name: ["Unknown field."] for name in request.data if name not in body.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


def acting(acts: Sequence[Act]) -> Callable[[V], V]:
    """Class decorator: give a viewset an action for each verb of its kind."""

    def decorate(viewset: V) -> V:
        for act in acts:
            setattr(viewset, act.name, _action(act, viewset))
        return viewset

    return decorate


def _action(act: Act, viewset: Any) -> Any:
    def perform(self: Any, request: Request, ref: str) -> Response:
        record, version = self.get_object(), self.match(request)
        act.require(request.user, record)
        about = {} if hasattr(act.form, "_meta") and act.form._meta.model is not type(record) else {"instance": record}
        data = self.read(request, act.form, **about)
        if act.decides:
            confirm(request)
        more = {"at": clock.now()} if act.stamped else {}
        act.service(record, by=request.user, on=clock.today(), version=version, **more, **data)
        return self.answer(record)  # type: ignore[no-any-return]

    perform.__name__, perform.__doc__ = act.name, f"{act.label}."
    made = action(detail=True, methods=["post"], url_path=act.id)(perform)
    return extend_schema(request=body_of(act.form), responses=viewset.serializer_class)(made)
