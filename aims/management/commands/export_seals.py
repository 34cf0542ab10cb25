"""Seals as JSON lines, to be kept where nobody of this installation can change them."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from aims import seals


class Command(BaseCommand):
    help = "Write seals as JSON lines to standard output."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--after", type=int, default=0, help="only seals with a higher number")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in seals.exported(options["after"]):
            self.stdout.write(line)
