"""Pages of this app."""

from django.urls import path

from controls import views

urlpatterns = [
    # readiness, and the gap assessment: what was found of each clause
    path("readiness/", views.ReadinessPage.as_view(), name="readiness"),
    path("gaps/", views.AnswerList.as_view(), name="gap_list"),
    path("gaps/answer/<str:number>/", views.AnswerCreate.as_view(), name="gap_answer"),
    path("gaps/<str:ref>/", views.AnswerDetail.as_view(), name="gap_detail"),
    path("gaps/<str:ref>/change/", views.AnswerChange.as_view(), name="gap_change"),
    path("gaps/<str:ref>/<slug:tab>/", views.AnswerDetail.as_view(), name="gap_tab"),
    # scopes: which there are, what one covers
    path("scopes/", views.ScopeList.as_view(), name="scope_list"),
    path("scopes/create/", views.ScopeCreate.as_view(), name="scope_create"),
    path("scopes/<str:ref>/", views.ScopeDetail.as_view(), name="scope_detail"),
    path("scopes/<str:ref>/change/", views.ScopeChange.as_view(), name="scope_change"),
    path("scopes/<str:ref>/end/", views.ScopeEnd.as_view(), name="scope_end"),
    path("scopes/<str:ref>/<slug:tab>/", views.ScopeDetail.as_view(), name="scope_tab"),
    # control statements: the register, all rows at once, one record
    path("statements/", views.StatementList.as_view(), name="statement_list"),
    path("statements/open/", views.OpenStatements.as_view(), name="statement_open"),
    path("statements/grid/", views.StatementGrid.as_view(), name="statement_grid"),
    path("statements/copy/", views.StatementCopy.as_view(), name="statement_copy"),
    path("statements/<str:ref>/", views.StatementDetail.as_view(), name="statement_detail"),
    path("statements/<str:ref>/change/", views.StatementChange.as_view(), name="statement_change"),
    path("statements/<str:ref>/differ/", views.StatementDiffer.as_view(), name="statement_differ"),
    path("statements/<str:ref>/stop/", views.StatementStop.as_view(), name="statement_stop"),
    path("statements/<str:ref>/<slug:tab>/", views.StatementDetail.as_view(), name="statement_tab"),
    # versions of the Statement of Applicability: the list, one version, deciding, exports, what is proposed
    path("soa/", views.SoaList.as_view(), name="soa_list"),
    path("soa/<str:ref>/", views.SoaDetail.as_view(), name="soa_detail"),
    path("soa/<str:ref>/submit/", views.SoaSubmit.as_view(), name="soa_submit"),
    path("soa/<str:ref>/return/", views.SoaReturn.as_view(), name="soa_return"),
    path("soa/<str:ref>/approve/", views.SoaApprove.as_view(), name="soa_approve"),
    path("soa/<str:ref>/download/<slug:form>/", views.SoaDownload.as_view(), name="soa_download"),
    path("soa/<str:ref>/proposals/<int:number>/take/", views.ProposalTake.as_view(), name="soa_take"),
    path("soa/<str:ref>/proposals/<int:number>/decline/", views.ProposalDecline.as_view(), name="soa_decline"),
    path("soa/<str:ref>/<slug:tab>/", views.SoaDetail.as_view(), name="soa_tab"),
    # the catalogue: what is asked, and our answer; own controls beyond Annex A
    path("controls/", views.ControlList.as_view(), name="control_list"),
    path("controls/create/", views.ControlCreate.as_view(), name="control_create"),
    path("controls/<str:number>/", views.ControlSheet.as_view(), name="control_detail"),
    path("controls/<str:number>/change/", views.ControlChange.as_view(), name="control_change"),
    path("controls/<str:number>/delete/", views.ControlDelete.as_view(), name="control_delete"),
    # other frameworks: what can be reused for them
    path("frameworks/", views.FrameworkList.as_view(), name="framework_list"),
    path("frameworks/<str:key>/", views.FrameworkDetail.as_view(), name="framework_detail"),
    path("frameworks/<str:key>/review/", views.FrameworkReview.as_view(), name="framework_review"),
    path("clauses/", views.ClauseList.as_view(), name="clause_list"),
    path("clauses/<str:number>/", views.ClauseSheet.as_view(), name="clause_detail"),
]
