"""Who may what at which address. A route that is missing here fails the walk.

A rule is one of the words below, or a verb: then the roles that the registry grants the verb may, others who see the
record get 403. API rules are by action name under the route's prefix.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps

from aims.models import Job
from aims.registry import registry
from tests.walk.world import FOREIGN, OPEN, World, product_kinds

ANYBODY = "anybody"  # no sign-in asked
SIGNED_IN = "signed in"  # every signed-in person; what it shows is scanned for canaries
SEEN = "seen"  # who sees the record
ANYBODY_WITH_SECRET = "anybody with the secret"  # no sign-in; a wrong secret finds nothing
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
    "compare": ADDRESSED,
    "recorded": SIGNED_IN,
    "activity": SIGNED_IN,
    "decisions": SIGNED_IN,
    "trail": "trail.read",
    "inbox": SIGNED_IN,
    "inbox_settings": SIGNED_IN,
    "attest": ADDRESSED,
    "ask_review": ADDRESSED,
    "calendar": ANYBODY_WITH_SECRET,
    "letters_stop": ANYBODY_WITH_SECRET,
    **dict.fromkeys(("task", "task_block", "task_reassign", "task_resume", "task_snooze"), ADDRESSED),
    "jobs": "jobs.manage",
    "job": ADDRESSED,
    "job_cancel": ADDRESSED,
    "job_retry": ADDRESSED,
    # organization
    "api_me": SIGNED_IN,
    "person_list": SIGNED_IN,
    "person_create": "person.create",
    "person_detail": SEEN,
    "person_tab": ADDRESSED,
    "person_change": "person.change",
    "person_deactivate": "person.deactivate",
    "person_reactivate": ADDRESSED,
    "person_invite": ADDRESSED,
    "person_token_issue": ADDRESSED,
    "grant_give": "grant.give",
    "grant_end": "grant.end",
    "unit_list": SIGNED_IN,
    "unit_create": "unit.create",
    "unit_detail": SEEN,
    "unit_tab": ADDRESSED,
    "unit_change": "unit.change",
    "role_list": SIGNED_IN,
    "token_issue": SIGNED_IN,
    "token_revoke": ADDRESSED,
    # evidence
    "evidence_list": SIGNED_IN,
    "evidence_create": "evidence.add",
    "evidence_attach": SEEN,
    "evidence_detail": SEEN,
    "evidence_tab": SEEN,
    "evidence_change": "evidence.change",
    "evidence_replace": "evidence.supersede",
    "evidence_withdraw": "evidence.withdraw",
    "evidence_verify": SEEN,
    "evidence_download": ADDRESSED,
    "evidence_link": "evidence.link",
    "evidence_unlink": "evidence.link",
    "pack_list": SIGNED_IN,
    "pack_create": "pack.ask",
    "pack_detail": SEEN,
    "pack_tab": SEEN,
    "pack_progress": SEEN,
    "pack_cancel": "pack.run",
    "pack_retry": "pack.run",
    "pack_download": ADDRESSED,
    # inventory
    "system_list": SIGNED_IN,
    "system_create": "system.register",
    "system_detail": SEEN,
    "system_tab": SEEN,
    "system_change": "system.change",
    "system_move": "system.move",
    **dict.fromkeys(("role_create", "role_change", "role_remove"), "system.change"),
    **dict.fromkeys(("law_role_create", "law_role_change", "law_role_remove"), "system.change"),
    **dict.fromkeys(("version_create", "version_change"), "version.add"),
    **dict.fromkeys(("version_release", "version_end"), "version.release"),
    **dict.fromkeys(("use_create", "use_end"), "component.use"),
    **dict.fromkeys(("system_grant_give", "system_grant_end"), "system.grant"),
    "component_list": SIGNED_IN,
    "component_create": "component.register",
    "component_detail": SEEN,
    "component_tab": SEEN,
    "component_change": "component.change",
    "component_withdraw": "component.withdraw",
    "component_reinstate": "component.withdraw",
    "supplier_list": SIGNED_IN,
    "supplier_create": "supplier.register",
    "supplier_detail": SEEN,
    "supplier_tab": SEEN,
    "supplier_change": "supplier.change",
    "supplier_end": "supplier.end",
    "supplier_resume": "supplier.end",
    # controls
    "statement_list": SIGNED_IN,
    "statement_open": ADDRESSED,
    "statement_grid": "statement.describe",
    "statement_detail": SEEN,
    "statement_change": "statement.describe",
    "statement_tab": SEEN,
    "control_list": SIGNED_IN,
    "control_detail": SIGNED_IN,
    "clause_list": SIGNED_IN,
    "clause_detail": SIGNED_IN,
    # risk
    "risk_list": SIGNED_IN,
    "risk_create": "risk.register",
    "risk_library": "risk.register",
    "risk_heatmap": SIGNED_IN,
    "risk_sitting": "risk.accept",
    "risk_detail": SEEN,
    "risk_tab": SEEN,
    "risk_change": "risk.change",
    "risk_assess": "risk.assess",
    "risk_treat": "risk.treat",
    "risk_add_action": "risk.treat",
    "risk_decide_plan": "risk.approve_plan",
    "risk_verify": "risk.verify",
    "risk_accept": "risk.accept",
    "risk_close": "risk.close",
    "risk_reopen": "risk.reopen",
    "action_list": SIGNED_IN,
    "action_detail": SEEN,
    "action_tab": SEEN,
    "action_change": "action.change",
    "action_done": "action.complete",
    "action_drop": "action.change",
    "criteria_list": SIGNED_IN,
    "criteria_draft": ADDRESSED,
    "criteria_detail": SEEN,
    "criteria_tab": SEEN,
    # Only a draft changes; the walk's are superseded.
    "criteria_change": ADDRESSED,
    "criteria_approve": "criteria.approve",
}

_READ = {"list": SIGNED_IN, "retrieve": SEEN}


def _writes(verb: str) -> dict[str, str]:
    return {"update": verb, "partial_update": verb}


API: dict[str, dict[str, str]] = {
    "trail": {"list": "trail.read", "inclusion": ADDRESSED, "consistency": ADDRESSED},
    "people": {
        **_READ,
        "create": "person.create",
        "partial_update": "person.change",
        "deactivate": "person.deactivate",
        "reactivate": ADDRESSED,
    },
    "units": {**_READ, "create": "unit.create", "partial_update": "unit.change"},
    "grants": {**_READ, "create": "grant.give", "end": "grant.end"},
    "tokens": {"list": SIGNED_IN, "retrieve": ADDRESSED, "create": ADDRESSED, "revoke": ADDRESSED},
    "evidence": {
        **_READ,
        **_writes("evidence.change"),
        "create": "evidence.add",
        "download": ADDRESSED,
        "link": "evidence.link",
        "unlink": "evidence.link",
        "links": SEEN,
        "withdraw": "evidence.withdraw",
    },
    "packs": {**_READ, "create": "pack.ask", "cancel": "pack.run", "retry": "pack.run", "download": ADDRESSED},
    "systems": {
        **_READ,
        **_writes("system.change"),
        "create": "system.register",
        "move": "system.move",
        **dict.fromkeys(("roles", "role", "remove_role", "law_roles", "law_role", "remove_law_role"), "system.change"),
        **dict.fromkeys(("versions", "version"), "version.add"),
        **dict.fromkeys(("release_version", "end_version"), "version.release"),
        **dict.fromkeys(("components", "stop_component"), "component.use"),
    },
    "components": {
        **_READ,
        **_writes("component.change"),
        "create": "component.register",
        "withdraw": "component.withdraw",
        "reinstate": "component.withdraw",
    },
    "suppliers": {
        **_READ,
        **_writes("supplier.change"),
        "create": "supplier.register",
        "end": "supplier.end",
        "resume": "supplier.end",
    },
    "statements": {
        **_READ,
        **_writes("statement.describe"),
        "open_all": ADDRESSED,
        "bulk": SIGNED_IN,
    },
    "risks": {
        **_READ,
        **_writes("risk.change"),
        "create": "risk.register",
        "set_family": "risk.change",
        # Read by who sees the risk; written by verb, which the journeys try.
        **dict.fromkeys(("assessments", "treatments", "acceptances"), ADDRESSED),
        "decide_plan": "risk.approve_plan",
        "verify": "risk.verify",
        "close": "risk.close",
        "reopen": "risk.reopen",
    },
    "actions": {**_READ, "partial_update": "action.change", "complete": "action.complete", "drop": "action.change"},
    "criteria": {**_READ, "create": ADDRESSED, "partial_update": ADDRESSED, "approve": ADDRESSED},
    "controls": {"list": SIGNED_IN, "retrieve": SIGNED_IN},
    "clauses": {"list": SIGNED_IN, "retrieve": SIGNED_IN},
}

# Addresses of the sign-in library: everybody's own account.
OWN_PREFIXES = ("account", "mfa_", "socialaccount", "openid_connect_", "usersessions_", "headless")
# Those without a name.
OWN_PATHS = ("account/",)

Pairs = list[tuple[dict[str, Any], Any]]
Fill = Callable[[World, str], Pairs]


def _catalogue(model: str) -> Fill:
    def fill(world: World, condition: str) -> Pairs:
        first = apps.get_model(model)._default_manager.order_by("pk").first()
        return [({"number": first.number}, None)] if condition == OPEN and first else []

    return fill


def _job(world: World, condition: str) -> Pairs:
    job = Job.objects.order_by("pk").first()
    return [({"number": job.pk}, None)] if job and condition == OPEN else []


def _once(*values: dict[str, Any]) -> Fill:
    return lambda world, condition: [(one, None) for one in values] if condition == OPEN else []


def _row(name: str, tabs: tuple[str, ...] = ()) -> Fill:
    """A row of the organization in the two conditions it can have; a number that does not exist."""

    def fill(world: World, condition: str) -> Pairs:
        if condition == "missing":
            number: Any = 99999999
            row = None
        elif condition in world.rows[name]:
            row = world.rows[name][condition]
            number = row.pk
        else:
            return []
        return [({"ref": number, **({"tab": tab} if tab else {})}, row) for tab in (tabs or ("",))]

    return fill


def _pieces(kind: str, part: str, argument: str = "pk") -> Fill:
    """A record with one of its parts; and, crossed, with a part of a record one may not see."""

    def fill(world: World, condition: str) -> Pairs:
        model = apps.get_model(part)
        if condition == "crossed":
            record, other = world.records[kind][OPEN], world.records[kind][FOREIGN]
        else:
            record = other = world.records[kind].get(condition) if condition != "gap" else None
        piece = record and model._default_manager.filter(**{model.root: other}).order_by("pk").first()
        if not piece:
            return []
        value = piece.component.ref if argument == "component" else piece.pk
        return [({"ref": record.ref, argument: value}, record)]

    return fill


def _single_grant(world: World, condition: str) -> Pairs:
    """A system with a role on it alone."""
    record = world.records["system"].get(condition)
    grants = apps.get_model("inventory.SystemGrant")._default_manager
    grant = record and grants.filter(content_object=record).order_by("pk").first()
    return [({"ref": record.ref, "pk": grant.pk}, record)] if grant else []


# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "pick": lambda world, condition: [
        ({"source": source}, None) for source in ("people", *product_kinds(), *registry.pickers) if condition == OPEN
    ],
    "save_view": _once({"kind": "system"}),
    "attest": lambda world, condition: [({"kind": name}, None) for name in product_kinds() if condition == OPEN],
    "calendar": _once({"secret": "no-such-secret"}),
    "letters_stop": _once({"token": "no-such-token"}),
    **dict.fromkeys(("task", "task_block", "task_reassign", "task_resume", "task_snooze"), _once({"number": 99999999})),
    "compare": lambda world, condition: [
        ({"path": kind.path}, None) for kind in product_kinds().values() if condition == OPEN
    ],
    "control_detail": _catalogue("controls.Control"),
    "clause_detail": _catalogue("controls.Clause"),
    "controls-detail": _catalogue("controls.Control"),
    "clauses-detail": _catalogue("controls.Clause"),
    "job": _job,
    "job_cancel": _job,
    "job_retry": _job,
    **{name: _row("person") for name in ("person_detail", "person_change", "person_deactivate", "person_reactivate")},
    **{name: _row("person") for name in ("person_invite", "grant_give", "person_token_issue")},
    **{name: _row("person") for name in ("people-detail", "people-deactivate", "people-reactivate")},
    "person_tab": _row("person", ("history", "access", "roles", "tokens", "sign-ins", "signins")),
    **{name: _row("unit") for name in ("unit_detail", "unit_change", "units-detail")},
    "unit_tab": _row("unit", ("history", "people", "units")),
    **{name: _row("grant") for name in ("grant_end", "grants-detail", "grants-end")},
    **{name: _row("token") for name in ("token_revoke", "tokens-detail", "tokens-revoke")},
    **{name: _pieces("system", "inventory.SystemRole") for name in ("role_change", "role_remove")},
    **{name: _pieces("system", "inventory.LawRole") for name in ("law_role_change", "law_role_remove")},
    **{
        name: _pieces("system", "inventory.SystemVersion")
        for name in ("version_change", "version_release", "version_end")
    },
    **{f"systems-{name}": _pieces("system", "inventory.SystemRole", "part") for name in ("role", "remove-role")},
    **{f"systems-{name}": _pieces("system", "inventory.LawRole", "part") for name in ("law-role", "remove-law-role")},
    **{
        f"systems-{name}": _pieces("system", "inventory.SystemVersion", "part")
        for name in ("version", "release-version", "end-version")
    },
    "systems-stop-component": _pieces("system", "inventory.ComponentUse", "component"),
    "use_end": _pieces("system", "inventory.ComponentUse", "component"),
    "system_grant_end": _single_grant,
    "evidence_unlink": _pieces("evidence", "evidence.EvidenceLink", "number"),
}

# Tables that any request may write: sessions, what is kept about views, uses of tokens.
ALWAYS_WRITTEN = {
    "django_session",
    "usersessions_usersession",
    "organization_apitoken",
    "organization_user",
    "aims_reading",
}
