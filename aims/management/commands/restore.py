"""Bring a backup back into an empty database, then verify it."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aims import backups
from aims.embedded.places import Unable


class Command(BaseCommand):
    help = "Bring a backup back into an empty database and the file storage; verify the trail."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            card = backups.load(options["file"])
        except Unable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored what was saved at {card['made_at']}. Verifying…")
        call_command("prepare")
        call_command("seal")  # numbers of transactions begin anew in another cluster; the next seal starts from there
        call_command("verify_trail")
