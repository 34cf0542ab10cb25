"""Pages of committees and their sittings."""

from django.urls import path

from organization.views import committees as c
from organization.views import sittings as s

urlpatterns = [
    # committees
    path("committees/", c.CommitteeList.as_view(), name="committee_list"),
    path("committees/new/", c.CommitteeCreate.as_view(), name="committee_create"),
    path("committees/<str:ref>/", c.CommitteeDetail.as_view(), name="committee_detail"),
    path("committees/<str:ref>/change/", c.CommitteeChange.as_view(), name="committee_change"),
    path("committees/<str:ref>/dissolve/", c.CommitteeDissolve.as_view(), name="committee_dissolve"),
    path("committees/<str:ref>/member/", c.MemberAdd.as_view(), name="committee_member"),
    path("committees/<str:ref>/member/<int:pk>/end/", c.MemberEnd.as_view(), name="committee_member_end"),
    path("committees/<str:ref>/sit/", c.SittingPlan.as_view(), name="committee_sit"),
    path("committees/<str:ref>/<slug:tab>/", c.CommitteeDetail.as_view(), name="committee_tab"),
    # sittings
    path("sittings/", s.SittingList.as_view(), name="sitting_list"),
    path("sittings/<str:ref>/", s.SittingDetail.as_view(), name="sitting_detail"),
    path("sittings/<str:ref>/open/", s.SittingOpen.as_view(), name="sitting_open"),
    path("sittings/<str:ref>/present/", s.SittingPresent.as_view(), name="sitting_present"),
    path("sittings/<str:ref>/fill/", s.SittingFill.as_view(), name="sitting_fill"),
    path("sittings/<str:ref>/cancel/", s.SittingCancel.as_view(), name="sitting_cancel"),
    path("sittings/<str:ref>/close/", s.SittingClose.as_view(), name="sitting_close"),
    path("sittings/<str:ref>/<int:pk>/vote/", s.MatterVote.as_view(), name="matter_vote"),
    path("sittings/<str:ref>/<int:pk>/outcome/", s.MatterOutcome.as_view(), name="matter_outcome"),
    path("sittings/<str:ref>/<int:pk>/put-off/", s.MatterPutOff.as_view(), name="matter_put_off"),
    path("sittings/<str:ref>/<slug:tab>/", s.SittingDetail.as_view(), name="sitting_tab"),
]
