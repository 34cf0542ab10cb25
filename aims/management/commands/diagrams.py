"""Write the generated pages of the documentation anew."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from aims import diagrams


class Command(BaseCommand):
    help = "Write docs/states.md, docs/entities.md and docs/facts.md."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in diagrams.pages().items():
            (Path(settings.BASE_DIR) / "docs" / name).write_text(text, encoding="utf-8")
