"""Addresses of audits."""

from collections.abc import Sequence
from typing import Any

from django.urls import path

from aims.exports import xlsx_response
from audits import acts
from audits.acts import Act
from audits.views import audits as a
from audits.views import engagements as e
from audits.views import findings as f
from audits.views import nonconformities as n
from audits.views import papers, room, samples
from audits.views import programmes as p
from audits.views.base import ActPage


def verbs(prefix: str, found: Sequence[Act], view: Any = ActPage) -> list[Any]:
    """A page for each verb of a kind."""
    return [path(f"{prefix}/<str:ref>/{act.id}/", view.as_view(act=act), name=act.route) for act in found]


urlpatterns = [
    # programmes
    path("programmes/", p.ProgrammeList.as_view(), name="programme_list"),
    path("programmes/new/", p.ProgrammeCreate.as_view(), name="programme_create"),
    path("programmes/<str:ref>/", p.ProgrammeDetail.as_view(), name="programme_detail"),
    path("programmes/<str:ref>/change/", p.ProgrammeChange.as_view(), name="programme_change"),
    *verbs("programmes", acts.PROGRAMME_ACTS, p.ProgrammeAct),
    path("programmes/<str:ref>/<slug:tab>/", p.ProgrammeDetail.as_view(), name="programme_tab"),
    # audits, their papers and samples
    path("audits/", a.AuditList.as_view(), name="audit_list"),
    path("audits/new/", a.AuditCreate.as_view(), name="audit_create"),
    path("audits/redraw.py", samples.RedrawScript.as_view(), name="audit_redraw"),
    path("audits/<str:ref>/", a.AuditDetail.as_view(), name="audit_detail"),
    path("audits/<str:ref>/change/", a.AuditChange.as_view(), name="audit_change"),
    path("audits/<str:ref>/report-page/", a.ReportPage.as_view(), name="audit_report_page"),
    path("audits/<str:ref>/team/<int:pk>/remove/", a.TeamRemove.as_view(), name="audit_team_remove"),
    path("audits/<str:ref>/papers/<int:pk>/", papers.SavePaper.as_view(), name="audit_paper"),
    path("audits/<str:ref>/question/", papers.AddQuestion.as_view(), name="audit_question"),
    path("audits/<str:ref>/raise/", f.FindingRaise.as_view(), name="audit_raise"),
    path("audits/<str:ref>/draw/", samples.DrawSample.as_view(), name="audit_draw"),
    path("audits/<str:ref>/samples/<int:pk>/", samples.SampleDetail.as_view(), name="sample_detail"),
    path(
        "audits/<str:ref>/samples/<int:pk>/population.csv", samples.PopulationFile.as_view(), name="sample_population"
    ),
    path("audits/<str:ref>/samples/<int:pk>/rows/<int:row>/", samples.JudgeRow.as_view(), name="sample_judge"),
    *verbs("audits", acts.AUDIT_ACTS),
    path("audits/<str:ref>/<slug:tab>/", a.AuditDetail.as_view(), name="audit_tab"),
    # findings and improvements
    path("findings/", f.FindingList.as_view(), name="finding_list"),
    path("findings/<str:ref>/", f.FindingDetail.as_view(), name="finding_detail"),
    path("findings/<str:ref>/change/", f.FindingChange.as_view(), name="finding_change"),
    *verbs("findings", acts.FINDING_ACTS),
    path("findings/<str:ref>/<slug:tab>/", f.FindingDetail.as_view(), name="finding_tab"),
    path("improvements/", f.ImprovementList.as_view(), name="improvement_list"),
    path("improvements/new/", f.ImprovementCreate.as_view(), name="improvement_create"),
    path("improvements/<str:ref>/", f.ImprovementDetail.as_view(), name="improvement_detail"),
    path("improvements/<str:ref>/change/", f.ImprovementChange.as_view(), name="improvement_change"),
    *verbs("improvements", acts.IMPROVEMENT_ACTS),
    path("improvements/<str:ref>/<slug:tab>/", f.ImprovementDetail.as_view(), name="improvement_tab"),
    # nonconformities and corrective actions
    path("nonconformities/", n.NonconformityList.as_view(), name="nonconformity_list"),
    path("nonconformities/new/", n.NonconformityCreate.as_view(), name="nonconformity_create"),
    path("nonconformities/trend/", n.Trend.as_view(), name="nonconformity_trend"),
    path("nonconformities/<str:ref>/", n.NonconformityDetail.as_view(), name="nonconformity_detail"),
    path("nonconformities/<str:ref>/change/", n.NonconformityChange.as_view(), name="nonconformity_change"),
    *verbs("nonconformities", acts.NONCONFORMITY_ACTS),
    path("nonconformities/<str:ref>/<slug:tab>/", n.NonconformityDetail.as_view(), name="nonconformity_tab"),
    path("corrective-actions/", n.ActionList.as_view(), name="corrective_action_list"),
    path("corrective-actions/<str:ref>/", n.ActionDetail.as_view(), name="corrective_action_detail"),
    path("corrective-actions/<str:ref>/change/", n.ActionChange.as_view(), name="corrective_action_change"),
    *verbs("corrective-actions", acts.ACTION_ACTS),
    path("corrective-actions/<str:ref>/<slug:tab>/", n.ActionDetail.as_view(), name="corrective_action_tab"),
    # engagements and the auditor's room
    path("rooms/", room.Rooms.as_view(), name="room_list"),
    path("engagements/", e.EngagementList.as_view(), name="engagement_list"),
    path("engagements/new/", e.EngagementCreate.as_view(), name="engagement_create"),
    path("engagements/<str:ref>/", e.EngagementDetail.as_view(), name="engagement_detail"),
    path("engagements/<str:ref>/change/", e.EngagementChange.as_view(), name="engagement_change"),
    path("engagements/<str:ref>/members/<int:pk>/dismiss/", e.Dismiss.as_view(), name="engagement_dismiss"),
    path("engagements/<str:ref>/room/", room.Room.as_view(), name="engagement_room"),
    path("engagements/<str:ref>/ask/", room.Ask.as_view(), name="engagement_ask"),
    path("engagements/<str:ref>/import/", room.ImportList.as_view(), name="engagement_import"),
    path("engagements/<str:ref>/note/", room.Note.as_view(), name="engagement_note"),
    path("engagements/<str:ref>/requests.csv", room.ExportList.as_view(), name="engagement_export"),
    path(
        "engagements/<str:ref>/requests.xlsx", room.ExportList.as_view(write=xlsx_response), name="engagement_workbook"
    ),
    path("engagements/<str:ref>/requests/<int:pk>/", room.RequestDetail.as_view(), name="request_detail"),
    path("engagements/<str:ref>/requests/<int:pk>/answer/", room.RequestAnswer.as_view(), name="request_answer"),
    path("engagements/<str:ref>/requests/<int:pk>/withdraw/", room.RequestWithdraw.as_view(), name="request_withdraw"),
    path("engagements/<str:ref>/requests/<int:pk>/comment/", room.RequestComment.as_view(), name="request_comment"),
    path("engagements/<str:ref>/requests/<int:pk>/offer/", room.RequestOffer.as_view(), name="request_offer"),
    *verbs("engagements", acts.ENGAGEMENT_ACTS),
    path("engagements/<str:ref>/<slug:tab>/", e.EngagementDetail.as_view(), name="engagement_tab"),
    # certifications
    path("certifications/", e.CertificationList.as_view(), name="certification_list"),
    path("certifications/new/", e.CertificationCreate.as_view(), name="certification_create"),
    path("certifications/<str:ref>/", e.CertificationDetail.as_view(), name="certification_detail"),
    path("certifications/<str:ref>/change/", e.CertificationChange.as_view(), name="certification_change"),
    *verbs("certifications", acts.CERTIFICATION_ACTS),
    path("certifications/<str:ref>/<slug:tab>/", e.CertificationDetail.as_view(), name="certification_tab"),
]
