"""Statements that came before scopes belong to one scope of the whole organization."""

from typing import Any

from django.db import migrations


def gather(apps: Any, schema_editor: Any) -> None:
    statements = apps.get_model("controls", "ControlStatement")
    if not statements.objects.exists():
        return
    root = apps.get_model("organization", "Unit").objects.get(parent=None)
    first = statements.objects.filter(owner__isnull=False).order_by("pk").first()
    owner = first.owner_id if first else apps.get_model("organization", "User").objects.order_by("pk").first().pk
    scope = apps.get_model("controls", "AimsScope").objects.create(
        title=f"AI management system of {root.name}"[:200], unit=root, owner_id=owner, state="in_use"
    )
    statements.objects.update(scope=scope)


class Migration(migrations.Migration):
    dependencies = [("controls", "0002_scopes_and_versions")]

    operations = [migrations.RunPython(gather, migrations.RunPython.noop)]
