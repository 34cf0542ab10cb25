"""`manage.py load_catalogue`: clauses and controls as the data files give them."""

from typing import Any

from django.core.management.base import BaseCommand

from controls.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Load the catalogue of clauses and controls from its data files."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = load_catalogue()
        self.stdout.write(f"Loaded {', '.join(changed)}." if changed else "The catalogue is up to date.")
