"""A person's open tasks as a calendar that other programs subscribe to (iCalendar, RFC 5545), by a secret address."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from aims.due import Work, local_day, work_of
from aims.mail import safe_title
from aims.models import Wishes
from aims.reviews import feed_digest


def owner_of(secret: str) -> Any:
    """The active person whose calendar has this secret address, or None."""
    wishes = Wishes.objects.select_related("person").filter(feed=feed_digest(secret)).first()
    return wishes.person if wishes is not None and wishes.person.is_active else None


def calendar_of(person: Any, at: datetime) -> bytes:
    """All-day events, one a task. Titles of restricted records stay inside: whoever has the address reads it."""
    with translation.override(person.language):
        calendar = Calendar()
        calendar.add("prodid", "-//AIMS//Tasks//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("AIMS: what needs me"))
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        for work in work_of(person, on=local_day(at, person.time_zone), limit=1000):
            calendar.add_component(_event(work, at))
        return bytes(calendar.to_ical())


def _event(work: Work, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"task-{work.task.pk}@{settings.INSTALLATION_ID}")
    event.add("dtstamp", at)
    event.add("dtstart", work.due_on)
    event.add("dtend", work.due_on + timedelta(days=1))
    event.add("summary", f"{work.ref} {safe_title(work.record)}")
    event.add("url", settings.PUBLIC_URL + work.url)
    event.add("transp", "TRANSPARENT")
    return event
