"""Kinds of units, and the roles: each a named set of verbs with a sentence that says what it is for (clause 5.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.registry import Role as RoleCard
from aims.ui import Tone
from aims.workflow import Workflow, edge


class UnitKind(TextChoices):
    GROUP = "group", _("Group")
    LEGAL_ENTITY = "legal_entity", _("Legal entity")
    SITE = "site", _("Site")
    DEPARTMENT = "department", _("Department")


class SignInKind(TextChoices):
    """What the sign-in table tells."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused")
    CHANGED = "changed", _("Changed")


class Role(TextChoices):
    """Roles that a person or group holds on a unit and everything below it."""

    AIMS_MANAGER = "aims_manager", _("AIMS manager")
    SYSTEM_OWNER = "system_owner", _("System owner")
    RISK_OWNER = "risk_owner", _("Risk owner")
    APPROVER = "approver", _("Approver")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    TOP_MANAGEMENT = "top_management", _("Top management")
    INTERNAL_AUDITOR = "internal_auditor", _("Internal auditor")
    CONTRIBUTOR = "contributor", _("Contributor")
    READER = "reader", _("Reader")
    EXTERNAL_AUDITOR = "external_auditor", _("External auditor")
    INTEGRATION = "integration", _("Integration")
    EMPLOYEE = "employee", _("Employee")
    CONCERN_HANDLER = "concern_handler", _("Concern handler")


class ObligationSort(TextChoices):
    """What binds the organization."""

    LAW = "law", _("Law")
    CONTRACT = "contract", _("Contract")
    STANDARD = "standard", _("Standard")
    COMMITMENT = "commitment", _("Own commitment")


class ObligationState(TextChoices):
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")


class ObjectiveState(TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Pursued")
    REACHED = "reached", _("Reached")
    MISSED = "missed", _("Not reached")
    DROPPED = "dropped", _("Given up")


class MandateState(TextChoices):
    """Of authorities and records of competence."""

    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", _("Ended")


class OverrideState(TextChoices):
    OPEN = "open", _("To be reviewed")
    REVIEWED = "reviewed", _("Reviewed")


SENTENCES = {
    Role.AIMS_MANAGER: _("Runs the AI management system: keeps every register, grants roles, builds evidence packs."),
    Role.SYSTEM_OWNER: _("Answers for AI systems: registers them, keeps them true, moves them through the life cycle."),
    Role.RISK_OWNER: _("Answers for risks: assesses them and carries out their treatment."),
    Role.APPROVER: _("Approves what others wrote: assessments, statements, plans. Never their own work."),
    Role.COMMITTEE_MEMBER: _("Votes in the AI ethics committee on sensitive uses."),
    Role.TOP_MANAGEMENT: _("Decides policy, objectives, resources and what no one else may accept."),
    Role.INTERNAL_AUDITOR: _("Reads everything, audits what they did not do themselves, raises findings."),
    Role.CONTRIBUTOR: _("Adds evidence and drafts to the records of the unit."),
    Role.READER: _("Reads the unit's records that are not restricted."),
    Role.EXTERNAL_AUDITOR: _("Reads what an engagement opens, for its time; every view is recorded."),
    Role.INTEGRATION: _("A program: reads registers, delivers evidence and measurements through the API."),
    Role.EMPLOYEE: _(
        "Works here: proposes uses of AI, raises concerns, reads the documents meant for all. Opens no register."
    ),
    Role.CONCERN_HANDLER: _(
        "Looks into concerns that people raise and answers them, in confidence. Opens no other register."
    ),
}

# Roles that also see restricted records of their units.
CLEARED = frozenset({Role.AIMS_MANAGER, Role.APPROVER, Role.TOP_MANAGEMENT, Role.INTERNAL_AUDITOR})

OBLIGATION_TONES: dict[str, Tone] = {ObligationState.IN_FORCE: "good", ObligationState.ENDED: "neutral"}
OBJECTIVE_TONES: dict[str, Tone] = {
    ObjectiveState.DRAFT: "warn",
    ObjectiveState.ACTIVE: "info",
    ObjectiveState.REACHED: "good",
    ObjectiveState.MISSED: "bad",
    ObjectiveState.DROPPED: "neutral",
}
MANDATE_TONES: dict[str, Tone] = {MandateState.IN_FORCE: "good", MandateState.ENDED: "neutral"}
OVERRIDE_TONES: dict[str, Tone] = {OverrideState.OPEN: "warn", OverrideState.REVIEWED: "good"}

OBJECTIVE = Workflow(
    "objective",
    ObjectiveState,
    [
        edge("adopt", _("Adopt"), [ObjectiveState.DRAFT], ObjectiveState.ACTIVE, [Role.TOP_MANAGEMENT]),
        edge("reach", _("Reached"), [ObjectiveState.ACTIVE], ObjectiveState.REACHED, [Role.AIMS_MANAGER]),
        edge("miss", _("Not reached"), [ObjectiveState.ACTIVE], ObjectiveState.MISSED, [Role.AIMS_MANAGER]),
        edge(
            "drop", _("Give up"), [ObjectiveState.DRAFT, ObjectiveState.ACTIVE], ObjectiveState.DROPPED,
            [Role.AIMS_MANAGER],
        ),
    ],
)  # fmt: skip

# Roles of people from outside: all they open is recorded, and they write nowhere but where it is said.
OUTSIDE = frozenset({Role.EXTERNAL_AUDITOR})

# Roles that show no records: what their holders do has pages of its own.
BLIND = frozenset({Role.EMPLOYEE, Role.CONCERN_HANDLER})


def role_cards() -> list[RoleCard]:
    """The roles as the registry shows them."""
    return [
        RoleCard(
            role.value, role.label, SENTENCES[role], watched=role in OUTSIDE, guest=role in OUTSIDE, blind=role in BLIND
        )
        for role in Role
    ]
