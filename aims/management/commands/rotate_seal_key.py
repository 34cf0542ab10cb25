"""Introduce a new signing key, vouched for by the one in force."""

from typing import Any

from django.core.management.base import BaseCommand

from aims import keys


class Command(BaseCommand):
    help = "Make a new seal key; the old one vouches for it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Seals are signed by {keys.rotate().public} from now on.")
