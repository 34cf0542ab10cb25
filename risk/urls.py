"""Pages of this app."""

from django.urls import path

from risk.views.actions import ActionChange, ActionDetail, ActionDone, ActionDrop, ActionList
from risk.views.acts import (
    PlanDecide,
    RiskAccept,
    RiskAddAction,
    RiskAssess,
    RiskLinkHarm,
    RiskTreat,
    RiskVerify,
    Sitting,
)
from risk.views.criteria import CriteriaApprove, CriteriaChange, CriteriaDetail, CriteriaDraft, CriteriaList
from risk.views.maps import HeatMap, Trend
from risk.views.risks import Library, RiskChange, RiskClose, RiskCreate, RiskDetail, RiskList, RiskReopen

urlpatterns = [
    # risks: the register, pictures, the library
    path("risks/", RiskList.as_view(), name="risk_list"),
    path("risks/new/", RiskCreate.as_view(), name="risk_create"),
    path("risks/library/", Library.as_view(), name="risk_library"),
    path("risks/heatmap/", HeatMap.as_view(), name="risk_heatmap"),
    path("risks/trend/", Trend.as_view(), name="risk_trend"),
    path("risks/sitting/", Sitting.as_view(), name="risk_sitting"),
    # one risk and its verbs
    path("risks/<str:ref>/", RiskDetail.as_view(), name="risk_detail"),
    path("risks/<str:ref>/change/", RiskChange.as_view(), name="risk_change"),
    path("risks/<str:ref>/assess/", RiskAssess.as_view(), name="risk_assess"),
    path("risks/<str:ref>/treat/", RiskTreat.as_view(), name="risk_treat"),
    path("risks/<str:ref>/action/", RiskAddAction.as_view(), name="risk_add_action"),
    path("risks/<str:ref>/harm/", RiskLinkHarm.as_view(), name="risk_link_harm"),
    path("risks/<str:ref>/decide-plan/", PlanDecide.as_view(), name="risk_decide_plan"),
    path("risks/<str:ref>/verify/", RiskVerify.as_view(), name="risk_verify"),
    path("risks/<str:ref>/accept/", RiskAccept.as_view(), name="risk_accept"),
    path("risks/<str:ref>/close/", RiskClose.as_view(), name="risk_close"),
    path("risks/<str:ref>/reopen/", RiskReopen.as_view(), name="risk_reopen"),
    path("risks/<str:ref>/<slug:tab>/", RiskDetail.as_view(), name="risk_tab"),
    # treatment actions
    path("actions/", ActionList.as_view(), name="action_list"),
    path("actions/<str:ref>/", ActionDetail.as_view(), name="action_detail"),
    path("actions/<str:ref>/change/", ActionChange.as_view(), name="action_change"),
    path("actions/<str:ref>/done/", ActionDone.as_view(), name="action_done"),
    path("actions/<str:ref>/drop/", ActionDrop.as_view(), name="action_drop"),
    path("actions/<str:ref>/<slug:tab>/", ActionDetail.as_view(), name="action_tab"),
    # criteria
    path("criteria/", CriteriaList.as_view(), name="criteria_list"),
    path("criteria/draft/", CriteriaDraft.as_view(), name="criteria_draft"),
    path("criteria/<str:ref>/", CriteriaDetail.as_view(), name="criteria_detail"),
    path("criteria/<str:ref>/change/", CriteriaChange.as_view(), name="criteria_change"),
    path("criteria/<str:ref>/approve/", CriteriaApprove.as_view(), name="criteria_approve"),
    path("criteria/<str:ref>/<slug:tab>/", CriteriaDetail.as_view(), name="criteria_tab"),
]
