"""Pages of this app."""

from django.urls import path

from evidence import views

urlpatterns = [
    # evidence: the register, taking it in, one record, its file and its links
    path("evidence/", views.EvidenceList.as_view(), name="evidence_list"),
    path("evidence/create/", views.EvidenceAdd.as_view(), name="evidence_create"),
    path("evidence/attach/<str:ref>/", views.AttachEvidence.as_view(), name="evidence_attach"),
    path("evidence/<str:ref>/", views.EvidenceDetail.as_view(), name="evidence_detail"),
    path("evidence/<str:ref>/change/", views.EvidenceChange.as_view(), name="evidence_change"),
    path("evidence/<str:ref>/replace/", views.EvidenceReplace.as_view(), name="evidence_replace"),
    path("evidence/<str:ref>/withdraw/", views.EvidenceWithdraw.as_view(), name="evidence_withdraw"),
    path("evidence/<str:ref>/verify/", views.EvidenceVerify.as_view(), name="evidence_verify"),
    path("evidence/<str:ref>/download/", views.EvidenceDownload.as_view(), name="evidence_download"),
    path("evidence/<str:ref>/attest/", views.EvidenceAttest.as_view(), name="evidence_attest"),
    path("evidence/<str:ref>/redact/", views.EvidenceRedact.as_view(), name="evidence_redact"),
    path("evidence/<str:ref>/link/", views.LinkCreate.as_view(), name="evidence_link"),
    path("evidence/<str:ref>/links/<int:number>/remove/", views.LinkRemove.as_view(), name="evidence_unlink"),
    path("evidence/<str:ref>/<slug:tab>/", views.EvidenceDetail.as_view(), name="evidence_tab"),
    # requests: the register, asking, one of them, giving evidence to it
    path("evidence-requests/", views.RequestList.as_view(), name="request_list"),
    path("evidence-requests/create/", views.RequestCreate.as_view(), name="request_create"),
    path("evidence-requests/<str:ref>/", views.RequestDetail.as_view(), name="request_detail"),
    path("evidence-requests/<str:ref>/change/", views.RequestChange.as_view(), name="request_change"),
    path("evidence-requests/<str:ref>/give/", views.RequestGive.as_view(), name="request_give"),
    path("evidence-requests/<str:ref>/drop/", views.RequestDrop.as_view(), name="request_drop"),
    path("evidence-requests/<str:ref>/<slug:tab>/", views.RequestDetail.as_view(), name="request_tab"),
    # documents: the register, one of them, its versions, who read it; and what one reads oneself
    path("reading/", views.Reading.as_view(), name="reading"),
    path("documents/", views.DocumentList.as_view(), name="document_list"),
    path("documents/create/", views.DocumentCreate.as_view(), name="document_create"),
    path("documents/<str:ref>/", views.DocumentDetail.as_view(), name="document_detail"),
    path("documents/<str:ref>/change/", views.DocumentChange.as_view(), name="document_change"),
    path("documents/<str:ref>/draft/", views.VersionCreate.as_view(), name="document_draft"),
    path("documents/<str:ref>/withdraw/", views.DocumentWithdraw.as_view(), name="document_withdraw"),
    path("documents/<str:ref>/read/", views.Read.as_view(), name="document_read"),
    path("documents/<str:ref>/read/file/", views.ReadFile.as_view(), name="document_read_file"),
    path("documents/<str:ref>/readers/export/", views.ReadersExport.as_view(), name="document_readers_export"),
    path("documents/<str:ref>/versions/<int:number>/", views.VersionDetail.as_view(), name="document_version_detail"),
    path(
        "documents/<str:ref>/versions/<int:number>/change/",
        views.VersionChange.as_view(),
        name="document_version_change",
    ),
    path(
        "documents/<str:ref>/versions/<int:number>/submit/",
        views.VersionSubmit.as_view(),
        name="document_version_submit",
    ),
    path(
        "documents/<str:ref>/versions/<int:number>/return/",
        views.VersionReturn.as_view(),
        name="document_version_return",
    ),
    path(
        "documents/<str:ref>/versions/<int:number>/approve/",
        views.VersionApprove.as_view(),
        name="document_version_approve",
    ),
    path(
        "documents/<str:ref>/versions/<int:number>/take-effect/",
        views.VersionTakeEffect.as_view(),
        name="document_version_take_effect",
    ),
    path(
        "documents/<str:ref>/versions/<int:number>/download/",
        views.VersionDownload.as_view(),
        name="document_version_download",
    ),
    path("documents/<str:ref>/<slug:tab>/", views.DocumentDetail.as_view(), name="document_tab"),
    # packs: the list, asking for one, its progress and its file
    path("packs/", views.PackList.as_view(), name="pack_list"),
    path("packs/create/", views.PackCreate.as_view(), name="pack_create"),
    path("packs/<str:ref>/", views.PackDetail.as_view(), name="pack_detail"),
    path("packs/<str:ref>/progress/", views.PackProgress.as_view(), name="pack_progress"),
    path("packs/<str:ref>/cancel/", views.PackCancel.as_view(), name="pack_cancel"),
    path("packs/<str:ref>/retry/", views.PackRetry.as_view(), name="pack_retry"),
    path("packs/<str:ref>/bag/", views.PackBag.as_view(), name="pack_bag"),
    path("packs/<str:ref>/download/", views.PackDownload.as_view(), name="pack_download"),
    path("packs/<str:ref>/<slug:tab>/", views.PackDetail.as_view(), name="pack_tab"),
]
