"""Who may what at the addresses of people, units, grants and tokens, and how to fill them."""

from typing import Any

from django.apps import apps

from tests.walk.rules.words import (
    ADDRESSED,
    ANYBODY_WITH_SECRET,
    READ,
    SEEN,
    SIGNED_IN,
    Fill,
    Pairs,
    once,
    organization_row,
    pieces,
)
from tests.walk.world import FOREIGN, OPEN, World

PAGES: dict[str, str] = {
    "setup": ANYBODY_WITH_SECRET,
    "first_steps": SIGNED_IN,
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
    "person_erase": ADDRESSED,
    "erasure_list": "trail.erase",
    "readings": SIGNED_IN,
    **dict.fromkeys(("erasure_detail", "erasure_approve", "erasure_refuse"), ADDRESSED),
    "grant_give": "grant.give",
    "grant_end": "grant.end",
    "unit_list": SIGNED_IN,
    "unit_create": "unit.create",
    "unit_detail": SEEN,
    "unit_tab": ADDRESSED,
    "unit_change": "unit.change",
    "role_list": SIGNED_IN,
    **dict.fromkeys(("obligation_list", "objective_list", "authority_list", "competence_list"), SIGNED_IN),
    **dict.fromkeys(("override_list", "duties"), SIGNED_IN),
    **dict.fromkeys(("obligation_detail", "objective_detail", "authority_detail", "competence_detail"), SEEN),
    **dict.fromkeys(("obligation_tab", "objective_tab", "authority_tab", "competence_tab"), SEEN),
    **dict.fromkeys(("override_detail", "override_tab"), SEEN),
    "obligation_create": "obligation.register",
    "obligation_change": "obligation.change",
    "obligation_end": "obligation.end",
    "objective_create": "objective.draft",
    "objective_change": "objective.change",
    "objective_adopt": "objective.adopt",
    "objective_close": "objective.close",
    "authority_give": "authority.give",
    "authority_end": "authority.end",
    "competence_record": "competence.record",
    "competence_renew": "competence.renew",
    "competence_end": "competence.end",
    "override_review": "override.review",
    "duties_set": "duties.set",
    "token_issue": SIGNED_IN,
    "token_revoke": ADDRESSED,
    "committee_list": SIGNED_IN,
    "committee_create": "committee.found",
    "committee_detail": SEEN,
    "committee_tab": SEEN,
    **dict.fromkeys(
        ("committee_change", "committee_dissolve", "committee_member", "committee_member_end"), "committee.change"
    ),
    "committee_sit": "sitting.plan",
    "sitting_list": SIGNED_IN,
    "sitting_detail": SEEN,
    "sitting_tab": SEEN,
    **dict.fromkeys(
        ("sitting_open", "sitting_present", "sitting_fill", "sitting_cancel", "sitting_close", "matter_outcome",
         "matter_put_off"),
        "sitting.run",
    ),
    "matter_vote": ADDRESSED,
}  # fmt: skip

API: dict[str, dict[str, str]] = {
    "people": {
        **READ,
        "create": "person.create",
        "partial_update": "person.change",
        "deactivate": "person.deactivate",
        "reactivate": ADDRESSED,
    },
    "erasures": {
        "list": "trail.erase",
        **dict.fromkeys(("retrieve", "create", "approve", "refuse"), ADDRESSED),
    },
    "units": {**READ, "create": "unit.create", "partial_update": "unit.change"},
    "grants": {**READ, "create": "grant.give", "end": "grant.end"},
    "obligations": {
        **READ,
        "create": "obligation.register",
        "partial_update": "obligation.change",
        "end": "obligation.end",
    },
    "objectives": {
        **READ,
        "create": "objective.draft",
        "partial_update": "objective.change",
        "adopt": "objective.adopt",
        "close": "objective.close",
    },
    "authorities": {**READ, "create": "authority.give", "end": "authority.end"},
    "competences": {
        **READ,
        "create": "competence.record",
        "renew": "competence.renew",
        "end": "competence.end",
    },
    "overrides": {**READ, "review": "override.review"},
    "duties": {"list": SIGNED_IN, "retrieve": ADDRESSED, "create": "duties.set"},
    "tokens": {"list": SIGNED_IN, "retrieve": ADDRESSED, "create": ADDRESSED, "revoke": ADDRESSED},
    "committees": {
        **READ,
        "create": "committee.found",
        **dict.fromkeys(("partial_update", "members", "end_member", "dissolve"), "committee.change"),
        "sittings": "sitting.plan",
    },
    "sittings": {
        **READ,
        **dict.fromkeys(("open", "present", "fill", "cancel", "close", "outcome", "put_off"), "sitting.run"),
        "vote": ADDRESSED,
    },
}


def _matter(argument: str) -> Fill:
    """A sitting with a matter on its agenda; and, crossed, with one of a sitting that one may not see."""

    def fill(world: World, condition: str) -> Pairs:
        rows = apps.get_model("organization.Matter")._default_manager.order_by("pk")
        crossed = condition == "crossed"
        record = world.records["sitting"].get(OPEN if crossed else condition) if condition != "gap" else None
        found: Any = record and rows.filter(sitting=world.records["sitting"][FOREIGN] if crossed else record).first()
        return [({"ref": record.ref, argument: found.pk}, record)] if record and found else []

    return fill


# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "setup": once({"token": "no-such-token"}),
    **{
        name: organization_row("person")
        for name in ("person_detail", "person_change", "person_deactivate", "person_reactivate", "person_erase")
    },
    **{name: organization_row("person") for name in ("person_invite", "grant_give", "person_token_issue")},
    **{name: organization_row("person") for name in ("people-detail", "people-deactivate", "people-reactivate")},
    **dict.fromkeys(("erasure_detail", "erasure_approve", "erasure_refuse"), once({"number": 99999999})),
    **dict.fromkeys(("erasures-detail", "erasures-approve", "erasures-refuse"), once({"number": 99999999})),
    "person_tab": organization_row("person", ("history", "access", "roles", "tokens", "sign-ins", "signins")),
    **{name: organization_row("unit") for name in ("unit_detail", "unit_change", "units-detail")},
    "unit_tab": organization_row("unit", ("history", "people", "units")),
    **{name: organization_row("grant") for name in ("grant_end", "grants-detail", "grants-end")},
    "duties-detail": once({"ref": 99999999}),
    **{name: organization_row("token") for name in ("token_revoke", "tokens-detail", "tokens-revoke")},
    "committee_member_end": pieces("committee", "organization.Member"),
    "committees-end-member": pieces("committee", "organization.Member", "part"),
    **dict.fromkeys(("matter_vote", "matter_outcome", "matter_put_off"), _matter("pk")),
    **dict.fromkeys(("sittings-vote", "sittings-outcome", "sittings-put-off"), _matter("part")),
}
