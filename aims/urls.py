"""Root of all addresses. Apps are named by strings, so that the kernel imports none of them."""

from django.conf import settings
from django.urls import include, path

from aims.health import live, ready
from aims.views import cadences, imports, inbox, webhooks
from aims.views.bulk import Bulk
from aims.views.comments import CommentResolve, CommentWrite
from aims.views.consistency import ConsistencyPage, FindingPage
from aims.views.decisions import DecisionsPage, RecordedPage
from aims.views.jobs import JobCancel, JobCard, JobRetry, JobsPage
from aims.views.pages import Go, Home, Jump, Pick, SaveView
from aims.views.trail import ActivityPage, ComparePage, TrailPage

urlpatterns = [
    path("", Home.as_view(), name="home"),
    # health: for supervisors and load balancers, no sign-in
    path("health/live", live, name="live"),
    path("health/ready", ready, name="ready"),
    # finding things
    path("jump/", Jump.as_view(), name="jump"),
    path("go/<str:ref>", Go.as_view(), name="go"),
    path("pick/<slug:source>/", Pick.as_view(), name="pick"),
    path("views/<slug:kind>/", SaveView.as_view(), name="save_view"),
    # the trail and background work
    path("activity/", ActivityPage.as_view(), name="activity"),
    path("compare/<slug:path>/", ComparePage.as_view(), name="compare"),
    path("decisions/", DecisionsPage.as_view(), name="decisions"),
    path("recorded/", RecordedPage.as_view(), name="recorded"),
    path("consistency/", ConsistencyPage.as_view(), name="consistency"),
    path("consistency/<slug:rule>/<str:ref>/<str:mark>/", FindingPage.as_view(), name="finding"),
    path("comments/<int:number>/resolve/", CommentResolve.as_view(), name="comment_resolve"),
    path("comments/<str:ref>/", CommentWrite.as_view(), name="comment_write"),
    path("trail/", TrailPage.as_view(), name="trail"),
    path("jobs/", JobsPage.as_view(), name="jobs"),
    path("jobs/<int:number>/", JobCard.as_view(), name="job"),
    path("jobs/<int:number>/cancel/", JobCancel.as_view(), name="job_cancel"),
    path("jobs/<int:number>/retry/", JobRetry.as_view(), name="job_retry"),
    # who outside is told
    path("webhooks/", webhooks.WebhooksPage.as_view(), name="webhooks"),
    path("webhooks/new/", webhooks.WebhookNew.as_view(), name="webhook_new"),
    path("webhooks/<int:number>/", webhooks.WebhookPage.as_view(), name="webhook"),
    path("webhooks/<int:number>/change/", webhooks.WebhookChange.as_view(), name="webhook_change"),
    path("webhooks/<int:number>/off/", webhooks.WebhookSwitch.as_view(), name="webhook_off"),
    path("webhooks/<int:number>/on/", webhooks.WebhookSwitch.as_view(on=True), name="webhook_on"),
    path("webhooks/<int:number>/secret/", webhooks.WebhookSecret.as_view(), name="webhook_secret"),
    path("webhooks/<int:number>/test/", webhooks.WebhookTest.as_view(), name="webhook_test"),
    path("webhooks/<int:number>/<int:message>/", webhooks.MessageAgain.as_view(), name="message_again"),
    # what is due
    path("cadences/", cadences.CadencesPage.as_view(), name="cadences"),
    path("cadences/<slug:kind>/<slug:tier>/", cadences.CadenceChange.as_view(), name="cadence_change"),
    path("cadences/<slug:kind>/<slug:tier>/back/", cadences.CadenceDrop.as_view(), name="cadence_drop"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/settings/", inbox.Settings.as_view(), name="inbox_settings"),
    path("inbox/attest/<slug:kind>/", inbox.Attest.as_view(), name="attest"),
    path("tasks/<int:number>/", inbox.TaskPage.as_view(), name="task"),
    path("tasks/<int:number>/snooze/", inbox.Snooze.as_view(), name="task_snooze"),
    path("tasks/<int:number>/block/", inbox.Block.as_view(), name="task_block"),
    path("tasks/<int:number>/reassign/", inbox.Reassign.as_view(), name="task_reassign"),
    path("tasks/<int:number>/resume/", inbox.Resume.as_view(), name="task_resume"),
    path("ask/<str:ref>/", inbox.Ask.as_view(), name="ask_review"),
    path("calendar/<str:secret>.ics", inbox.CalendarFeed.as_view(), name="calendar"),
    path("letters/<str:token>/", inbox.letters_stop, name="letters_stop"),
    # files of records
    path("imports/", imports.ImportList.as_view(), name="import_list"),
    path("imports/create/", imports.ImportCreate.as_view(), name="import_create"),
    path("imports/sheet/<slug:target>/", imports.ImportSheet.as_view(), name="import_sheet"),
    path("imports/<str:ref>/", imports.ImportDetail.as_view(), name="import_detail"),
    path("imports/<str:ref>/progress/", imports.ImportProgress.as_view(), name="import_progress"),
    path("imports/<str:ref>/columns/", imports.ImportColumns.as_view(), name="import_columns"),
    path("imports/<str:ref>/start/", imports.ImportStart.as_view(), name="import_start"),
    path("imports/<str:ref>/drop/", imports.ImportDrop.as_view(), name="import_drop"),
    path("imports/<str:ref>/take-back/", imports.ImportTakeBack.as_view(), name="import_take_back"),
    path("imports/<str:ref>/<slug:tab>/", imports.ImportDetail.as_view(), name="import_tab"),
    path("bulk/<slug:kind>/", Bulk.as_view(), name="bulk"),
    path("own-fields/", imports.OwnFields.as_view(), name="own_fields"),
    path("own-fields/<int:pk>/end/", imports.OwnFieldEnd.as_view(), name="own_field_end"),
    # the apps
    path("account/", include("allauth.urls")),
    path("api/v1/", include("aims.api.urls")),
    *[path("", include(f"{app}.urls")) for app in settings.AIMS_APPS],
]
handler400 = "aims.views.errors.bad_request"
handler403 = "aims.views.errors.forbidden"
handler404 = "aims.views.errors.not_found"
handler500 = "aims.views.errors.server_error"
