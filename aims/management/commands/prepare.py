"""Bring the database to this version: migrate, grant, load catalogues, and in a new demo the demo organization."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from aims import demo, prepared, privileges
from aims.models import Installation
from aims.registry import registry

ONE_ROLE = (
    "Warning: one database role migrates and runs, so the database itself cannot refuse changes of the trail. "
    "Set DATABASE_OWNER_URL to the owner's address and DATABASE_URL to another role's."
)


class Command(BaseCommand):
    help = "Migrate, grant, load catalogues; in a new demo load the demo organization; gather static files."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-ins", type=Path, help="write the demo's sign-ins to this file, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stands = prepared.stands()
            if not stands:
                self._migrate()
        except OperationalError as error:
            raise CommandError(f"The database of DATABASE_URL cannot be reached: {error}") from error
        if not privileges.separate():
            self.stderr.write(ONE_ROLE)
        self._same_kind()
        if not stands:
            self._load_catalogues()
        self._demo()
        self._static()
        if options["sign_ins"]:
            self._tell(options["sign_ins"])

    def _migrate(self) -> None:
        with privileges.as_owner():
            call_command("migrate", interactive=False, verbosity=0)
            if privileges.separate():
                privileges.grant()

    def _load_catalogues(self) -> None:
        for step in registry.setup_steps:
            step()
        prepared.note()

    def _same_kind(self) -> None:
        kind = Installation.objects.get().kind
        if kind != settings.INSTALLATION_KIND:
            raise CommandError(
                f"AIMS_KIND is {settings.INSTALLATION_KIND!r} but this database was made as {kind!r} and stays so. "
                "Set AIMS_KIND or DATABASE_URL accordingly."
            )

    def _demo(self) -> None:
        """All or nothing: a demo broken off half way is not there at the next start."""
        if settings.INSTALLATION_KIND != "demo" or get_user_model().objects.exists():
            return
        self.stdout.write("Loading the demo organization…")
        self.stdout.flush()
        with transaction.atomic():
            demo.load(timezone.localdate())
        with privileges.as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _static(self) -> None:
        """Gather static files when one changed since the last time. An image brings them, read-only."""
        root = Path(settings.STATIC_ROOT)
        stamp, given = root / ".gathered", root.exists() and not os.access(root, os.W_OK)
        if settings.DEBUG or given:
            return
        seen = _fingerprint()
        if stamp.exists() and stamp.read_text() == seen:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(seen)

    def _tell(self, file: Path) -> None:
        rows = [list(map(str, row)) for gather in registry.sign_ins for row in gather()]
        file.touch(mode=0o600)
        file.write_text(json.dumps(rows))


def _fingerprint() -> str:
    """A digest of names, sizes and times of all static files."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            known = Path(storage.path(path)).stat()
            digest.update(f"{path} {known.st_size} {known.st_mtime_ns}\n".encode())
    return digest.hexdigest()
