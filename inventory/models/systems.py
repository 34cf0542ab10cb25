"""The AI system: the record everything else hangs on (4.1, A.4.2, A.6.2, A.9.4)."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from aims.db import Now
from aims.models import Governed, OwnValues, Part, governed, part
from aims.trail import tracked
from inventory.countries import known_country, known_language
from inventory.models.fields import choice, each_like, line, one_of, prose
from inventory.models.suppliers import Supplier
from inventory.querysets import SystemQuerySet
from inventory.states import (
    IN_USE,
    SUB_ROLES,
    Autonomy,
    Criticality,
    IsoRole,
    IsoSubRole,
    LawRoleName,
    Learning,
    SystemStage,
    Tier,
)
from organization.models import Grant, Unit
from organization.states import Role

DIGEST = "^[0-9a-f]{64}$"


@governed("SYS", "system", anchor="id")
class AISystem(OwnValues, Governed):
    """An AI system the organization develops, provides or uses. Its `state` is its life-cycle stage."""

    state = models.CharField(
        _("Stage"), max_length=32, choices=SystemStage.choices, default=SystemStage.INCEPTION, editable=False
    )
    # identity
    purpose = prose(_("Purpose"))
    live_since = models.DateField(_("In use since"), null=True, blank=True)
    retired_on = models.DateField(_("Retired on"), null=True, blank=True, editable=False)
    # use
    intended_use = prose(_("Intended use"))
    foreseeable_misuse = prose(_("Foreseeable misuse"))
    decisions = prose(_("What it decides"))
    learning = choice(_("Learning"), Learning)
    # oversight
    autonomy = choice(_("Autonomy"), Autonomy)
    autonomy_note = prose(_("Autonomy in detail"))
    human_oversight = prose(_("Human oversight"))
    # people
    affected_groups = ArrayField(
        models.CharField(max_length=200), size=50, verbose_name=_("Affected groups"), default=list, blank=True
    )
    regions = ArrayField(
        models.CharField(max_length=2, validators=[known_country]),
        size=250,
        verbose_name=_("Regions"),
        default=list,
        blank=True,
    )
    languages = ArrayField(
        models.CharField(max_length=3, validators=[known_language]),
        size=100,
        verbose_name=_("Languages"),
        default=list,
        blank=True,
    )
    user_information = prose(_("User information"))
    criticality = choice(_("Criticality"), Criticality)
    criticality_reason = prose(_("Why this criticality"))
    # how much is asked
    tier = choice(_("Tier"), Tier, editable=False)
    tier_reasons = models.TextField(
        _("Why this tier"), max_length=4000, blank=True, db_default="", default="", editable=False
    )
    tier_since = models.DateField(_("Tier since"), null=True, blank=True, editable=False)
    backlog_until = models.DateField(_("To catch up by"), null=True, blank=True, editable=False)
    flag = models.CharField(_("Flag"), max_length=300, blank=True, db_default="", default="", editable=False)
    stopped_on = models.DateField(_("Stopped on"), null=True, blank=True, editable=False)
    # supply
    third_party = models.BooleanField(_("Supplied by a third party"), null=True, blank=True)
    supplier = models.ForeignKey(
        Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="systems", verbose_name=_("Supplier")
    )
    vendor_product = line(_("Vendor's product"))
    vendor_version = line(_("Vendor's version"))
    embedded_in = line(_("Embedded in"))
    # retirement
    retirement_plan = prose(_("Retirement plan"))

    objects: ClassVar[Any] = SystemQuerySet.as_manager()
    state_tones: ClassVar = {
        "inception": "neutral",
        "design_development": "info",
        "verification_validation": "info",
        "deployment": "info",
        "operation_monitoring": "good",
        "continuous_validation": "good",
        "re_evaluation": "warn",
        "retirement": "neutral",
    }

    class Meta:
        verbose_name = _("AI system")
        verbose_name_plural = _("AI systems")
        permissions: ClassVar = [(role.value, role.label) for role in Role]
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="system_unit"),
            models.Index(fields=["-updated_at", "-id"], name="system_recent"),
            models.Index(fields=["unit", "state"], name="system_unit_stage"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "unit"], name="system_id_unit"),
            models.CheckConstraint(name="system_has_owner", condition=Q(owner__isnull=False)),
            models.CheckConstraint(
                name="system_retired_dated",
                condition=Q(state=SystemStage.RETIREMENT, retired_on__isnull=False)
                | (~Q(state=SystemStage.RETIREMENT) & Q(retired_on__isnull=True)),
                violation_error_message=_("A retired system has the date of its retirement, another one has none."),
            ),
            models.CheckConstraint(
                name="system_retired_planned",
                condition=~Q(state=SystemStage.RETIREMENT) | ~Q(retirement_plan=""),
                violation_error_message=_("A retired system keeps its retirement plan."),
            ),
            models.CheckConstraint(
                name="system_in_use_dated",
                condition=~Q(state__in=IN_USE) | Q(live_since__isnull=False),
                violation_error_message=_("Say since when the system is in use."),
            ),
            models.CheckConstraint(
                name="system_retired_after_use",
                condition=Q(live_since=None) | Q(retired_on=None) | Q(retired_on__gte=F("live_since")),
                violation_error_message=_("It cannot be retired before it was in use."),
            ),
            models.CheckConstraint(
                name="system_third_party_named",
                condition=Q(third_party__isnull=False, third_party=True) & ~Q(vendor_product="")
                | (Q(third_party=False) | Q(third_party__isnull=True))
                & Q(vendor_product="", vendor_version="", supplier__isnull=True),
                violation_error_message=_(
                    "A third party's system names the vendor's product; only such a system has vendor and supplier."
                ),
            ),
            models.CheckConstraint(
                name="system_criticality_reasoned",
                condition=Q(criticality="", criticality_reason="") | (~Q(criticality="") & ~Q(criticality_reason="")),
                violation_error_message=_("Give the criticality together with its reason."),
            ),
            models.CheckConstraint(name="system_region_codes", condition=each_like("regions", "[A-Z]{2}")),
            models.CheckConstraint(name="system_language_codes", condition=each_like("languages", "[a-z]{2,3}")),
            one_of("state", SystemStage),
            one_of("autonomy", Autonomy, optional=True),
            one_of("criticality", Criticality, optional=True),
            one_of("learning", Learning, optional=True),
            one_of("tier", Tier, optional=True),
            models.CheckConstraint(
                name="system_tier_reasoned",
                condition=Q(tier="", tier_since=None)
                | (~Q(tier="") & ~Q(tier_reasons="") & Q(tier_since__isnull=False)),
                violation_error_message=_("A tier has reasons and a date."),
            ),
        ]

    @property
    def retired(self) -> bool:
        return self.state == SystemStage.RETIREMENT

    def clean(self) -> None:
        """The rules of paired fields, told beside the field that is to be filled or emptied."""
        wrong = {name: sentence for name, sentence, broken in self._pairs() if broken}
        if wrong:
            raise ValidationError(wrong)

    def _pairs(self) -> list[tuple[str, Any, bool]]:
        ours = _("Only a third party's system has this.")
        reasoned, rated = bool(self.criticality_reason), bool(self.criticality)
        return [
            ("live_since", _("Say since when the system is in use."), self.state in IN_USE and not self.live_since),
            ("criticality_reason", _("Say why it is so critical."), rated and not reasoned),
            ("criticality", _("Rate the criticality, or take its reason away."), reasoned and not rated),
            ("vendor_product", _("Name the vendor's product."), bool(self.third_party) and not self.vendor_product),
            ("vendor_product", ours, not self.third_party and bool(self.vendor_product)),
            ("vendor_version", ours, not self.third_party and bool(self.vendor_version)),
            ("supplier", ours, not self.third_party and self.supplier_id is not None),
        ]


class RoleHeld(Part):
    """What a legal entity is to the system, and why."""

    legal_entity = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("Legal entity"))
    rationale = prose(_("Why"), 1000)

    class Meta:
        abstract = True


@part("system")
class SystemRole(RoleHeld):
    """An ISO role of a legal entity towards the system (4.1)."""

    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("Role"), max_length=32, choices=IsoRole.choices)
    sub_role = models.CharField(_("Sub-role"), max_length=48, choices=IsoSubRole.choices, blank=True, default="")

    told_by: ClassVar = ("sub_role", "role")

    class Meta:
        verbose_name = _("ISO role")
        verbose_name_plural = _("ISO roles")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "role", "sub_role", "legal_entity"],
                name="system_role_once",
                violation_error_message=_("This legal entity already has this role."),
            ),
            models.CheckConstraint(
                name="system_role_sub_role",
                condition=Q(
                    *[Q(role=role, sub_role__in=["", *subs]) for role, subs in SUB_ROLES.items()], _connector=Q.OR
                ),
                violation_error_message=_("This sub-role belongs to another role."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_sub_role_display() or self.get_role_display())


@part("system")
class LawRole(RoleHeld):
    """A role under the EU AI Act of a legal entity towards the system."""

    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="law_roles")
    role = models.CharField(_("Role"), max_length=32, choices=LawRoleName.choices)

    told_by: ClassVar = ("role",)

    class Meta:
        verbose_name = _("EU AI Act role")
        verbose_name_plural = _("EU AI Act roles")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "role", "legal_entity"],
                name="law_role_once",
                violation_error_message=_("This legal entity already has this role."),
            ),
            one_of("role", LawRoleName),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())


@part("system")
class StageEntry(Part):
    """One step of the life cycle: which stage, since when, moved by whom, why (A.6.2)."""

    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(_("Stage"), max_length=32, choices=SystemStage.choices)
    since = models.DateField(_("Since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Moved by")
    )
    reason = prose(_("Reason"), 2000)

    told_by: ClassVar = ("stage",)

    class Meta:
        verbose_name = _("life-cycle step")
        verbose_name_plural = _("life-cycle steps")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [one_of("stage", SystemStage)]

    def __str__(self) -> str:
        return str(self.get_stage_display())


@part("system")
class SystemVersion(Part):
    """A version of the system, bound to its model by SHA-256; a vendor's version is bound by its product and number."""

    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(_("Number"), max_length=40)
    digest = models.CharField(
        _("Model digest (SHA-256)"),
        max_length=64,
        null=True,
        blank=True,
        validators=[RegexValidator(DIGEST, _("A SHA-256 digest has 64 digits from 0 to 9 and a to f."))],
    )
    configured_on = models.DateField(_("Configuration of"), null=True, blank=True)
    notes = prose(_("What is new"))
    live_from = models.DateField(_("In use from"), null=True, blank=True)
    live_until = models.DateField(_("In use until"), null=True, blank=True)
    created_at = models.DateTimeField(_("Recorded"), db_default=Now(), editable=False)

    told_by: ClassVar = ("number",)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "system", Lower("number"), name="version_number", violation_error_message=_("This number is taken.")
            ),
            models.UniqueConstraint(
                fields=["system"],
                condition=Q(live_from__isnull=False, live_until__isnull=True),
                name="version_one_live",
                violation_error_message=_("Another version is in use; end it first."),
            ),
            models.CheckConstraint(
                name="version_digest",
                condition=Q(digest__isnull=True) | Q(digest__regex=DIGEST),
                violation_error_message=_("A SHA-256 digest has 64 digits from 0 to 9 and a to f."),
            ),
            models.CheckConstraint(
                name="version_period",
                condition=Q(live_until=None) | Q(live_from__isnull=False, live_until__gte=F("live_from")),
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(name="version_numbered", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def live(self) -> bool:
        return self.live_from is not None and self.live_until is None


@tracked()
class SystemGrant(Grant, UserObjectPermissionBase):
    """A role for a person on one AI system and what hangs on it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="system_grants", verbose_name=_("Person")
    )
    content_object = models.ForeignKey(
        AISystem, on_delete=models.CASCADE, related_name="grants", verbose_name=_("AI system")
    )

    class Meta(Grant.Meta):
        abstract = False
        verbose_name = _("role on one system")
        verbose_name_plural = _("roles on single systems")
        constraints: ClassVar = [
            *Grant.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"],
                condition=Q(valid_until=None, ended_at=None),
                name="system_grant_one_open",
                violation_error_message=_("This person holds this role here already."),
            ),
        ]
