"""Whether just this program prepared just this database: a start then changes nothing and takes seconds less."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection

from aims import privileges

# The note hangs at what every migration makes anew (`aims.projections`): one that is broken off leaves none.
_NOTE = "SELECT obj_description(to_regnamespace('asof'))"
# A restored database has another number, and none of its grants.
_DATABASE = """
    SELECT d.oid, (SELECT count(*) FROM django_migrations), (SELECT max(id) FROM django_migrations)
    FROM pg_database d WHERE d.datname = current_database()
"""


def stands() -> bool:
    """Whether nothing changed since `note`: neither the program's files, nor the database, nor its roles."""
    with privileges.as_owner(), connection.cursor() as cursor:
        cursor.execute(_NOTE)
        (found,) = cursor.fetchone()
        return found is not None and found == _digest()


def note() -> None:
    """Remember that everything is as this program wants it."""
    with privileges.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON SCHEMA asof IS '{_digest()}'")


def _digest() -> str:
    digest = hashlib.sha256()
    for app in ("aims", *settings.AIMS_APPS):
        for path in sorted((settings.BASE_DIR / app).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(_told(path))
    digest.update(_told(settings.BASE_DIR / "requirements.lock"))
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        digest.update(f"{cursor.fetchone()} {settings.DATABASE_OWNER['USER']} {settings.DATABASE_APP['USER']}".encode())
    return digest.hexdigest()


def _told(path: Path) -> bytes:
    known = path.stat()
    return f"{path} {known.st_size} {known.st_mtime_ns}\n".encode()
