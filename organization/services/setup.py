"""Setting up an empty installation: one link, used once, makes the organization and its first AIMS manager."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from aims.errors import Hidden
from aims.services import create
from aims.trail import recording
from organization.models import Unit, User
from organization.profile import Profile
from organization.services.founding import founding
from organization.services.grants import grant_role
from organization.services.people import add_person
from organization.services.units import create_unit
from organization.states import Role, UnitKind

SALT = "organization.setup"
DAYS = 7


def setup_url() -> str:
    """The address that sets this installation up; "" once there is an AIMS manager. Dead after seven days and one use."""
    if not founding():
        return ""
    token = signing.dumps("set up", salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('setup', kwargs={'token': token})}"


def check_setup(token: str) -> None:
    """Hidden for a token that is forged, too old or used: then there is nothing here."""
    try:
        signing.loads(token, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature as error:
        raise Hidden from error
    if not founding():
        raise Hidden(_("This installation is set up already."))


def found_organization(
    *, token: str, data: Mapping[str, Any], entities: Sequence[tuple[str, str]], password: str, on: date
) -> User:
    """Make the organization as a whole, its legal entities and its first AIMS manager. Clauses 4.3, 5.3.

    `data`: organization, name, email, language, time_zone, certification_on. `entities`: names with country codes.
    Errors: Hidden for a dead token, ValidationError by field.
    """
    with recording(None, "found_organization"), transaction.atomic():
        # Two people with the same link: the second waits here and then finds that there is a manager.
        Unit.objects.select_for_update().filter(parent=None).first()
        check_setup(token)
        common = {name: data[name] for name in ("language", "time_zone")}
        create(Profile(**common, certification_on=data.get("certification_on")))
        root = Unit.objects.filter(parent=None).first()
        root = root or create_unit(by=None, data={"name": data["organization"], "kind": UnitKind.GROUP})
        person = User(email=data["email"].strip().lower(), name=data["name"], unit=root, **common)
        person.set_password(password)
        add_person(person)
        reason = _("First AIMS manager of this installation")
        grant_role(person, role=Role.AIMS_MANAGER, unit=root, by=None, reason=reason, on=on)
        for name, country in entities:
            made = {"name": name, "kind": UnitKind.LEGAL_ENTITY, "country": country, "parent": root}
            create_unit(by=person, data=made)
    return person
