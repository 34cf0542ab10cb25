"""Messages to webhooks, signed as Standard Webhooks 1.0 says: written with what happened, sent afterwards.

A message is sent until it is answered with 2xx, later and later for three days, always under the same id; then its
webhook is switched off with the reason. Messages of one webhook go out in the order in which things happened.
"""

import base64
import hashlib
import hmac
import json
import logging
import random
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from aims import clock, jobs
from aims.access import access_of
from aims.boxes import box
from aims.due import Work
from aims.facts import SealMade, TaskNews
from aims.mail import line_of
from aims.models import Message, Record, Task, Webhook
from aims.outgoing import Answer, Forbidden, post
from aims.seals import installation_id
from aims.states import MessageState
from aims.trail import recording

log = logging.getLogger(__name__)
PURPOSE = "aims webhooks"
TASKS = 100  # tasks told in one message
TURN = 20.0  # seconds that one webhook may take before others have their turn
KEEP = timedelta(days=30)  # how long a delivered message is shown
LONGEST_WAIT = 24 * 3600
GONE = 410


def tell_tasks(news: TaskNews) -> None:
    """Write a message for everybody who is told of it, of the tasks that they may see."""
    webhooks = list(Webhook.objects.listening(news.what).select_related("person")) if news.tasks else []
    for webhook in webhooks:
        if webhook.person is not None:
            tasks = Task.objects.filter(pk__in=list(news.tasks), record__in=Record.objects.visible_to(webhook.person))
            rows = list(tasks.select_related("record__unit", "assignee").order_by("pk"))
            for first in range(0, len(rows), TASKS):
                told = [_task(task, news.at) for task in rows[first : first + TASKS]]
                write(webhook, news.what, {"tasks": told}, at=news.at)


def _task(task: Task, at: datetime) -> dict[str, Any]:
    """A task as receivers read it. Titles of restricted records stay inside."""
    line = line_of(Work(task, at.date()))
    return {
        "id": task.pk,
        "record": line.ref,
        "kind": task.record.kind,
        "title": line.what,
        "unit": task.record.unit.name,
        "asks": line.asks,
        "due_on": task.due_on.isoformat(),
        "day": task.day.isoformat(),
        "state": task.state,
        "level": task.level,
        "assignee": task.assignee.email if task.assignee else None,
        "url": line.url,
    }


def tell_seal(news: SealMade) -> None:
    """Write a message with the seal as `verify_trail --anchors` reads it."""
    seal = news.seal
    for webhook in Webhook.objects.listening("seal.made").select_related("person"):
        if webhook.person is None or access_of(webhook.person).capacity("trail.read"):
            told = {**seal.statement(installation_id()), "signature": seal.signature}
            write(webhook, "seal.made", told, at=seal.sealed_at)


def write(webhook: Webhook, event: str, data: Mapping[str, Any], *, at: datetime) -> Message:
    """Put one message into the outbox; it goes out when the transaction is through."""
    body = json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    name = f"msg_{uuid.uuid4().hex}"
    message: Message = Message.objects.create(webhook=webhook, name=name, event=event, body=body, next_at=at)
    transaction.on_commit(lambda: jobs.send("aims.post_messages"))
    return message


def deliver(at: datetime) -> int:
    """Send what waits, one webhook after another; answers how many were delivered. Safe to run several at once."""
    first = Message.objects.filter(webhook=OuterRef("pk"), state=MessageState.WAITING).order_by("pk")
    ready = Webhook.objects.filter(off_at=None).annotate(ready_at=Subquery(first.values("next_at")[:1]))
    return sum(
        _turn(webhook) for webhook in ready.filter(ready_at__lte=at).order_by(F("busy_until").asc(nulls_first=True))
    )


def _turn(webhook: Webhook) -> int:
    """Send one webhook's messages in order until one fails or its time is over. Held by one worker at a time."""
    if not _hold(webhook):
        return 0
    delivered, began = 0, time.monotonic()
    try:
        while time.monotonic() - began < TURN and (message := _next(webhook)) is not None:
            if not _attempt(message):
                break
            delivered += 1
    finally:
        Webhook.objects.filter(pk=webhook.pk).update(busy_until=None)
    return delivered


def _hold(webhook: Webhook) -> bool:
    now = clock.now()
    free = Webhook.objects.filter(Q(busy_until=None) | Q(busy_until__lt=now), pk=webhook.pk, off_at=None)
    return bool(free.update(busy_until=now + timedelta(seconds=TURN + 2 * settings.WEBHOOK_SECONDS)))


def _next(webhook: Webhook) -> Message | None:
    """The oldest message that waits, when its time has come: those after it wait for it."""
    waiting = Message.objects.filter(webhook=webhook.pk, state=MessageState.WAITING, webhook__off_at=None)
    found: Message | None = waiting.select_related("webhook").order_by("pk").first()
    return found if found is not None and found.next_at and found.next_at <= clock.now() else None


def _attempt(message: Message) -> bool:
    """Send once and write down what came of it. True when it was delivered."""
    began, answer, error = time.monotonic(), None, ""
    try:
        answer = post(message.webhook.url, message.body.encode(), signed(message, clock.now()))
    except (Forbidden, OSError, HTTPException, ValueError) as failed:
        error = f"{type(failed).__name__}: {failed}"[:300]
    with transaction.atomic():
        _note(message, answer, error, time.monotonic() - began)
        if answer is not None and answer.status // 100 == 2:
            return _delivered(message)
        _failed(message, answer, error or _("answer %(status)s") % {"status": answer.status if answer else ""})
    return False


def signed(message: Message, at: datetime) -> dict[str, str]:
    """The headers of one attempt: id, moment, and a signature by the secret (and the former one while it lasts)."""
    moment, webhook = str(int(at.timestamp())), message.webhook
    keys = [webhook.secret]
    if webhook.former and webhook.former_until and at < webhook.former_until:
        keys.append(webhook.former)
    content = f"{message.name}.{moment}.{message.body}".encode()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "AIMS-Webhooks/1",
        "webhook-id": message.name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(key, content) for key in keys),
    }


def _signature(sealed: str, content: bytes) -> str:
    secret = box(PURPOSE).decrypt(sealed.encode()).decode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def _note(message: Message, answer: Answer | None, error: str, took: float) -> None:
    tried = {
        "at": clock.now().isoformat(),
        "status": answer.status if answer else None,
        "error": error or ("" if answer is None or answer.status // 100 == 2 else answer.text[:200]),
        "ms": round(took * 1000),
    }
    message.attempts, message.tries = message.attempts + 1, [*message.tries, tried]


def _delivered(message: Message) -> bool:
    message.state, message.ended_at, message.next_at = MessageState.DELIVERED, clock.now(), None
    message.save()
    Webhook.objects.filter(pk=message.webhook_id).update(failures=0)
    return True


def _failed(message: Message, answer: Answer | None, why: str) -> None:
    """Wait for the next attempt; give up, and switch the webhook off, after the last or when it is gone for good."""
    Webhook.objects.filter(pk=message.webhook_id).update(failures=F("failures") + 1)
    last = message.attempts > len(settings.WEBHOOK_PAUSES)
    gone = answer is not None and answer.status == GONE
    if last or gone:
        message.state, message.ended_at, message.next_at = MessageState.FAILED, clock.now(), None
        sentence = _("It answered that it is gone for good (410).") if gone else _failures(message, why)
        switch_off(message.webhook, why=sentence, at=clock.now())
    else:
        message.next_at = clock.now() + timedelta(seconds=_pause(message.attempts, answer))
    message.save()
    log.warning("message not delivered", extra={"webhook": message.webhook_id, "posted": message.name, "why": why})


def _failures(message: Message, why: str) -> str:
    return _("%(count)d attempts failed; the last one: %(why)s") % {"count": message.attempts, "why": why[:200]}


def _pause(attempts: int, answer: Answer | None) -> float:
    """Seconds until the next attempt: ever longer, with chance; longer still when the receiver asks for it."""
    asked = int(answer.wait) if answer is not None and answer.wait.isdigit() else 0
    usual = settings.WEBHOOK_PAUSES[attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311
    return float(min(max(usual, asked), LONGEST_WAIT))


def switch_off(webhook: Webhook, *, why: str, at: datetime) -> None:
    """End what is sent there, on the system's own account. What waits is kept."""
    with recording(None, "switch_webhook_off", reason=why):
        Webhook.objects.filter(pk=webhook.pk, off_at=None).update(off_at=at, off_why=why[:300])


def forget(at: datetime) -> int:
    """Remove messages that ended long ago; answers how many. Failed ones stay until somebody sends them again."""
    return int(Message.objects.filter(state=MessageState.DELIVERED, ended_at__lt=at - KEEP).delete()[0])
