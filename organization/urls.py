"""Pages of people, units, roles, tokens and the own account."""

from django.urls import path

from organization.api.me import Me
from organization.views import account, grants, people, units

urlpatterns = [
    # people
    path("people/", people.PersonList.as_view(), name="person_list"),
    path("people/new/", people.PersonCreate.as_view(), name="person_create"),
    path("people/<int:ref>/", people.PersonDetail.as_view(), name="person_detail"),
    path("people/<int:ref>/change/", people.PersonChange.as_view(), name="person_change"),
    path("people/<int:ref>/deactivate/", people.Deactivate.as_view(), name="person_deactivate"),
    path("people/<int:ref>/reactivate/", people.Reactivate.as_view(), name="person_reactivate"),
    path("people/<int:ref>/invite/", people.Invite.as_view(), name="person_invite"),
    path("people/<int:ref>/grant/", grants.GiveRole.as_view(), name="grant_give"),
    path("people/<int:ref>/tokens/new/", account.TokenIssue.as_view(), name="person_token_issue"),
    path("people/<int:ref>/<slug:tab>/", people.PersonDetail.as_view(), name="person_tab"),
    # units
    path("units/", units.UnitList.as_view(), name="unit_list"),
    path("units/new/", units.UnitCreate.as_view(), name="unit_create"),
    path("units/<int:ref>/", units.UnitDetail.as_view(), name="unit_detail"),
    path("units/<int:ref>/change/", units.UnitChange.as_view(), name="unit_change"),
    path("units/<int:ref>/<slug:tab>/", units.UnitDetail.as_view(), name="unit_tab"),
    # roles
    path("roles/", grants.Roles.as_view(), name="role_list"),
    path("grants/<int:ref>/end/", grants.EndRole.as_view(), name="grant_end"),
    # the own account
    path("me/", account.Account.as_view(), name="account"),
    path("me/change/", account.AccountChange.as_view(), name="account_change"),
    path("me/tokens/new/", account.TokenIssue.as_view(), name="token_issue"),
    path("tokens/<int:ref>/revoke/", account.TokenRevoke.as_view(), name="token_revoke"),
    path("api/v1/me/", Me.as_view(), name="api_me"),
]
