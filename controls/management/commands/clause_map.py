"""`manage.py clause_map`: write docs/clauses.md from the registry."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from controls.clause_map import page


class Command(BaseCommand):
    help = "Write docs/clauses.md: which screen, model, endpoint and tests answer each clause and control."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            written = page()
        (Path(settings.BASE_DIR) / "docs" / "clauses.md").write_text(written, encoding="utf-8")
        self.stdout.write("docs/clauses.md is written.")
