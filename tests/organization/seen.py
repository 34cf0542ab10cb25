"""What tests of this app look at after a verb."""

from typing import Any

from aims.history import event_model
from organization.models import User


def fields(error: Any) -> set[str]:
    """The fields that a refusal names."""
    return set(error.value.message_dict)


def last_event(model: Any, pk: int) -> Any:
    """The newest event of the trail about one row."""
    return event_model(model).objects.filter(pgh_obj_id=pk).order_by("pgh_id").last()


def fresh(who: User) -> User:
    """A person as the database holds them now, with their access reckoned anew."""
    return User.objects.get(pk=who.pk)
