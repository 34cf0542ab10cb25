"""Takes a file of another framework: the documented YAML, or a CISO Assistant library."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from controls.crosswalks import Unfit, check_framework, load_framework


class Command(BaseCommand):
    """Check a file and load it; with `--check` nothing is stored."""

    help = "Load a framework and its counterparts in ISO/IEC 42001 from a file; see docs/crosswalks.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only say what is wrong with the file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        try:
            said = check_framework(content) if options["check"] else str(load_framework(content))
        except Unfit as unfit:
            raise CommandError("\n".join(unfit.errors)) from unfit
        self.stdout.write(said)
