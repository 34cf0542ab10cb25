"""People, units, and who holds which role where. Clause 5.3; control A.3.2."""

from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import available_timezones

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from aims.access import Access
from aims.db import Now
from aims.models import Record, SealedLog
from aims.trail import append_only, tracked
from organization.commitments import (  # noqa: F401
    AimedSystem,
    BoundSystem,
    Objective,
    Obligation,
)
from organization.committees import Attendance, Committee, Matter, Member, Sitting, Vote  # noqa: F401
from organization.mandates import Authority, CompetenceRecord, DutyOverride, DutyTable  # noqa: F401
from organization.profile import Profile  # noqa: F401
from organization.querysets import GrantQuerySet, PersonManager, TokenQuerySet, UnitQuerySet, resolve_access
from organization.states import Role, SignInKind, UnitKind


def _raise_version(*untold: str) -> pgtrigger.Trigger:
    """Every change of what is told raises `version`; signing in or using a token (`untold` columns) does not."""
    return pgtrigger.Trigger(
        name="version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["version", *untold]),
        func="NEW.version := OLD.version + 1; RETURN NEW;",
    )


def known_language(code: str) -> None:
    """Refuse a language in which AIMS cannot speak."""
    if code not in dict(settings.LANGUAGES):
        raise ValidationError(_("Choose one of the languages offered."))


def known_time_zone(name: str) -> None:
    """Refuse a time zone that the IANA database does not have."""
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone such as Europe/Berlin."))


@tracked(exclude=["path"])
class Unit(models.Model):
    """A node of the organization's tree: group, legal entity, site or department."""

    name = models.CharField(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=16, choices=UnitKind.choices)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("Part of")
    )
    head = models.ForeignKey(
        "User", null=True, blank=True, on_delete=models.PROTECT, related_name="heads", verbose_name=_("Head")
    )
    path = ArrayField(models.BigIntegerField(), editable=False, default=list)
    # The past's view walks this column anew from the parents of then.
    tree_path = "path"
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        permissions: ClassVar = [(role.value, role.label) for role in Role]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                "parent", Lower("name"), name="unit_name_in_parent", violation_error_message=_("This name is taken.")
            ),
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(parent=None),
                name="unit_one_root",
                violation_error_message=_("There is one root unit; choose the unit that this one is part of."),
            ),
            models.CheckConstraint(name="unit_country_code", condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$")),
        ]
        triggers: ClassVar = [
            _raise_version("path"),
            pgtrigger.Trigger(
                name="path",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),  # type: ignore[no-untyped-call]
                func=(
                    "NEW.path := COALESCE((SELECT path FROM organization_unit WHERE id = NEW.parent_id), '{}');"
                    "IF NEW.id = ANY(NEW.path) THEN RAISE EXCEPTION 'a unit cannot be part of itself' "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_no_cycle'; END IF;"
                    "NEW.path := NEW.path || NEW.id; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="path_below",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("parent_id"),  # type: ignore[no-untyped-call]
                func="UPDATE organization_unit SET parent_id = parent_id WHERE parent_id = NEW.id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/units/{self.pk}/"

    def clean(self) -> None:
        """The constraint says it too, but only to the whole form; here the field is told."""
        same = Unit.objects.filter(parent=self.parent_id, name__iexact=self.name).exclude(pk=self.pk)
        if same.exists():
            raise ValidationError({"name": _("There is a unit of this name here.")})

    @property
    def unit_id(self) -> int:
        """A unit is governed by grants on itself."""
        return self.pk

    @property
    def title(self) -> str:
        """What the generic pages call it."""
        return self.name

    @property
    def is_root(self) -> bool:
        return self.parent_id is None


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person (or a program's account) who signs in by e-mail."""

    email = models.EmailField(_("E-mail"), max_length=254)
    name = models.CharField(_("Name"), max_length=120)
    job_title = models.CharField(_("Job title"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people", verbose_name=_("Unit"))
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports", verbose_name=_("Manager")
    )
    language = models.CharField(_("Language"), max_length=8, default="en", validators=[known_language])
    time_zone = models.CharField(_("Time zone"), max_length=40, default="UTC", validators=[known_time_zone])
    is_active = models.BooleanField(_("Active"), default=True)
    is_program = models.BooleanField(_("Program account"), default=False)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    groups = models.ManyToManyField(Group, through="Membership", related_name="people")

    # Set where the person acts through an API token: its prefix (kept in the trail) and the verbs it is limited to.
    token_prefix: str | None = None
    token_scopes: frozenset[str] | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar[Any] = PersonManager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), name="user_email", violation_error_message=_("This e-mail is taken.")
            ),
            models.CheckConstraint(
                name="user_not_own_manager",
                condition=Q(manager=None) | ~Q(manager=F("id")),
                violation_error_message=_("Nobody is their own manager."),
            ),
        ]
        triggers: ClassVar = [_raise_version("password", "last_login")]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """The constraint says it too, but only to the whole form; here the field is told."""
        if User.objects.filter(email__iexact=self.email).exclude(pk=self.pk).exists():
            raise ValidationError({"email": _("There is an account with this e-mail.")})

    def get_absolute_url(self) -> str:
        return f"/people/{self.pk}/"

    def get_full_name(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What the generic pages call the person."""
        return str(self)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in (self.name or self.email).split()[:2]).upper()

    @cached_property
    def access(self) -> Access:
        """What this person may see and do now; resolved once per instance, so once a request."""
        access = resolve_access(self)
        return access if self.token_scopes is None else access.limited(self.token_scopes)

    def forget_access(self) -> None:
        """Resolve again when asked next: roles or units changed."""
        self.__dict__.pop("access", None)


@tracked()
class Membership(models.Model):
    """A person in a group that holds roles together (as an identity provider's group claim gives them)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "group"], name="membership_once")]


class Grant(models.Model):
    """What every grant says: who gave it, why, from when until when (both days included; no end: open).

    A grant ended early stops at that moment and says why; it is never deleted, except with what it was given on.
    """

    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("Granted by")
    )
    reason = models.CharField(_("Reason"), max_length=500)
    valid_from = models.DateField(_("From"))
    valid_until = models.DateField(_("Until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, editable=False)
    end_reason = models.CharField(_("Why it ended"), max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = GrantQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_period",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(name="%(app_label)s_%(class)s_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ended_with_reason",
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]
        triggers: ClassVar = [_raise_version()]

    @property
    def role(self) -> str:
        """The role's id; a role is one permission on what it is granted on."""
        return str(self.permission.codename)  # type: ignore[attr-defined]


@tracked()
class UnitGrant(Grant, UserObjectPermissionBase):
    """A role for a person on a unit and all below it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unit_grants", verbose_name=_("Person"))
    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="grants", verbose_name=_("Unit"))

    class Meta(Grant.Meta):
        abstract = False
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints: ClassVar = [
            *Grant.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"],
                condition=Q(valid_until=None, ended_at=None),
                name="unit_grant_one_open",
                violation_error_message=_("This person holds this role here already."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"/people/{self.user_id}/"

    @property
    def unit_id(self) -> int:
        """A grant is governed by grants on its unit."""
        return int(self.content_object_id)


@tracked()
class UnitGroupGrant(Grant, GroupObjectPermissionBase):
    """A role for a group on a unit and all below it."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="group_grants")

    class Meta(Grant.Meta):
        abstract = False
        constraints: ClassVar = [
            *Grant.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "permission", "content_object"],
                condition=Q(valid_until=None, ended_at=None),
                name="group_grant_one_open",
            ),
        ]


@tracked()
class CaseListing(models.Model):
    """A person on the case list of one record; nobody else sees it."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="case_list")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cases")
    reason = models.CharField(_("Reason"), max_length=500)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "person"], name="case_listing_once")]


@tracked(exclude=["digest", "last_used_at"])
class ApiToken(models.Model):
    """A key with which a program acts as its owner, limited to scopes (verbs). Only a digest of the secret is kept."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("Owner"))
    name = models.CharField(_("Name"), max_length=80)
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=64), verbose_name=_("Scopes"))
    created_at = models.DateTimeField(_("Issued"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("Expires"))
    last_used_at = models.DateTimeField(_("Last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("Revoked"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = TokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="token_expires_after_start",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message=_("A token expires after it was issued."),
            ),
            models.CheckConstraint(
                name="token_has_scope",
                condition=Q(scopes__len__gt=0),
                violation_error_message=_("Choose what the token may do."),
            ),
        ]
        triggers: ClassVar = [_raise_version("last_used_at")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def get_absolute_url(self) -> str:
        return "/me/"


class SignIn(SealedLog):
    """Who came in, who was turned away, and what changed about a way to sign in. Append-only, whoever is signed in.

    `email_digest` tells two attempts with one unknown address apart without keeping the address.
    """

    retained = True
    kind = models.CharField(_("What"), max_length=12, choices=SignInKind.choices)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="sign_ins")
    email_digest = models.CharField(max_length=64, blank=True)
    method = models.CharField(_("How"), max_length=80)
    user_agent = models.CharField(_("Browser"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes: ClassVar = [
            models.Index(fields=["person", "-at"], name="sign_in_person"),
            models.Index(fields=["xid"], name="sign_in_xid"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sign_in_of_someone", condition=Q(person=None) ^ Q(email_digest=""), violation_error_message=""
            )
        ]
        triggers: ClassVar = append_only()
