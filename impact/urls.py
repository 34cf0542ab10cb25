"""Addresses of impact."""

from django.urls import path

from impact.views import acts, sitting, write
from impact.views import assessments as a
from impact.views import screenings as s

urlpatterns = [
    # screenings
    path("screenings/", s.ScreeningList.as_view(), name="screening_list"),
    path("screenings/new/", s.ScreeningCreate.as_view(), name="screening_create"),
    path("screenings/sitting/", sitting.ScreeningSitting.as_view(), name="screening_sitting"),
    path("screenings/decide/", s.ScreeningDecide.as_view(), name="screening_decide"),
    path("screenings/<str:ref>/", s.ScreeningDetail.as_view(), name="screening_detail"),
    path("screenings/<str:ref>/approve/", s.ScreeningApprove.as_view(), name="screening_approve"),
    path("screenings/<str:ref>/return/", s.ScreeningReturn.as_view(), name="screening_return"),
    path("screenings/<str:ref>/<slug:tab>/", s.ScreeningDetail.as_view(), name="screening_tab"),
    # assessments: the register, one, writing it
    path("impact-assessments/", a.ImpactList.as_view(), name="impact_list"),
    path("impact-assessments/new/", a.ImpactOpen.as_view(), name="impact_create"),
    path("impact-assessments/<str:ref>/", a.ImpactDetail.as_view(), name="impact_detail"),
    path("impact-assessments/<str:ref>/continue/", a.ImpactWork.as_view(), name="impact_work"),
    path("impact-assessments/<str:ref>/write/", write.WriteStart.as_view(), name="impact_write"),
    path("impact-assessments/<str:ref>/write/<slug:section>/", write.WriteSection.as_view(), name="impact_section"),
    path("impact-assessments/<str:ref>/party/new/", write.PartyAdd.as_view(), name="impact_party_add"),
    path("impact-assessments/<str:ref>/party/<int:pk>/", write.PartyChange.as_view(), name="impact_party_change"),
    path("impact-assessments/<str:ref>/party/<int:pk>/remove/", write.PartyRemove.as_view(), name="impact_party_remove"),
    path("impact-assessments/<str:ref>/impact/new/", write.ImpactAdd.as_view(), name="impact_row_add"),
    path("impact-assessments/<str:ref>/impact/<int:pk>/", write.ImpactChange.as_view(), name="impact_row_change"),
    path("impact-assessments/<str:ref>/impact/<int:pk>/remove/", write.ImpactRowRemove.as_view(), name="impact_row_remove"),
    path("impact-assessments/<str:ref>/measure/new/", write.MeasureAdd.as_view(), name="impact_measure_add"),
    path("impact-assessments/<str:ref>/measure/<int:pk>/", write.MeasureChange.as_view(), name="impact_measure_change"),
    path("impact-assessments/<str:ref>/measure/<int:pk>/remove/", write.MeasureRemove.as_view(), name="impact_measure_remove"),
    path("impact-assessments/<str:ref>/measure/<int:pk>/done/", acts.MeasureDone.as_view(), name="impact_measure_done"),
    path("impact-assessments/<str:ref>/submit/", write.ImpactSubmit.as_view(), name="impact_submit"),
    # opinions and decisions
    path("impact-assessments/<str:ref>/ask/", acts.OpinionAsk.as_view(), name="impact_ask"),
    path("impact-assessments/<str:ref>/opinion/<int:pk>/", acts.OpinionGive.as_view(), name="impact_opinion"),
    path(
        "impact-assessments/<str:ref>/opinion/<int:pk>/withdraw/", acts.OpinionWithdraw.as_view(),
        name="impact_opinion_withdraw",
    ),
    path("impact-assessments/<str:ref>/approve/", acts.ImpactApprove.as_view(), name="impact_approve"),
    path("impact-assessments/<str:ref>/return/", acts.ImpactReturn.as_view(), name="impact_return"),
    path("impact-assessments/<str:ref>/reject/", acts.ImpactReject.as_view(), name="impact_reject"),
    path("impact-assessments/<str:ref>/escalate/", acts.ImpactEscalate.as_view(), name="impact_escalate"),
    path("impact-assessments/<str:ref>/allow/", acts.ImpactAllow.as_view(), name="impact_allow"),
    path("impact-assessments/<str:ref>/refer/", acts.ImpactRefer.as_view(), name="impact_refer"),
    path("impact-assessments/<str:ref>/reassess/", acts.ImpactReassess.as_view(), name="impact_reassess"),
    path("impact-assessments/<str:ref>/condition/<int:pk>/", acts.ConditionMeet.as_view(), name="impact_condition"),
    path("impact-assessments/<str:ref>/<slug:tab>/", a.ImpactDetail.as_view(), name="impact_tab"),
]  # fmt: skip
