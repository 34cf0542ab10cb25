"""What serializers of every app use: a record of any kind, a unit, a person, an override. What one may not see does not exist."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aims.models import Record
from organization.duties import Override
from organization.models import Unit, User


class SpineField(serializers.SlugRelatedField[Any]):
    """A record of any kind by its reference; one that the caller may not see does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="ref", queryset=Record.objects.all(), **kwargs)

    def get_queryset(self) -> Any:
        return Record.objects.visible_to(self.context["request"].user)


@extend_schema_field(OpenApiTypes.STR)
class UnitField(serializers.RelatedField[Any, Any, Any]):
    """A unit that the caller sees: given by name where that is unambiguous, else by number; answered by name."""

    def get_queryset(self) -> Any:
        return Unit.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Unit:
        key = {"pk": data} if isinstance(data, int) and not isinstance(data, bool) else {"name": str(data)[:120]}
        found: list[Unit] = list(self.get_queryset().filter(**key)[:2])
        if len(found) != 1:
            raise serializers.ValidationError(_("There is no such unit, or several of this name."))
        return found[0]

    def to_representation(self, value: Any) -> str:
        return str(value.name)


class PersonField(serializers.SlugRelatedField[Any]):
    """An active person by e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="email", queryset=User.objects.active(), **kwargs)


class OverridingSerializer(serializers.Serializer[Any]):
    """Why one person holds both duties after all, and what keeps it safe; an `Override` for the service."""

    reason = serializers.CharField(max_length=2000)
    safeguard = serializers.CharField(max_length=2000)

    def to_internal_value(self, data: Any) -> Any:
        return Override(**super().to_internal_value(data))
