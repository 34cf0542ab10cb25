"""Every write of this app: people, units, roles, tokens, case lists, and the record of sign-ins."""

from organization.services.accounts import (
    change_account,
    invitation_url,
    invite_person,
    record_sign_in,
    send_invitation,
)
from organization.services.cases import list_on_case, unlist_from_case
from organization.services.grants import end_grant, grant_role
from organization.services.joining import join_by_sign_on, keep_employee
from organization.services.people import change_person, create_person, deactivate_person, reactivate_person
from organization.services.tokens import check_token, issue_token, revoke_token
from organization.services.units import change_unit, create_unit

__all__ = [
    "change_account",
    "change_person",
    "change_unit",
    "check_token",
    "create_person",
    "create_unit",
    "deactivate_person",
    "end_grant",
    "grant_role",
    "invitation_url",
    "invite_person",
    "issue_token",
    "join_by_sign_on",
    "keep_employee",
    "list_on_case",
    "reactivate_person",
    "record_sign_in",
    "revoke_token",
    "send_invitation",
    "unlist_from_case",
]
