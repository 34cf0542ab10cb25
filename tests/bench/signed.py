"""People of the bench, signed in without HTTP."""

from typing import Any

from django.test import Client

from organization.models import User


def person(kind: str) -> User:
    """Fresh, so that the access is resolved anew, as in a request."""
    return User.objects.get(email=f"{kind}@bench.example")


def signed_in(kind: str) -> Client:
    client = Client()
    client.force_login(person(kind))
    return client


def fine(response: Any) -> Any:
    assert response.status_code == 200, response.status_code
    return response
