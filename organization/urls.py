"""Pages of people, units, roles, tokens and the own account."""

from django.urls import path

from organization.api.me import Me
from organization.committee_urls import urlpatterns as committees
from organization.views import (
    account,
    commitments,
    duties,
    erasures,
    grants,
    mandates,
    people,
    readings,
    setup,
    units,
)

urlpatterns = [
    # an empty installation
    path("setup/<str:token>/", setup.Setup.as_view(), name="setup"),
    path("first-steps/", setup.FirstSteps.as_view(), name="first_steps"),
    # people
    path("people/", people.PersonList.as_view(), name="person_list"),
    path("people/new/", people.PersonCreate.as_view(), name="person_create"),
    path("people/<int:ref>/", people.PersonDetail.as_view(), name="person_detail"),
    path("people/<int:ref>/change/", people.PersonChange.as_view(), name="person_change"),
    path("people/<int:ref>/deactivate/", people.Deactivate.as_view(), name="person_deactivate"),
    path("people/<int:ref>/reactivate/", people.Reactivate.as_view(), name="person_reactivate"),
    path("people/<int:ref>/invite/", people.Invite.as_view(), name="person_invite"),
    path("people/<int:ref>/erase/", erasures.AskErasure.as_view(), name="person_erase"),
    path("people/<int:ref>/grant/", grants.GiveRole.as_view(), name="grant_give"),
    path("people/<int:ref>/tokens/new/", account.TokenIssue.as_view(), name="person_token_issue"),
    path("people/<int:ref>/<slug:tab>/", people.PersonDetail.as_view(), name="person_tab"),
    # erasing a person's data
    path("erasures/", erasures.Erasures.as_view(), name="erasure_list"),
    path("erasures/<int:number>/", erasures.ErasurePage.as_view(), name="erasure_detail"),
    path("erasures/<int:number>/approve/", erasures.ApproveErasure.as_view(), name="erasure_approve"),
    path("erasures/<int:number>/refuse/", erasures.RefuseErasure.as_view(), name="erasure_refuse"),
    path("readings/", readings.Readings.as_view(), name="readings"),
    # units
    path("units/", units.UnitList.as_view(), name="unit_list"),
    path("units/new/", units.UnitCreate.as_view(), name="unit_create"),
    path("units/<int:ref>/", units.UnitDetail.as_view(), name="unit_detail"),
    path("units/<int:ref>/change/", units.UnitChange.as_view(), name="unit_change"),
    path("units/<int:ref>/<slug:tab>/", units.UnitDetail.as_view(), name="unit_tab"),
    # roles
    path("roles/", grants.Roles.as_view(), name="role_list"),
    path("grants/<int:ref>/end/", grants.EndRole.as_view(), name="grant_end"),
    # what binds us, and what we want to reach
    path("obligations/", commitments.ObligationList.as_view(), name="obligation_list"),
    path("obligations/new/", commitments.ObligationCreate.as_view(), name="obligation_create"),
    path("obligations/<str:ref>/", commitments.ObligationDetail.as_view(), name="obligation_detail"),
    path("obligations/<str:ref>/change/", commitments.ObligationChange.as_view(), name="obligation_change"),
    path("obligations/<str:ref>/end/", commitments.ObligationEnd.as_view(), name="obligation_end"),
    path("obligations/<str:ref>/<slug:tab>/", commitments.ObligationDetail.as_view(), name="obligation_tab"),
    path("objectives/", commitments.ObjectiveList.as_view(), name="objective_list"),
    path("objectives/new/", commitments.ObjectiveCreate.as_view(), name="objective_create"),
    path("objectives/<str:ref>/", commitments.ObjectiveDetail.as_view(), name="objective_detail"),
    path("objectives/<str:ref>/change/", commitments.ObjectiveChange.as_view(), name="objective_change"),
    path("objectives/<str:ref>/adopt/", commitments.ObjectiveAdopt.as_view(), name="objective_adopt"),
    path("objectives/<str:ref>/close/", commitments.ObjectiveClose.as_view(), name="objective_close"),
    path("objectives/<str:ref>/<slug:tab>/", commitments.ObjectiveDetail.as_view(), name="objective_tab"),
    # who may decide what, who is competent for what, where duties were held together
    path("authorities/", mandates.AuthorityList.as_view(), name="authority_list"),
    path("authorities/new/", mandates.AuthorityGive.as_view(), name="authority_give"),
    path("authorities/<str:ref>/", mandates.AuthorityDetail.as_view(), name="authority_detail"),
    path("authorities/<str:ref>/end/", mandates.AuthorityEnd.as_view(), name="authority_end"),
    path("authorities/<str:ref>/<slug:tab>/", mandates.AuthorityDetail.as_view(), name="authority_tab"),
    path("competences/", mandates.CompetenceList.as_view(), name="competence_list"),
    path("competences/new/", mandates.CompetenceRecordNew.as_view(), name="competence_record"),
    path("competences/<str:ref>/", mandates.CompetenceDetail.as_view(), name="competence_detail"),
    path("competences/<str:ref>/renew/", mandates.CompetenceRenew.as_view(), name="competence_renew"),
    path("competences/<str:ref>/end/", mandates.CompetenceEnd.as_view(), name="competence_end"),
    path("competences/<str:ref>/<slug:tab>/", mandates.CompetenceDetail.as_view(), name="competence_tab"),
    path("duties/", duties.Duties.as_view(), name="duties"),
    path("duties/set/", duties.DutiesSet.as_view(), name="duties_set"),
    path("overrides/", mandates.OverrideList.as_view(), name="override_list"),
    path("overrides/<str:ref>/", mandates.OverrideDetail.as_view(), name="override_detail"),
    path("overrides/<str:ref>/review/", mandates.OverrideReview.as_view(), name="override_review"),
    path("overrides/<str:ref>/<slug:tab>/", mandates.OverrideDetail.as_view(), name="override_tab"),
    # the own account
    path("me/", account.Account.as_view(), name="account"),
    path("me/change/", account.AccountChange.as_view(), name="account_change"),
    path("me/tokens/new/", account.TokenIssue.as_view(), name="token_issue"),
    path("tokens/<int:ref>/revoke/", account.TokenRevoke.as_view(), name="token_revoke"),
    path("api/v1/me/", Me.as_view(), name="api_me"),
    *committees,
]
