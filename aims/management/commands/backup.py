"""Save database and files in one archive, while AIMS may be written to."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aims import backups, clock
from aims.embedded.places import Unable


class Command(BaseCommand):
    help = "Save database and files in one archive. Keys are listed and kept apart."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="where to; by default aims-<moment>.tar in this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        target = options["file"] or Path(f"aims-{at:%Y%m%d-%H%M%S}.tar")
        try:
            card = backups.save(target, at=at)
        except Unable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Saved to {target} ({target.stat().st_size / 1e6:.1f} MB).")
        for public in card["keys"]:
            self.stdout.write(f"Not inside, keep it apart: the signing key {public[:16]}…")
