"""Who may what at which address. A route that is missing here fails the walk.

A rule is one of the words below, or a verb: then the roles that the registry grants the verb may, others who see the
record get 403. API rules are by action name under the route's prefix.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps

from aims.models import Job
from aims.registry import registry
from tests.walk.world import OPEN, World, product_kinds

ANYBODY = "anybody"  # no sign-in asked
SIGNED_IN = "signed in"  # every signed-in person; what it shows is scanned for canaries
SEEN = "seen"  # who sees the record
OWN = "own"  # one's own account: any answer but a server error
ADDRESSED = "addressed"  # the address names things; who may not see them gets 404

PAGES: dict[str, str] = {
    # kernel
    "home": SIGNED_IN,
    "live": ANYBODY,
    "ready": ANYBODY,
    "jump": SIGNED_IN,
    "go": SEEN,
    "pick": SIGNED_IN,
    "save_view": SIGNED_IN,
    "schema": SIGNED_IN,
    "api-root": SIGNED_IN,
    "compare": SIGNED_IN,
    "recorded": SIGNED_IN,
    "activity": "trail.read",
    "decisions": "trail.read",
    "trail": "trail.read",
    "job": ADDRESSED,
    "job_cancel": ADDRESSED,
    "job_retry": ADDRESSED,
    # controls
    "statement_list": SIGNED_IN,
    "statement_open": "statement.open",
    "statement_grid": SIGNED_IN,
    "statement_detail": SEEN,
    "statement_change": "statement.describe",
    "statement_tab": SEEN,
    "control_list": SIGNED_IN,
    "control_detail": SIGNED_IN,
    "clause_list": SIGNED_IN,
    "clause_detail": SIGNED_IN,
}

API: dict[str, dict[str, str]] = {
    "trail": {"list": "trail.read", "retrieve": "trail.read"},
}

# Addresses of the sign-in library: everybody's own account.
OWN_PREFIXES = ("account_", "mfa_", "socialaccount_", "openid_connect_", "usersessions_", "headless")

Fill = Callable[[World, str], list[dict[str, Any]]]


def _numbers(prefix: str) -> Fill:
    model = {"controls": "controls.Control", "clauses": "controls.Clause"}[prefix]

    def fill(world: World, condition: str) -> list[dict[str, Any]]:
        first = apps.get_model(model)._default_manager.order_by("pk").first()
        return [{"number": first.number}] if condition == OPEN and first else []

    return fill


def _job(world: World, condition: str) -> list[dict[str, Any]]:
    job = Job.objects.filter(asked_by=world.keeper).first()
    return [{"number": job.pk}] if job and condition == OPEN else []


# How to fill the arguments of an address beside `ref` and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "pick": lambda world, condition: [
        {"source": source} for source in ("people", *product_kinds(), *registry.pickers) if condition == OPEN
    ],
    "save_view": lambda world, condition: [{"kind": "system"}] if condition == OPEN else [],
    "compare": lambda world, condition: [{"path": "systems"}] if condition == OPEN else [],
    "control_detail": _numbers("controls"),
    "clause_detail": _numbers("clauses"),
    "job": _job,
    "job_cancel": _job,
    "job_retry": _job,
}

# Tables that any request may write: sessions, what is kept about views, uses of tokens.
ALWAYS_WRITTEN = {
    "django_session",
    "usersessions_usersession",
    "organization_apitoken",
    "organization_user",
    "aims_reading",
}
