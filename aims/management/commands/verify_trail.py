"""Verify the whole trail; exit status 1 when anything does not hold."""

import argparse
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand

from aims import verify
from aims.models import Leaf, Seal


class Command(BaseCommand):
    help = "Recompute events, seals and rows; name what was altered, added, removed or truncated."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--anchors", type=argparse.FileType("r"), help="exported seals (JSON lines) kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        findings = verify.verify(options["anchors"] or ())
        for finding in findings:
            self.stdout.write(f"{finding.sort.upper():10} {finding.sentence} {finding.ref}".rstrip())
        took = time.monotonic() - started
        last = Seal.objects.order_by("-number").first()
        sealed = f"{Leaf.objects.count()} sealed events, {last.number if last else 0} seals, {took:.1f} s"
        if findings:
            self.stdout.write(f"The trail does not hold: {len(findings)} findings ({sealed}).")
            sys.exit(1)
        self.stdout.write(f"The trail holds ({sealed}).")
