"""What a service may refuse, and why. Pages and API turn each into one answer (see `aims.api.problems`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Base: `detail` is a sentence for people, `status` the HTTP answer."""

    status = 400
    title: Any = _("Refused")

    def __init__(self, detail: Any = "", **extra: Any) -> None:
        self.detail = detail or self.title
        self.extra = extra
        super().__init__(str(self.detail))


class NotPermitted(Refusal, PermissionDenied):
    """Visible, but this person may not do this (403)."""

    status = 403
    title = _("You may see this but not do it")


class Hidden(Refusal):
    """Does not exist for this person (404)."""

    status = 404
    title = _("There is no such record")


class WrongState(Refusal):
    """The record's state does not allow it, or a check is unmet (409). `unmet` lists what is missing."""

    status = 409
    title = _("The state of this record does not allow it")

    def __init__(self, detail: Any = "", *, unmet: Sequence[Mapping[str, Any]] = (), **extra: Any) -> None:
        super().__init__(detail, **({"unmet": list(unmet)} if unmet else {}), **extra)


class Stale(Refusal):
    """Another person saved in between (412)."""

    status = 412
    title = _("This record changed since you opened it")


class PreconditionRequired(Refusal):
    """A write came without If-Match (428)."""

    status = 428
    title = _("Send If-Match with the ETag of the version you read")


class TooLarge(Refusal):
    """More bytes than allowed (413)."""

    status = 413
    title = _("This is larger than allowed")


class Reauthenticate(Refusal):
    """Deciding asks for the password or passkey again (401 in the API, a page in the browser)."""

    status = 401
    title = _("Confirm that it is you")


def invalid(**fields: Any) -> ValidationError:
    """A ValidationError by field: invalid(title=_("Give it a name.")). Keys are the field names of form and API."""
    return ValidationError({name: [message] for name, message in fields.items()})
