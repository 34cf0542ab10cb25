"""Case lists: the only people for whom a confidential case exists."""

from typing import Any

from django.utils.translation import gettext as _

from aims.errors import WrongState, invalid
from aims.registry import registry
from aims.services import create, require
from aims.states import Confidentiality
from aims.trail import recording
from organization import policies
from organization.facts import ListedOnCase
from organization.models import CaseListing, User


def list_on_case(record: Any, *, person: User, by: User, reason: str) -> CaseListing:
    """Bring a person onto the case list of a record (its spine row or the record itself).

    Errors: NotPermitted (who is neither listed nor the owner), WrongState when the record is no case, ValidationError.
    """
    capacity = require(policies.can_list_on_case(by, record))
    if record.confidentiality != Confidentiality.CASE:
        raise WrongState(_("This record is not kept to a case list."))
    if not person.is_active:
        raise invalid(person=_("This account is deactivated."))
    with recording(by, "list_on_case", capacity=capacity, reason=reason):
        made = create(CaseListing(record_id=record.pk, person=person, reason=reason.strip()))
        registry.announce(ListedOnCase(record.pk, person))
        return made


def unlist_from_case(listing: CaseListing, *, by: User, reason: str) -> None:
    """Take a person off a case list. The last one stays, so that the case is never lost to everybody."""
    capacity = require(policies.can_list_on_case(by, listing.record))
    with recording(by, "unlist_from_case", capacity=capacity, reason=reason):
        listed = list(
            CaseListing.objects.select_for_update().filter(record=listing.record).values_list("pk", flat=True)
        )
        if listed == [listing.pk]:
            raise WrongState(_("The last person stays on the list; add another one first."))
        listing.delete()
