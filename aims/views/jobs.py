"""Background work: a person's own card (polled while it runs), cancel, retry; and all of it, for administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aims import clock, health, jobs
from aims.access import access_of
from aims.errors import Hidden
from aims.models import DueRun, Job, Letter
from aims.services import require
from aims.states import JobState
from aims.ui import Badge, Fact, Header
from aims.views.base import PageView


def job_card(job: Job, label: Any, *, result_url: str = "", result_label: Any = "") -> dict[str, Any]:
    """What `kit/_progress.html` draws."""
    return {
        "id": job.pk,
        "label": label,
        "state": job.state,
        "percent": job.percent,
        "step": job.note,
        "error": job.error,
        "poll_url": reverse("job", args=[job.pk]),
        "cancel_url": reverse("job_cancel", args=[job.pk]),
        "retry_url": reverse("job_retry", args=[job.pk]),
        "result_url": result_url,
        "result_label": result_label,
    }


class JobPage(PageView):
    """Base: one's own job or 404. Who manages jobs reaches everybody's."""

    def get_job(self) -> Job:
        jobs_here = Job.objects.filter(pk=self.kwargs["number"])
        if not access_of(self.request.user).capacity("jobs.manage"):
            jobs_here = jobs_here.filter(asked_by=self.request.user.pk)
        job = jobs_here.first()
        if job is None:
            raise Hidden
        return job

    def back(self) -> HttpResponse:
        """To the page the button stood on."""
        url = self.request.headers.get("Referer", "")
        safe = url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()})
        return redirect(url if safe else "home")


class JobCard(JobPage):
    """The card as a fragment."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return render(request, "kit/_progress.html", {"job": job_card(self.get_job(), _("Background work"))})


class JobCancel(JobPage):
    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        jobs.cancel(self.get_job())
        return self.back()


class JobRetry(JobPage):
    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        jobs.retry(self.get_job())
        return self.back()


SHOWN = 100
TONES = {
    JobState.QUEUED: ("neutral", "hourglass"),
    JobState.RUNNING: ("info", "refresh"),
    JobState.DONE: ("good", "circle-check"),
    JobState.FAILED: ("bad", "alert-octagon"),
    JobState.CANCELLED: ("neutral", "ban"),
}


class JobsPage(PageView):
    """Does the background work run, what failed, and what is to be done about it?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(access_of(request.user).capacity("jobs.manage"))
        recent = Job.objects.select_related("asked_by").order_by("-pk")
        context = {
            "header": Header(
                title=_("Background work"),
                lead=_("Packs, imports, reviews and mails. What failed waits here until somebody asks for it again."),
            ),
            "strip": self.strip(),
            "dead": [_line(job) for job in recent.filter(state=JobState.FAILED)[:SHOWN]],
            "open": [_line(job) for job in recent.open()[:SHOWN]],
            "ended": [_line(job) for job in recent.filter(state__in=[JobState.DONE, JobState.CANCELLED])[:SHOWN]],
            "runs": DueRun.objects.order_by("-at")[:20],
            "letters": Letter.objects.filter(sent_at=None).exclude(error="").select_related("person")[:SHOWN],
        }
        return render(request, "inbox/jobs.html", context)

    def strip(self) -> list[Fact]:
        """How the work stands, in four figures."""
        oldest = Job.objects.abandoned(at=clock.now()).order_by("created_at").first()
        last = DueRun.objects.order_by("-at").first()
        away = health.broker_away()
        return [
            Fact(_("Broker"), Badge(_("Away"), "bad") if away else Badge(pgettext("responds", "Answers"), "good")),
            Fact(_("Waiting or running"), Job.objects.open().count()),
            Fact(_("Failed"), Job.objects.filter(state=JobState.FAILED).count()),
            Fact(_("Waits longest since"), oldest.created_at if oldest else None, missing=_("Nothing waits")),
            Fact(_("Looked for due dates"), last.at if last else None, missing=_("Not yet")),
        ]


def _line(job: Job) -> dict[str, Any]:
    tone, drawing = TONES[JobState(job.state)]
    return {"job": job, "badge": Badge(str(job.get_state_display()), tone, drawing)}  # type: ignore[arg-type]
