"""What goes with a person whose data are erased: every way to sign in, and what allauth keeps of them."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from organization.models import User
from organization.services.people import end_sessions


def close_account(person: User) -> None:
    """Remove addresses, identities, second factors and sessions, and make the password unusable."""
    for model in (EmailAddress, SocialAccount, Authenticator):
        model._default_manager.filter(user=person).delete()
    end_sessions(person)
    person.set_unusable_password()
    person.save(update_fields=["password"])


def still_active(row: Any) -> dict[str, Any]:
    """A check before erasing: who can still sign in has not left."""
    if isinstance(row, User) and row.is_active:
        return {"detail": _("Deactivate the account first."), "url": f"{row.get_absolute_url()}deactivate/"}
    return {}
