import aims.trail
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aims", "0003_records_people")]
    operations = [
        migrations.CreateModel(
            name="Today",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("unit_id", models.BigIntegerField()),
                ("owner_id", models.BigIntegerField(null=True)),
                ("confidentiality", models.CharField(max_length=12)),
                ("anchor_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=32)),
            ],
            options={"db_table": "aims_today", "managed": False},
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=63)),
                ("label", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("xid", aims.trail.TransactionIdField()),
                ("context", models.JSONField(null=True)),
            ],
            options={"db_table": 'trail"."activity', "managed": False},
        ),
    ]
