"""Who outside is told of what happens here, and every message to them: a row before it is sent, a log afterwards."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aims.db import Now
from aims.querysets import WebhookQuerySet
from aims.states import MessageState
from aims.trail import tracked

PEOPLE = settings.AUTH_USER_MODEL


@tracked(exclude=["secret", "former", "former_until", "failures", "busy_until"])
class Webhook(models.Model):
    """An address that is told of events. It hears what `person` may see; without a person, what the operator set up.

    `secret` and `former` (the one before, while receivers change over) rest encrypted and are never shown again.
    """

    name = models.CharField(_("Name"), max_length=80)
    url = models.CharField(_("Address"), max_length=500, validators=[URLValidator(schemes=["https", "http"])])
    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("Told about"))
    person = models.ForeignKey(
        PEOPLE, null=True, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("Hears what is visible to")
    )
    off_at = models.DateTimeField(_("Switched off"), null=True, blank=True)
    off_why = models.CharField(_("Why it is off"), max_length=300, blank=True)
    secret = models.TextField(editable=False)
    former = models.TextField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    busy_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("Made"), db_default=Now())

    objects: ClassVar[Any] = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="webhook_off_with_reason",
                condition=Q(off_at=None, off_why="") | Q(off_at__isnull=False) & ~Q(off_why=""),
            ),
            models.CheckConstraint(name="webhook_told_something", condition=Q(topics__len__gte=1)),
            models.CheckConstraint(name="webhook_has_secret", condition=~Q(secret="")),
            models.CheckConstraint(name="webhook_former_ends", condition=Q(former="") | Q(former_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/webhooks/{self.pk}/"


class Message(models.Model):
    """One event for one webhook, written in the transaction of what happened. `name` stays the same at every attempt.

    `tries` tells each attempt: when, what was answered, how long it took.
    """

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    name = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["webhook", "id"], condition=Q(state="waiting"), name="message_waiting"),
            models.Index(fields=["webhook", "-id"], name="message_log"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="message_name"),
            models.CheckConstraint(
                name="message_ended_has_time",
                condition=Q(state="waiting", ended_at=None, next_at__isnull=False)
                | Q(state__in=["delivered", "failed"], ended_at__isnull=False),
            ),
        ]
