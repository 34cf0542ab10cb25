"""Words of the inventory: roles, life-cycle stages and their transitions, component kinds, scales (4.1, A.4, A.6).

The ids are those of `data/vocabulary.yaml`; a test keeps both equal.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aims.ui import Tone
from aims.workflow import Edge, Workflow, edge
from organization.states import Role

OWNERS = (Role.AIMS_MANAGER, Role.SYSTEM_OWNER)


class IsoRole(TextChoices):
    """What an organization is to an AI system (clause 4.1); a system may have several roles."""

    AI_PROVIDER = "ai_provider", _("AI provider")
    AI_PRODUCER = "ai_producer", _("AI producer")
    AI_CUSTOMER = "ai_customer", _("AI customer")
    AI_PARTNER = "ai_partner", _("AI partner")
    AI_SUBJECT = "ai_subject", _("AI subject")
    RELEVANT_AUTHORITY = "relevant_authority", _("Relevant authority")


class IsoSubRole(TextChoices):
    """Finer roles; each belongs to one `IsoRole`."""

    AI_PLATFORM_PROVIDER = "ai_platform_provider", _("AI platform provider")
    AI_PRODUCT_OR_SERVICE_PROVIDER = "ai_product_or_service_provider", _("AI product or service provider")
    AI_DEVELOPER = "ai_developer", _("AI developer")
    AI_DESIGNER = "ai_designer", _("AI designer")
    AI_OPERATOR = "ai_operator", _("AI operator")
    AI_TESTER_AND_EVALUATOR = "ai_tester_and_evaluator", _("AI tester and evaluator")
    AI_DEPLOYER = "ai_deployer", _("AI deployer")
    AI_HUMAN_FACTORS_PROFESSIONAL = "ai_human_factors_professional", _("AI human factors professional")
    DOMAIN_EXPERT = "domain_expert", _("Domain expert")
    AI_IMPACT_ASSESSOR = "ai_impact_assessor", _("AI impact assessor")
    PROCURER = "procurer", _("Procurer")
    AI_GOVERNANCE_AND_OVERSIGHT_PROFESSIONAL = (
        "ai_governance_and_oversight_professional",
        _("AI governance and oversight professional"),
    )
    AI_USER = "ai_user", _("AI user")
    AI_SYSTEM_INTEGRATOR = "ai_system_integrator", _("AI system integrator")
    DATA_PROVIDER = "data_provider", _("Data provider")
    AI_EVALUATOR = "ai_evaluator", _("AI evaluator")
    AI_AUDITOR = "ai_auditor", _("AI auditor")
    DATA_SUBJECT = "data_subject", _("Data subject")
    OTHER_SUBJECT = "other_subject", _("Other subject")
    POLICY_MAKER = "policy_maker", _("Policy maker")
    REGULATOR = "regulator", _("Regulator")


SUB_ROLES: dict[str, tuple[str, ...]] = {
    IsoRole.AI_PROVIDER.value: ("ai_platform_provider", "ai_product_or_service_provider"),
    IsoRole.AI_PRODUCER.value: (
        "ai_developer",
        "ai_designer",
        "ai_operator",
        "ai_tester_and_evaluator",
        "ai_deployer",
        "ai_human_factors_professional",
        "domain_expert",
        "ai_impact_assessor",
        "procurer",
        "ai_governance_and_oversight_professional",
    ),
    IsoRole.AI_CUSTOMER.value: ("ai_user",),
    IsoRole.AI_PARTNER.value: ("ai_system_integrator", "data_provider", "ai_evaluator", "ai_auditor"),
    IsoRole.AI_SUBJECT.value: ("data_subject", "other_subject"),
    IsoRole.RELEVANT_AUTHORITY.value: ("policy_maker", "regulator"),
}


class LawRoleName(TextChoices):
    """Roles of Regulation (EU) 2024/1689. They stand beside the ISO roles; one does not follow from the other."""

    PROVIDER = "provider", _("Provider")
    DEPLOYER = "deployer", _("Deployer")
    IMPORTER = "importer", _("Importer")
    DISTRIBUTOR = "distributor", _("Distributor")
    AUTHORISED_REPRESENTATIVE = "authorised_representative", _("Authorised representative")
    PRODUCT_MANUFACTURER = "product_manufacturer", _("Product manufacturer")


class Tier(TextChoices):
    """How much the AIMS asks about a system; empty: not screened yet. What each asks is data (`data/rules/tiers.yaml`)."""

    MINIMAL = "minimal", _("Minimal")
    STANDARD = "standard", _("Standard")
    HIGH = "high", _("High")
    SENSITIVE = "sensitive", _("Sensitive")


class RuleSort(TextChoices):
    """Rules that are data, in editions."""

    TIERS = "tiers", _("Tiers")
    RECORDS = "records", _("Life-cycle records")
    CHANGE = "change", _("Significance questions")
    LAW = "law", _("EU AI Act")


class RecordSort(TextChoices):
    """What is written down about a version on its way (A.6.2, A.7.4, A.10.2). What each asks is data."""

    REQUIREMENTS = "requirements", _("Requirements and rationale")
    RESPONSIBILITIES = "responsibilities", _("Responsibilities")
    DESIGN = "design", _("Design")
    EVALUATION = "evaluation", _("Evaluation plan")
    DATA_QUALITY = "data_quality", _("Data quality and bias")
    DEPLOYMENT = "deployment", _("Deployment and rollback plan")
    MONITORING = "monitoring", _("Monitoring plan")
    LOGGING = "logging", _("Logging specification")
    DOCUMENTATION = "documentation", _("Technical documentation")
    ENVELOPE = "envelope", _("Change envelope")
    LAW = "law", _("EU AI Act classification")


class RecordState(TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    STALE = "stale", _("Stale")
    SUPERSEDED = "superseded", _("Superseded")


class Verdict(TextChoices):
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


class Comparison(TextChoices):
    """How a measured value stands to its threshold."""

    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


class ChangeState(TextChoices):
    ASKED = "asked", _("Questions open")
    ASSESSED = "assessed", _("Assessed")
    APPROVED = "approved", _("Approved")
    DONE = "done", _("Carried out")
    REJECTED = "rejected", _("Rejected")


class Significance(TextChoices):
    SIGNIFICANT = "significant", _("Significant")
    NOT_SIGNIFICANT = "not_significant", _("Not significant")
    INSIDE = "inside", _("Inside the change envelope")


class Way(TextChoices):
    """By which way somebody came to the gate."""

    STAGE = "stage", _("Stage")
    RELEASE = "release", _("Release")
    AGAIN = "again", _("Same version again")
    PILOT = "pilot", _("Pilot")
    BREAK_GLASS = "break_glass", _("Break-glass")
    STOP = "stop", _("Emergency stop")


class AttemptState(TextChoices):
    ALLOWED = "allowed", _("Allowed")
    REFUSED = "refused", _("Refused")
    BYPASSED = "bypassed", _("Bypassed")
    STOPPED = "stopped", _("Stopped")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Mode(TextChoices):
    """What the gate does with what is unmet."""

    OBSERVE = "observe", _("Observes")
    WARN = "warn", _("Warns")
    ENFORCE = "enforce", _("Enforces")


class Said(TextChoices):
    """What a person said about an item of the gate."""

    ATTESTATION = "attestation", _("Attestation")
    EXCEPTION = "exception", _("Exception")


RECORD_TONES: dict[str, Tone] = {"draft": "warn", "approved": "good", "stale": "bad", "superseded": "neutral"}
CHANGE_TONES: dict[str, Tone] = {
    "asked": "warn", "assessed": "info", "approved": "good", "done": "neutral", "rejected": "bad",
}  # fmt: skip
ATTEMPT_TONES: dict[str, Tone] = {
    "allowed": "good", "refused": "bad", "bypassed": "warn", "stopped": "bad", "withdrawn": "neutral",
}  # fmt: skip
_DECIDERS = (Role.APPROVER, Role.TOP_MANAGEMENT)
RECORD_LIFE = Workflow(
    "lifecycle_record",
    RecordState,
    [
        edge("approve", _("Approve"), [RecordState.DRAFT], RecordState.APPROVED, _DECIDERS),
        edge("make_stale", _("Make stale"), [RecordState.APPROVED], RecordState.STALE),
        edge(
            "supersede",
            _("Supersede"),
            [RecordState.DRAFT, RecordState.APPROVED, RecordState.STALE],
            RecordState.SUPERSEDED,
        ),
    ],
)
CHANGE_LIFE = Workflow(
    "change",
    ChangeState,
    [
        edge("assess", _("Answer the questions"), [ChangeState.ASKED], ChangeState.ASSESSED, OWNERS),
        edge("approve", _("Approve"), [ChangeState.ASSESSED], ChangeState.APPROVED, _DECIDERS),
        edge("reject", _("Reject"), [ChangeState.ASKED, ChangeState.ASSESSED], ChangeState.REJECTED, _DECIDERS),
        edge("carry_out", _("Carry out"), [ChangeState.APPROVED, ChangeState.ASSESSED], ChangeState.DONE, OWNERS),
    ],
)
ATTEMPT_LIFE = Workflow(
    "gate_attempt",
    AttemptState,
    [
        edge(
            "withdraw", _("Withdraw"), [AttemptState.ALLOWED, AttemptState.BYPASSED], AttemptState.WITHDRAWN, _DECIDERS
        ),
    ],
)


class SystemStage(TextChoices):
    """Life-cycle stages; a system's `state`."""

    INCEPTION = "inception", _("Inception")
    DESIGN_DEVELOPMENT = "design_development", _("Design and development")
    VERIFICATION_VALIDATION = "verification_validation", _("Verification and validation")
    DEPLOYMENT = "deployment", _("Deployment")
    OPERATION_MONITORING = "operation_monitoring", _("Operation and monitoring")
    CONTINUOUS_VALIDATION = "continuous_validation", _("Continuous validation")
    RE_EVALUATION = "re_evaluation", _("Re-evaluation")
    RETIREMENT = "retirement", _("Retirement")


# Stages in which a system is in use, so that it has a date since when.
IN_USE = (SystemStage.OPERATION_MONITORING, SystemStage.CONTINUOUS_VALIDATION)
# Stages in which a version may be brought into use.
RELEASING = (SystemStage.DEPLOYMENT, *IN_USE)
# From here on there must be a version to test, deploy or run.
BUILT = (SystemStage.VERIFICATION_VALIDATION, *RELEASING)

_S = SystemStage
LIFE_CYCLE = Workflow(
    "system",
    SystemStage,
    [
        edge("restart", _("Back to inception"), [_S.RE_EVALUATION], _S.INCEPTION, OWNERS),
        edge("design", _("Start design"), [_S.INCEPTION, _S.RE_EVALUATION], _S.DESIGN_DEVELOPMENT, OWNERS),
        edge(
            "verify",
            _("Start verification"),
            [_S.DESIGN_DEVELOPMENT, _S.RE_EVALUATION],
            _S.VERIFICATION_VALIDATION,
            OWNERS,
        ),
        edge("deploy", _("Start deployment"), [_S.VERIFICATION_VALIDATION, _S.RE_EVALUATION], _S.DEPLOYMENT, OWNERS),
        edge(
            "operate",
            _("Take into operation"),
            [_S.DEPLOYMENT, _S.CONTINUOUS_VALIDATION, _S.RE_EVALUATION],
            _S.OPERATION_MONITORING,
            OWNERS,
        ),
        edge(
            "validate",
            _("Validate continuously"),
            [_S.OPERATION_MONITORING, _S.RE_EVALUATION],
            _S.CONTINUOUS_VALIDATION,
            OWNERS,
        ),
        edge(
            "re_evaluate",
            _("Re-evaluate"),
            [_S.OPERATION_MONITORING, _S.CONTINUOUS_VALIDATION],
            _S.RE_EVALUATION,
            OWNERS,
        ),
        edge("retire", _("Retire"), [stage for stage in _S if stage != _S.RETIREMENT], _S.RETIREMENT, OWNERS),
    ],
)


def edge_to(stage: str) -> Edge:
    """The one edge that leads into a stage: the gate is the same wherever one comes from."""
    return next(one for one in LIFE_CYCLE.edges if one.target == stage)


class Autonomy(TextChoices):
    """How far the system acts by itself."""

    INFORMATION = "information", _("Informs")
    RECOMMENDATION = "recommendation", _("Recommends")
    HUMAN_DECIDES = "human_decides", _("Person decides")
    HUMAN_CAN_INTERVENE = "human_can_intervene", _("Person can intervene")
    AUTOMATIC = "automatic", _("Automatic")


class Criticality(TextChoices):
    """What a failure would cost."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Learning(TextChoices):
    """Whether behaviour changes while in use."""

    STATIC = "static", _("Static")
    RETRAINED = "retrained", _("Retrained")
    CONTINUOUS = "continuous", _("Continuous")


MEANINGS: dict[str, Any] = {
    Autonomy.INFORMATION: _("Shows facts or scores; people decide without a proposal."),
    Autonomy.RECOMMENDATION: _("Proposes; a person freely follows or ignores it."),
    Autonomy.HUMAN_DECIDES: _("Nothing takes effect before a person confirms it."),
    Autonomy.HUMAN_CAN_INTERVENE: _("Takes effect by itself; a person watches and can stop or reverse it."),
    Autonomy.AUTOMATIC: _("Takes effect by itself without a person watching single cases."),
    Criticality.LOW: _("Failure is an annoyance; work goes on."),
    Criticality.MEDIUM: _("Failure costs money or time; single people may be disadvantaged for a short time."),
    Criticality.HIGH: _("Failure harms people's rights or purse, or stops an important service within a day."),
    Criticality.CRITICAL: _("Failure endangers people or the organization's existence."),
    Learning.STATIC: _("Behaves the same until a new version is released."),
    Learning.RETRAINED: _("Trained again now and then; each result is a new version."),
    Learning.CONTINUOUS: _("Learns while in use."),
}


class ComponentKind(TextChoices):
    """What a system is made of (A.4.3 to A.4.6)."""

    DATA_SET = "data_set", _("Data set")
    MODEL = "model", _("Model")
    TOOL = "tool", _("Tool")
    COMPUTING = "computing", _("Computing")
    PEOPLE = "people", _("People")


CONTROL_OF_KIND: dict[str, str] = {
    ComponentKind.DATA_SET.value: "A.4.3",
    ComponentKind.MODEL.value: "A.4.4",
    ComponentKind.TOOL.value: "A.4.4",
    ComponentKind.COMPUTING.value: "A.4.5",
    ComponentKind.PEOPLE.value: "A.4.6",
}

# Fields that only one kind of component has.
KIND_FIELDS: dict[str, tuple[str, ...]] = {
    ComponentKind.DATA_SET.value: (
        "category",
        "intended_use",
        "rights",
        "provenance",
        "acquisition",
        "labelling",
        "preparation",
        "personal_data",
        "personal_data_note",
        "minimisation",
        "anonymisation",
        "encryption",
        "retention",
        "known_bias",
        "quality_state",
        "quality_note",
        "last_updated",
    ),
    ComponentKind.MODEL.value: ("algorithm", "base_model", "limits"),
    ComponentKind.TOOL.value: ("used_for",),
    ComponentKind.COMPUTING.value: ("location", "resources", "footprint"),
    ComponentKind.PEOPLE.value: ("roles", "competence", "stages"),
}


class DataCategory(TextChoices):
    TRAINING = "training", _("Training")
    VALIDATION = "validation", _("Validation")
    TEST = "test", _("Test")
    PRODUCTION = "production", _("Production")


class QualityState(TextChoices):
    """Whether a data set meets its quality requirements (A.7.4)."""

    MET = "met", _("Requirements met")
    PARTLY_MET = "partly_met", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_CHECKED = "not_checked", _("Not checked")


class ComponentState(TextChoices):
    IN_USE = "in_use", _("In use")
    WITHDRAWN = "withdrawn", _("Withdrawn")


COMPONENT_LIFE = Workflow(
    "component",
    ComponentState,
    [
        edge("withdraw", _("Withdraw"), [ComponentState.IN_USE], ComponentState.WITHDRAWN, OWNERS),
        edge("reinstate", _("Take back into use"), [ComponentState.WITHDRAWN], ComponentState.IN_USE, OWNERS),
    ],
)


class SupplierKind(TextChoices):
    MODEL = "model", _("Model")
    SOFTWARE = "software", _("Software")
    HOSTING = "hosting", _("Hosting")
    DATA = "data", _("Data")
    SERVICE = "service", _("Service")


class SupplierState(TextChoices):
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


SUPPLIER_LIFE = Workflow(
    "supplier",
    SupplierState,
    [
        edge("end", _("End the relationship"), [SupplierState.ACTIVE], SupplierState.ENDED, OWNERS),
        edge("resume", _("Resume"), [SupplierState.ENDED], SupplierState.ACTIVE, OWNERS),
    ],
)
