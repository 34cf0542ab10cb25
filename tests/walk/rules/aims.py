"""Who may what at the addresses of the kernel, and how to fill them."""

from aims.models import Job
from aims.registry import registry
from tests.walk.rules.words import ADDRESSED, ANYBODY, ANYBODY_WITH_SECRET, SEEN, SIGNED_IN, Fill, Pairs, once
from tests.walk.world import OPEN, World, product_kinds

PAGES: dict[str, str] = {
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
    "consistency": SIGNED_IN,
    "finding": ADDRESSED,
    "trail": "trail.read",
    "comment_write": "comment.write",
    "comment_resolve": ADDRESSED,
    "inbox": SIGNED_IN,
    "inbox_settings": SIGNED_IN,
    "attest": ADDRESSED,
    "ask_review": ADDRESSED,
    "import_list": SIGNED_IN,
    "import_create": ADDRESSED,
    "import_sheet": ADDRESSED,
    # One's own: nobody else finds it.
    **dict.fromkeys(
        (f"import_{name}" for name in ("detail", "tab", "progress", "columns", "start", "drop", "take_back")), ADDRESSED
    ),
    "bulk": ADDRESSED,
    "own_fields": "own_field.define",
    "own_field_end": ADDRESSED,
    "calendar": ANYBODY_WITH_SECRET,
    "letters_stop": ANYBODY_WITH_SECRET,
    **dict.fromkeys(("task", "task_block", "task_reassign", "task_resume", "task_snooze"), ADDRESSED),
    "jobs": "jobs.manage",
    "webhooks": "webhook.manage",
    "webhook_new": "webhook.manage",
    **dict.fromkeys(
        (
            "webhook",
            "webhook_change",
            "webhook_off",
            "webhook_on",
            "webhook_secret",
            "webhook_test",
            "message_again",
        ),
        ADDRESSED,
    ),
    "cadences": "cadence.change",
    "cadence_change": "cadence.change",
    "cadence_drop": ADDRESSED,
    "job": ADDRESSED,
    "job_cancel": ADDRESSED,
    "job_retry": ADDRESSED,
}

API: dict[str, dict[str, str]] = {
    "imports": {
        "list": SIGNED_IN,
        "create": ADDRESSED,
        **dict.fromkeys(("retrieve", "columns", "start", "take_back", "drop", "lines"), ADDRESSED),
    },
    "consistency": {
        "list": SIGNED_IN,
        "rules": SIGNED_IN,
        "answer": ADDRESSED,
        "reopen": ADDRESSED,
    },
    "cadences": {"list": "cadence.change", "change": "cadence.change", "reset": "cadence.change"},
    "bulk": {"create": ADDRESSED},
    "comments": {"list": ADDRESSED, "create": ADDRESSED, "resolve": ADDRESSED},
    "trail": {"list": "trail.read", "inclusion": ADDRESSED, "consistency": ADDRESSED},
    "tasks": {
        "list": SIGNED_IN,
        **dict.fromkeys(("retrieve", "complete", "snooze", "block", "resume"), ADDRESSED),
    },
}


def _job(world: World, condition: str) -> Pairs:
    job = Job.objects.order_by("pk").first()
    return [({"number": job.pk}, None)] if job and condition == OPEN else []


# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "pick": lambda world, condition: [
        ({"source": source}, None) for source in ("people", *product_kinds(), *registry.pickers) if condition == OPEN
    ],
    "comment_resolve": once({"number": 99999999}),
    "comments-resolve": once({"pk": 99999999}),
    "finding": once({"rule": "owner-gone", "ref": "SYS-0001", "mark": "0" * 16}),
    "import_sheet": lambda world, condition: [
        ({"target": name}, None) for name in registry.importables if condition == OPEN
    ],
    "own_field_end": once({"pk": 99999999}),
    "bulk": lambda world, condition: [({"kind": name}, None) for name in product_kinds() if condition == OPEN],
    "save_view": once({"kind": "system"}),
    "attest": lambda world, condition: [({"kind": name}, None) for name in product_kinds() if condition == OPEN],
    "calendar": once({"secret": "no-such-secret"}),
    "letters_stop": once({"token": "no-such-token"}),
    **dict.fromkeys(("task", "task_block", "task_reassign", "task_resume", "task_snooze"), once({"number": 99999999})),
    **dict.fromkeys(
        ("tasks-detail", "tasks-complete", "tasks-snooze", "tasks-block", "tasks-resume"), once({"number": 99999999})
    ),
    **dict.fromkeys(
        ("webhook", "webhook_change", "webhook_off", "webhook_on", "webhook_secret", "webhook_test"),
        once({"number": 99999999}),
    ),
    "message_again": once({"number": 99999999, "message": 1}),
    **dict.fromkeys(("cadence_change", "cadence_drop"), once({"kind": "system", "tier": "all"})),
    "compare": lambda world, condition: [
        ({"path": kind.path}, None) for kind in product_kinds().values() if condition == OPEN
    ],
    "job": _job,
    "job_cancel": _job,
    "job_retry": _job,
}
