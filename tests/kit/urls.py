"""A small site that shows the kit's pages with the samples, without a database."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from aims.forms import Picker
from aims.ui import Link
from tests.kit.samples import HOSTILE, Plain, Sample, pages

PEOPLE = ["Mira Halvorsen", "Jonas Weber", "Aiko Tanaka"]


class Picking(Sample):
    """The sample form with two fields that search on the server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget = Picker("people")
        self.fields["purpose"].widget = Picker("people", {"data-multiple": True})


def show(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, name, {**pages()[name], "shell": Plain()})


def form(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/form.html", {"form": Picking(), "shell": Plain()})


def jump(request: HttpRequest) -> HttpResponse:
    links = [Link("SYS-0004 Fraud detection", "/show/kit/record.html"), Link(HOSTILE, "/show/home.html")]
    return render(request, "kit/jump.html", {"links": links, "query": request.GET.get("q"), "shell": Plain()})


def pick(request: HttpRequest, source: str) -> JsonResponse:
    found = [name for name in PEOPLE if request.GET["q"].lower() in name.lower()]
    return JsonResponse({"options": [{"value": name.split()[0], "label": name, "hint": HOSTILE} for name in found]})


def job(request: HttpRequest, percent: int) -> HttpResponse:
    state = "done" if percent >= 100 else "running"
    card = {
        "id": 1,
        "label": "Pack",
        "state": state,
        "percent": percent,
        "poll_url": f"/job/{percent + 50}/",
        "result_url": "/r",
    }
    return render(
        request,
        "kit/_progress.html" if request.headers.get("HX-Request") else "kit/record.html",
        {"job": card, "shell": Plain()},
    )


def home(request: HttpRequest) -> HttpResponse:
    return show(request, "home.html")


urlpatterns = [
    path("", home, name="home"),
    path("show/<path:name>", show),
    path("form/", form),
    path("jump/", jump, name="jump"),
    path("pick/<slug:source>/", pick, name="pick"),
    path("job/<int:percent>/", job),
    path("account/", include("allauth.urls")),
]
