"""What people do with webhooks: set up, change, switch on and off, send again. Each is one recorded verb.

Whoever sets one up answers for it: it hears what that person may see, never the titles of restricted records.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.boxes import box
from aims.errors import WrongState, invalid
from aims.models import Message, Webhook
from aims.outbox import PURPOSE, write
from aims.outgoing import Forbidden, check_url
from aims.services import require
from aims.states import MessageState
from aims.trail import recording

EVENTS: Mapping[str, Any] = {
    "task.opened": gettext_lazy("A task is opened"),
    "task.due": gettext_lazy("A task is due today"),
    "task.overdue": gettext_lazy("A task is overdue"),
    "task.escalated": gettext_lazy("A task is brought up to somebody else"),
    "task.completed": gettext_lazy("A task is completed"),
    "seal.made": gettext_lazy("The trail is sealed"),
}
TEST = "webhook.test"
BOTH = timedelta(days=1)  # how long the former secret still signs beside the new one
OPERATOR = "SEAL_WEBHOOK_URL"


def can_manage(user: Any) -> str:
    """Who lets data out of the installation. Never a program."""
    access = access_of(user)
    return "" if access.scopes is not None else access.capacity("webhook.manage")


def set_up(*, by: Any, name: str, url: str, topics: Sequence[str], reason: str) -> tuple[Webhook, str]:
    """Make a webhook. Answers it and its secret, which is never shown again. Raises NotPermitted, ValidationError."""
    capacity = require(can_manage(by))
    secret = _new_secret()
    with recording(by, "set_up_webhook", capacity=capacity, reason=_because(reason)):
        made = Webhook(name=name.strip(), url=url.strip(), topics=list(topics), person=by, secret=_sealed(secret))
        return _saved(made), secret


def change(webhook: Webhook, *, by: Any, data: Mapping[str, Any], reason: str) -> Webhook:
    """Change name, address or topics. Whoever changes it answers for it from then on."""
    capacity = require(can_manage(by))
    with recording(by, "change_webhook", capacity=capacity, reason=_because(reason)):
        current = _locked(webhook, by)
        for field, value in data.items():
            setattr(current, field, value)
        current.person = by
        return _saved(current)


def _because(reason: str) -> str:
    if not reason.strip():
        raise invalid(reason=_("Say why."))
    return reason


def _locked(webhook: Webhook, by: Any) -> Webhook:
    found: Webhook | None = Webhook.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=webhook.pk).first()
    require("seen" if found is not None else "")
    assert found is not None
    return found


def _saved(webhook: Webhook) -> Webhook:
    try:
        check_url(webhook.url)
    except Forbidden as error:
        raise invalid(url=str(error)) from error
    unknown = set(webhook.topics) - set(EVENTS)
    if unknown or not webhook.topics:
        raise invalid(topics=_("Choose what it is told about."))
    if "seal.made" in webhook.topics and not access_of(webhook.person).capacity("trail.read"):
        raise invalid(topics=_("Seals are told only to those who may read the trail."))
    webhook.full_clean(exclude=["created_at"])
    webhook.save()
    return webhook


def renew_secret(webhook: Webhook, *, by: Any, at: datetime) -> str:
    """A new secret, answered once. The former one still signs for a day, so that the receiver can change over."""
    capacity = require(can_manage(by))
    secret = _new_secret()
    with recording(by, "renew_webhook_secret", capacity=capacity):
        current = _locked(webhook, by)
        current.former, current.former_until, current.secret = current.secret, at + BOTH, _sealed(secret)
        current.save(update_fields=["secret", "former", "former_until"])
    return secret


def switch(webhook: Webhook, *, by: Any, on: bool, at: datetime, reason: str) -> Webhook:
    """Switch it off with a reason, or on again: what waited then goes out. Raises WrongState when it is so already."""
    capacity = require(can_manage(by))
    with recording(by, "switch_webhook_on" if on else "switch_webhook_off", capacity=capacity, reason=_because(reason)):
        current = _locked(webhook, by)
        if on is (current.off_at is None):
            raise WrongState(_("It is so already."))
        current.off_at, current.off_why = (None, "") if on else (at, reason.strip()[:300])
        current.failures = 0
        current.save(update_fields=["off_at", "off_why", "failures"])
        if on:
            Message.objects.filter(webhook=current, state=MessageState.WAITING).update(next_at=at)
        return current


def send_test(webhook: Webhook, *, by: Any, at: datetime) -> Message:
    """A message that says nothing, to see whether it arrives."""
    capacity = require(can_manage(by))
    with recording(by, "test_webhook", capacity=capacity):
        current = _locked(webhook, by)
        if current.off_at is not None:
            raise WrongState(_("Switch it on first."))
        return write(current, TEST, {"installation": settings.INSTALLATION_ID}, at=at)


def send_again(message: Message, *, by: Any, at: datetime) -> Message:
    """The same message once more, under the id it had, so that a receiver which has it already can tell."""
    capacity = require(can_manage(by))
    with recording(by, "send_message_again", capacity=capacity):
        current = _locked(message.webhook, by)
        if current.off_at is not None:
            raise WrongState(_("Switch it on first."))
        found = Message.objects.select_for_update().get(pk=message.pk)
        if found.state == MessageState.WAITING:
            raise WrongState(_("It waits already."))
        found.state, found.ended_at, found.next_at, found.attempts = MessageState.WAITING, None, at, 0
        found.save()
        return found


def set_up_operators() -> None:
    """The webhook of the setting SEAL_WEBHOOK_URL: made, moved or switched off at every start as the setting says."""
    url = settings.SEAL_WEBHOOK_URL
    found = Webhook.objects.filter(person=None, name=OPERATOR).first()
    with recording(None, "set_up_webhook", reason=OPERATOR):
        if url and found is None:
            check_operators(url)
            Webhook.objects.create(name=OPERATOR, url=url, topics=["seal.made"], secret=_sealed(_new_secret()))
        elif url and found is not None and found.url != url:
            check_operators(url)
            Webhook.objects.filter(pk=found.pk).update(url=url, off_at=None, off_why="")


def check_operators(url: str) -> None:
    try:
        check_url(url)
    except Forbidden as error:
        raise ValidationError(f"{OPERATOR}: {error}") from error


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _sealed(secret: str) -> str:
    return box(PURPOSE).encrypt(secret.encode()).decode()
