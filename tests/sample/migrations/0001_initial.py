"""Made from the models as they are: nobody has to remake it when the kernel's triggers change."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.commands.makemigrations import MigrationAutodetector
from django.db import migrations
from django.db.migrations.state import ProjectState


def last(app: str) -> tuple[str, str]:
    """The app's newest migration."""
    found = sorted(path.stem for path in (Path(settings.BASE_DIR) / app / "migrations").glob("0*.py"))
    return app, found[-1]


def made() -> list[migrations.operations.base.Operation]:
    """The operations that bring a project without samples to one with them."""
    after = ProjectState.from_apps(apps)
    before = ProjectState({key: model for key, model in after.models.items() if key[0] != "sample"})
    found = MigrationAutodetector(before.clone(), after)._detect_changes(convert_apps={"sample"}, graph=None)
    return [operation for migration in found["sample"] for operation in migration.operations]


class Migration(migrations.Migration):
    initial = True
    dependencies = [last("aims"), last("organization")]
    operations = made()
