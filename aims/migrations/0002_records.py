
import aims.db
import aims.trail
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aims', '0001_foundation'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('route', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('body', models.JSONField(null=True)),
                ('headers', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('task', models.CharField(max_length=100)),
                ('arguments', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('error', models.TextField(blank=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('cancel', models.BooleanField(default=False)),
                ('result_digest', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now())),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=63)),
                ('event_id', models.BigIntegerField()),
                ('hash', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference(''), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('state', models.CharField(editable=False, max_length=32, verbose_name='State')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('kind', models.CharField(max_length=32)),
                ('anchor_id', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(blank=True, max_length=2000)),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('peaks', models.JSONField()),
                ('horizon', aims.trail.TransactionIdField()),
                ('sealed_at', models.DateTimeField()),
                ('signature', models.CharField(max_length=128)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='SealKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public', models.CharField(max_length=64, unique=True)),
                ('vouched', models.CharField(blank=True, max_length=128)),
                ('introduced_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'))),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='installation',
            trigger=pgtrigger.compiler.Trigger(name='sealed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete or insert rows from % table', TG_TABLE_NAME;", hash='221265fc8d040f4364491fafcfab3f7d56af42ff', operation='UPDATE OR DELETE OR INSERT', pgid='pgtrigger_sealed_6e629', table='aims_installation', when='BEFORE')),
        ),
    ]
