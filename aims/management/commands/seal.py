"""Seal what is not sealed yet, now; beat does it each minute."""

from typing import Any

from django.core.management.base import BaseCommand

from aims import seals


class Command(BaseCommand):
    help = "Seal every finished event that is not sealed yet."

    def handle(self, *args: Any, **options: Any) -> None:
        seal = seals.seal_new_events()
        self.stdout.write(f"Seal {seal.number}: {seal.size} events." if seal else "Nothing to seal.")
