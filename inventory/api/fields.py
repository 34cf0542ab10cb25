"""Fields that links share: what the caller may not see does not exist, neither to read nor to write."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from rest_framework import serializers
from rest_framework.request import Request

from aims.access import access_of
from aims.api.base import RecordRefField
from organization.api.base import ReasonSerializer, person_of
from organization.models import Unit, User

__all__ = ["PersonField", "ReasonSerializer", "SeenRefField", "UnitField", "body", "kept_links", "person_of"]


class SeenRefField(RecordRefField):
    """A link by reference that reads as null where the caller may not see its target."""

    def to_representation(self, value: Any) -> Any:
        user = self.context["request"].user
        return super().to_representation(value) if access_of(user).sees(value) else None


class UnitField(serializers.PrimaryKeyRelatedField[Any]):
    """A unit by its number, among those the caller sees or those that `rows(view)` gives."""

    def __init__(self, rows: Callable[[Any, Any], Any] | None = None, **kwargs: Any) -> None:
        self.rows = rows
        if not kwargs.get("read_only"):
            kwargs["queryset"] = Unit.objects.all()
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        if self.rows is not None:
            return self.rows(user, self.context["view"])
        return Unit.objects.visible_to(user)


class PersonField(serializers.SlugRelatedField[Any]):
    """A person by e-mail, among those the caller sees."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs["queryset"] = User.objects.all()
        super().__init__(slug_field="email", **kwargs)

    def get_queryset(self) -> Any:
        return User.objects.visible_to(self.context["request"].user)


def kept_links(
    record: Any, data: Mapping[str, Any], user: Any, names: tuple[str, ...] = ("supplier",)
) -> dict[str, Any]:
    """The data without links that the caller could only empty because their targets are hidden from them."""
    access = access_of(user)

    def hidden(name: str) -> bool:
        stored = getattr(record, name)
        return stored is not None and not access.sees(stored)

    return {name: value for name, value in data.items() if not (name in names and value is None and hidden(name))}


def body(serializer: Any, request: Request, context: Mapping[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The request's body, checked by a serializer other than the resource's own."""
    made = serializer(data=request.data, context=context, **kwargs)
    made.is_valid(raise_exception=True)
    return cast("dict[str, Any]", dict(made.validated_data))
