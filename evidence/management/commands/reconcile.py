"""Compare stored files with their rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aims import clock
from evidence.services import reconcile


class Command(BaseCommand):
    help = (
        "Compares stored files with their rows: what is missing, altered, unclaimed or left behind by a killed process."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scrub", action="store_true", help="read every file and compare its SHA-256")
        parser.add_argument("--repair", action="store_true", help="remove files that nothing needs")

    def handle(self, *args: Any, **options: Any) -> None:
        order = reconcile(at=clock.now(), repair=options["repair"], scrub=options["scrub"])
        for label in ("missing", "altered", "unclaimed", "leftovers"):
            for name in getattr(order, label):
                self.stdout.write(f"{label}: {name}")
        if not order.sound:
            raise CommandError("Files that evidence or packs need are missing or altered.")
        self.stdout.write("Every file that is needed is there.")
