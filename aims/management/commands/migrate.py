"""Django's migrate, as the database's owner; then the projections (sealing, as-of) are made anew from the models."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from aims import counters, migrating, privileges, projections


class Command(Migrate):
    """Everything Django's command takes. Projections follow only when all apps were migrated forward."""

    def handle(self, *args: Any, **options: Any) -> None:
        whole = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        with privileges.as_owner():
            if whole:
                with connection.cursor() as cursor:
                    counters.uninstall(cursor)
            with migrating.in_batches():
                super().handle(*args, **options)
            if whole:
                projections.install()
