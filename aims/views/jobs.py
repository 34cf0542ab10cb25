"""A person's background work: its card (polled while it runs), cancel, retry."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from aims import jobs
from aims.errors import Hidden
from aims.models import Job
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
    """Base: one's own job or 404."""

    def get_job(self) -> Job:
        job = Job.objects.filter(pk=self.kwargs["number"], asked_by=self.request.user.pk).first()
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
