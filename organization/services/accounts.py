"""What belongs to one's own account, invitations, and the record of sign-ins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from aims import jobs
from aims.errors import WrongState, invalid
from aims.models import Job
from aims.services import change, locked, require
from aims.trail import recording
from organization import policies
from organization.models import SignIn, User


def change_account(person: User, *, data: Mapping[str, Any], version: int | None = None) -> User:
    """A person sets the language and the time zone in which AIMS speaks to them. Errors: Stale, ValidationError."""
    foreign = set(data) - {"language", "time_zone"}
    if foreign:
        raise invalid(**{name: _("This cannot be changed here.") for name in sorted(foreign)})
    with recording(person, "change_account"):
        return change(locked(person, version), data)


def invite_person(person: User, *, by: User, at: datetime) -> Job:
    """Send the link to choose a password again. Errors: NotPermitted, WrongState for who left and for programs."""
    capacity = require(policies.can_change_person(by, person))
    if not person.is_active or person.is_program:
        raise WrongState(_("Only active people are invited."))
    with recording(by, "invite_person", capacity=capacity):
        return ask_to_invite(person, by=by, at=at)


def ask_to_invite(person: User, *, by: User | None, at: datetime | None = None) -> Job:
    """The job that writes the mail; once when the account is made, and once a moment asked for."""
    key = f"invite:{person.pk}:{at.isoformat() if at else 'new'}"
    return jobs.ask(key, "organization.invite", by=by, person_id=person.pk)


def send_invitation(progress: jobs.Progress) -> str:
    """Work of the invitation's job: a mail in the person's language with a link that works once, for three days."""
    person = User.objects.active().get(pk=progress.arguments["person_id"])
    with translation.override(person.language):
        text = render_to_string(
            "organization/mail/invitation.txt",
            {"person": person, "url": invitation_url(person), "home": settings.PUBLIC_URL},
        )
        subject = settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _("Your account")
        send_mail(subject, text, None, [person.email])
    return ""


def invitation_url(person: User) -> str:
    """A link with which the person chooses a password; dead once used, after a sign-in, or after its time."""
    parts = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"


def record_sign_in(
    kind: str, *, method: str, person: User | None = None, email: str = "", user_agent: str = ""
) -> SignIn:
    """Keep that somebody came in, was turned away or changed a way to sign in. ISO/IEC 42001 clause 7.5, A.6.2.8.

    Who is not a person here is kept as a keyed digest of the address typed, never as the address.
    """
    found = person or User.objects.filter(email__iexact=email).first()
    return SignIn.objects.create(
        kind=kind,
        person=found,
        email_digest="" if found else email_digest(email),
        method=method[:80],
        user_agent=user_agent[:200],
    )


def email_digest(email: str) -> str:
    """A digest that only this installation can make."""
    return salted_hmac("organization.sign_in", email.strip().lower(), algorithm="sha256").hexdigest()
