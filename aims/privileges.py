"""Two database roles: the owner migrates, the application runs and owns nothing.

The application's role may not change or remove what is append-only, whatever its code does. Clause 7.5.3.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from psycopg import sql

LOGIN = ("USER", "PASSWORD", "HOST", "PORT")


def separate() -> bool:
    """Whether owner and application are different roles, as they should be."""
    return bool(settings.DATABASE_OWNER["USER"] != settings.DATABASE_APP["USER"])


@contextmanager
def as_owner() -> Iterator[None]:
    """Speak to the same database as its owner. Without a separate owner nothing changes."""
    if not separate() or connection.settings_dict["USER"] == settings.DATABASE_OWNER["USER"]:
        yield
        return
    before = {key: connection.settings_dict[key] for key in LOGIN}
    connection.close()
    connection.settings_dict.update({key: settings.DATABASE_OWNER[key] for key in LOGIN})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def append_only_tables() -> list[str]:
    """Tables whose rows nobody changes: events and seals, known by the trigger that refuses it."""
    return sorted(model._meta.db_table for model in apps.get_models() if _append_only(model))


def _append_only(model: type[Model]) -> bool:
    return any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", []))


def ensure_role() -> None:
    """Create the application's role with the password of its address, where the owner may."""
    name, password = settings.DATABASE_APP["USER"], settings.DATABASE_APP["PASSWORD"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if not cursor.fetchone():
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
            cursor.execute(create)


def grant() -> None:
    """Give the application's role what it needs and take what it must not have. Run as the owner, after migrating."""
    quote = connection.ops.quote_name
    name = quote(settings.DATABASE_APP["USER"])
    ensure_role()
    statements = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(table)} FROM {name}" for table in append_only_tables()),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
