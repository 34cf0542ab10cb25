"""One mail a day for each person with something to do: what, by when, and a link straight to the form.

A mail leaves the installation: it never carries the title of a restricted record. What one must do cannot be
unsubscribed from; what is merely coming can.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.due import Work, local_day, work_of
from aims.models import Letter, Task, Wishes
from aims.registry import registry
from aims.reviews import set_wishes
from aims.states import Confidentiality, TaskState
from aims.working_days import is_working_day

log = logging.getLogger(__name__)
SOON = 7  # days within which work that is coming is told
ATTEMPTS = 5
UPCOMING = "upcoming"  # the one part of the letter that is no duty
_SALT = "aims.letters"


@dataclass(frozen=True)
class Line:
    """One line of a letter, fit to leave the installation."""

    what: str
    ref: str
    asks: str
    day: date
    days_late: int
    url: str


def line_of(work: Work) -> Line:
    return Line(
        what=safe_title(work.record),
        ref=work.ref,
        asks="" if work.record.confidentiality != Confidentiality.NORMAL else work.asks,
        day=work.due_on,
        days_late=max(work.days_late, 0),
        url=settings.PUBLIC_URL + work.url,
    )


def safe_title(record: Any) -> str:
    """A record's title where everybody may read it; else only what kind of thing it is."""
    if record.confidentiality == Confidentiality.NORMAL:
        return str(record.title)
    kind = registry.kinds.get(record.kind)
    return _("Restricted: %(kind)s") % {"kind": kind.label if kind else _("record")}


def send_letters(at: datetime) -> int:
    """Send what is due to be sent at `at`. Answers how many went out. Safe to repeat: one letter a person and day."""
    return sum(send_letter(person, wishes, at) for person, wishes in addressees(at))


def addressees(at: datetime) -> Iterator[tuple[Any, Wishes]]:
    """People with open work whose hour has come, who are not in their quiet hours and have no letter today."""
    asked = Task.objects.open().exclude(state=TaskState.SNOOZED)
    keys = {*asked.values_list("assignee", flat=True), *asked.values_list("escalated_to", flat=True)} - {None}
    people = get_user_model()._default_manager.filter(pk__in=keys, is_active=True).select_related("wishes")
    told = _told(at)
    for person in people.order_by("pk"):
        wishes = getattr(person, "wishes", None) or Wishes(person=person)
        if (person.pk, local_day(at, person.time_zone)) not in told and wanted_now(person, wishes, at):
            yield person, wishes


def _told(at: datetime) -> set[tuple[int, date]]:
    recent = Letter.objects.filter(day__gte=at.date() - timedelta(days=1))
    closed = recent.exclude(sent_at=None) | recent.filter(attempts__gte=ATTEMPTS)
    return set(closed.values_list("person_id", "day"))


def wanted_now(person: Any, wishes: Wishes, at: datetime) -> bool:
    """Whether this is an hour at which the person reads mail. A night with two 2 o'clocks, or none, changes nothing."""
    local = at.astimezone(ZoneInfo(person.time_zone))
    if local.hour < wishes.digest_hour or _quiet(wishes, local.hour):
        return False
    return wishes.rest_days or is_working_day(local.date())


def _quiet(wishes: Wishes, hour: int) -> bool:
    first, last = wishes.quiet_from, wishes.quiet_until
    return first <= hour < last if first <= last else hour >= first or hour < last


def send_letter(person: Any, wishes: Wishes, at: datetime) -> bool:
    """Write and send one person's letter. A mail server that fails is asked again, at most five times a day."""
    day = local_day(at, person.time_zone)
    with transaction.atomic():
        Letter.objects.get_or_create(person=person, day=day)
        letter = Letter.objects.select_for_update(skip_locked=True).filter(person=person, day=day).first()
        if letter is None or letter.sent_at or letter.attempts >= ATTEMPTS:
            return False
        work = chosen(work_of(person, on=day), wishes, day)
        letter.tasks, letter.attempts = len(work), letter.attempts + 1
        try:
            if work:
                compose(person, work, day).send()
            letter.sent_at, letter.error = at, ""
        except (SMTPException, OSError) as error:
            log.warning("letter not sent", extra={"letter": letter.pk})
            letter.error = f"{type(error).__name__}: {error}"[:500]
        letter.save()
        return bool(work) and letter.sent_at is not None


def chosen(work: Sequence[Work], wishes: Wishes, day: date) -> list[Work]:
    """What is due or late, always; what is coming within a week, unless the person turned that off."""
    last = day if UPCOMING in wishes.muted else day + timedelta(days=SOON)
    return [one for one in work if one.due_on <= last]


def compose(person: Any, work: Sequence[Work], day: date) -> EmailMultiAlternatives:
    """The letter as text and HTML, in the person's language and time zone."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        lines = [line_of(one) for one in work]
        context = {
            "person": person,
            "day": day,
            "late": [one for one in lines if one.days_late],
            "due": [one for one in lines if one.day == day],
            "soon": [one for one in lines if one.day > day],
            "inbox": settings.PUBLIC_URL + reverse("inbox"),
            "stop": settings.PUBLIC_URL + stop_url(person),
            "settings_url": settings.PUBLIC_URL + reverse("inbox_settings"),
        }
        subject = ngettext("%(count)d thing needs you", "%(count)d things need you", len(lines)) % {"count": len(lines)}
        text = render_to_string("mail/letter.txt", context)
        mail = EmailMultiAlternatives(f"[AIMS] {subject}", text, to=[person.email])
        mail.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    mail.extra_headers = {
        "List-Unsubscribe": f"<{context['stop']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return mail


def stop_url(person: Any) -> str:
    """The address that ends notices of what is coming, without signing in."""
    return reverse("letters_stop", args=[signing.dumps(person.pk, salt=_SALT)])


def stop(token: str) -> Any:
    """The person who no longer wants to hear of what is coming; None when the link is not ours."""
    person = addressee(token)
    if person is not None:
        set_wishes(by=person, data={"muted": [UPCOMING]})
    return person


def addressee(token: str) -> Any:
    """Whom the link of a mail was made for; None when it is not ours or the person left."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return get_user_model()._default_manager.filter(pk=key, is_active=True).first()
