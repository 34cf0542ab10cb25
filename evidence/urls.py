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
