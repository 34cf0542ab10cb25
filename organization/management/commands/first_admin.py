"""Makes the first unit and the first AIMS manager of an empty installation and prints a link that works once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from aims import clock
from aims.errors import Refusal
from organization import services
from organization.models import Unit, User
from organization.states import Role


class Command(BaseCommand):
    """Refused as soon as there is an AIMS manager: from then on people are added in the browser."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="address with which the person signs in")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--organization", default="Organization", help="name of the organization as a whole")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                person = self._make(options)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except Refusal as refusal:
            raise CommandError(str(refusal.detail)) from refusal
        self.stdout.write(f"{person.name} manages the AIMS. Choose the password here, within three days:")
        self.stdout.write(services.invitation_url(person))

    def _make(self, options: dict[str, Any]) -> User:
        root = Unit.objects.filter(parent=None).first()
        root = root or services.create_unit(by=None, data={"name": options["organization"], "kind": "group"})
        data = {"name": options["name"], "email": options["email"], "unit": root}
        person = services.create_person(by=None, data=data, invite=False)
        reason = "First AIMS manager of this installation"
        services.grant_role(person, role=Role.AIMS_MANAGER, unit=root, by=None, reason=reason, on=clock.today())
        return person
