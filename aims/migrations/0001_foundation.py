"""Functions, sequences and the installation's mark: what every table builds on."""

import uuid

from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

# A real installation has one clock, the database's; demo and test ones may be told another moment.
REAL_CLOCK = "SELECT clock_timestamp()"
TOLD_CLOCK = "SELECT COALESCE(NULLIF(current_setting('aims.clock', true), '')::timestamptz, clock_timestamp())"

FUNCTIONS = """
CREATE SEQUENCE aims_record_key;

CREATE FUNCTION aims_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ {clock} $$;

CREATE FUNCTION aims_reference(prefix text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    number text;
BEGIN
    IF prefix !~ '^[A-Z]{{2,4}}$' THEN
        RAISE EXCEPTION 'bad reference prefix %', prefix;
    END IF;
    BEGIN
        number := nextval('aims_ref_' || lower(prefix));
    EXCEPTION WHEN undefined_table THEN
        PERFORM pg_advisory_xact_lock(hashtext('aims_ref_' || prefix));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', 'aims_ref_' || lower(prefix));
        number := nextval('aims_ref_' || lower(prefix));
    END;
    RETURN prefix || '-' || lpad(number, greatest(4, length(number)), '0');
END $$;
"""


def install(apps, schema_editor):
    clock = REAL_CLOCK if settings.INSTALLATION_KIND == "real" else TOLD_CLOCK
    schema_editor.execute(FUNCTIONS.format(clock=clock), params=None)


def mark(apps, schema_editor):
    apps.get_model("aims", "Installation").objects.create(
        id=uuid.uuid4(), kind=settings.INSTALLATION_KIND, created_at=timezone.now()
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
