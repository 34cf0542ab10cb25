"""Django's migrate, as the database's owner; then the projections (sealing, as-of) are made anew from the models."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from aims import migrating, privileges, projections


class Command(Migrate):
    """Everything Django's command takes. Projections follow only when all apps were migrated forward."""

    def handle(self, *args: Any, **options: Any) -> None:
        with privileges.as_owner():
            with migrating.in_batches():
                super().handle(*args, **options)
            if not options["app_label"] and not options["plan"] and not options["check_unapplied"]:
                projections.install()
