"""Liveness and readiness for supervisors and load balancers."""

from django.http import HttpRequest, JsonResponse


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ready": True})
