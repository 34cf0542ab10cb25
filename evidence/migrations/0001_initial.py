
import aims.db
import aims.trail
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('aims', '0006_due'),
        ('organization', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlobEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('pgh_salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), editable=False, null=True)),
                ('pgh_redacted', models.JSONField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('sha256', models.CharField(max_length=64, null=True, serialize=False, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(null=True, verbose_name='Size')),
                ('stored_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Chapter',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('pages', models.PositiveIntegerField()),
                ('used_at', models.DateTimeField(db_default=aims.db.Now())),
            ],
        ),
        migrations.CreateModel(
            name='EvidenceItem',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference('EVD'), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('form', models.CharField(choices=[('file', 'File'), ('link', 'Link'), ('result', 'Measured result')], editable=False, max_length=8, verbose_name='Kind')),
                ('state', models.CharField(choices=[('current', 'Current'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='current', editable=False, max_length=32, verbose_name='State')),
                ('proves', models.TextField(max_length=2000, verbose_name='What it proves')),
                ('method', models.TextField(blank=True, max_length=2000, verbose_name='How it was collected')),
                ('population', models.TextField(blank=True, max_length=2000, verbose_name='Population or sample')),
                ('period_from', models.DateField(blank=True, null=True, verbose_name='Period from')),
                ('period_to', models.DateField(blank=True, null=True, verbose_name='Period to')),
                ('collected_on', models.DateField(blank=True, null=True, verbose_name='Collected on, as claimed')),
                ('received_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Received')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='Valid until')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=160, verbose_name='File name')),
                ('media_type', models.CharField(blank=True, editable=False, max_length=100, verbose_name='Type')),
                ('url', models.URLField(blank=True, max_length=1000, verbose_name='Address')),
                ('result', models.JSONField(blank=True, editable=False, null=True, verbose_name='Result')),
                ('passed', models.BooleanField(blank=True, editable=False, null=True, verbose_name='Threshold met')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='EvidenceItemEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('pgh_salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), editable=False, null=True)),
                ('pgh_redacted', models.JSONField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField(null=True)),
                ('ref', models.CharField(editable=False, max_length=24, null=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, null=True, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], max_length=12, null=True, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('created_at', models.DateTimeField(editable=False, null=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(editable=False, null=True, verbose_name='Changed')),
                ('form', models.CharField(choices=[('file', 'File'), ('link', 'Link'), ('result', 'Measured result')], editable=False, max_length=8, null=True, verbose_name='Kind')),
                ('state', models.CharField(choices=[('current', 'Current'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], editable=False, max_length=32, null=True, verbose_name='State')),
                ('proves', models.TextField(max_length=2000, null=True, verbose_name='What it proves')),
                ('method', models.TextField(blank=True, max_length=2000, null=True, verbose_name='How it was collected')),
                ('population', models.TextField(blank=True, max_length=2000, null=True, verbose_name='Population or sample')),
                ('period_from', models.DateField(blank=True, null=True, verbose_name='Period from')),
                ('period_to', models.DateField(blank=True, null=True, verbose_name='Period to')),
                ('collected_on', models.DateField(blank=True, null=True, verbose_name='Collected on, as claimed')),
                ('received_at', models.DateTimeField(editable=False, null=True, verbose_name='Received')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='Valid until')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=160, null=True, verbose_name='File name')),
                ('media_type', models.CharField(blank=True, editable=False, max_length=100, null=True, verbose_name='Type')),
                ('url', models.URLField(blank=True, max_length=1000, null=True, verbose_name='Address')),
                ('result', models.JSONField(blank=True, editable=False, null=True, verbose_name='Result')),
                ('passed', models.BooleanField(blank=True, editable=False, null=True, verbose_name='Threshold met')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EvidenceLink',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('proves', models.TextField(blank=True, max_length=2000, verbose_name='What it proves here')),
            ],
            options={
                'verbose_name': 'link to a record',
            },
        ),
        migrations.CreateModel(
            name='EvidenceLinkEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('pgh_salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), editable=False, null=True)),
                ('pgh_redacted', models.JSONField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField(null=True)),
                ('proves', models.TextField(blank=True, max_length=2000, null=True, verbose_name='What it proves here')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EvidencePack',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference('PCK'), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('state', models.CharField(choices=[('asked', 'Waiting'), ('rendering', 'Being built'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='asked', editable=False, max_length=32, verbose_name='State')),
                ('at', models.DateTimeField(editable=False, verbose_name='Moment')),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German')], default='en', max_length=8, verbose_name='Language')),
                ('time_zone', models.CharField(default='UTC', editable=False, max_length=40)),
                ('pages', models.PositiveIntegerField(editable=False, null=True, verbose_name='Pages')),
                ('failure', models.TextField(blank=True, editable=False, verbose_name='Why it failed')),
            ],
            options={
                'verbose_name': 'evidence pack',
                'verbose_name_plural': 'evidence packs',
            },
        ),
        migrations.CreateModel(
            name='EvidencePackEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('pgh_salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), editable=False, null=True)),
                ('pgh_redacted', models.JSONField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField(null=True)),
                ('ref', models.CharField(editable=False, max_length=24, null=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, null=True, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], max_length=12, null=True, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('created_at', models.DateTimeField(editable=False, null=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(editable=False, null=True, verbose_name='Changed')),
                ('state', models.CharField(choices=[('asked', 'Waiting'), ('rendering', 'Being built'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], editable=False, max_length=32, null=True, verbose_name='State')),
                ('at', models.DateTimeField(editable=False, null=True, verbose_name='Moment')),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German')], max_length=8, null=True, verbose_name='Language')),
                ('time_zone', models.CharField(editable=False, max_length=40, null=True)),
                ('pages', models.PositiveIntegerField(editable=False, null=True, verbose_name='Pages')),
                ('failure', models.TextField(blank=True, editable=False, null=True, verbose_name='Why it failed')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PackSystem',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'system in scope',
            },
        ),
        migrations.CreateModel(
            name='PackSystemEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.BigAutoField(primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('pgh_salt', models.UUIDField(db_default=models.Func(function='gen_random_uuid'), editable=False, null=True)),
                ('pgh_redacted', models.JSONField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(verbose_name='Size')),
                ('stored_at', models.DateTimeField(db_default=aims.db.Now(), editable=False)),
            ],
            options={
                'verbose_name': 'stored file',
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='blob_digest')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_blobevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "stored_at") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."sha256", NEW."sha256", NEW."size", NEW."stored_at"); RETURN NULL;', hash='ecf5f03e6182eb110715af2362a972d8bcadddb2', operation='INSERT', pgid='pgtrigger_insert_insert_e12a7', table='evidence_blob', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_blobevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "stored_at") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."sha256", NEW."sha256", NEW."size", NEW."stored_at"); RETURN NULL;', hash='3004b363af56bb774316c5fb5e7004598963dc4e', operation='UPDATE', pgid='pgtrigger_update_update_bac29', table='evidence_blob', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='blob',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_blobevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size", "stored_at") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."sha256", OLD."sha256", OLD."size", OLD."stored_at"); RETURN NULL;', hash='2ffcc46914a58ed8bd6fef971196c39fbb05d1b1', operation='DELETE', pgid='pgtrigger_delete_delete_8852d', table='evidence_blob', when='AFTER')),
        ),
        migrations.AddField(
            model_name='blobevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.blob'),
        ),
        migrations.AddField(
            model_name='chapter',
            name='blob',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.blob'),
        ),
        migrations.AddField(
            model_name='evidenceitem',
            name='blob',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.blob', verbose_name='Content'),
        ),
        migrations.AddField(
            model_name='evidenceitem',
            name='collector',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Collected by'),
        ),
        migrations.AddField(
            model_name='evidenceitem',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner'),
        ),
        migrations.AddField(
            model_name='evidenceitem',
            name='supersedes',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='evidence.evidenceitem', verbose_name='Replaces'),
        ),
        migrations.AddField(
            model_name='evidenceitem',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='evidenceitemevent',
            name='blob',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.blob', verbose_name='Content'),
        ),
        migrations.AddField(
            model_name='evidenceitemevent',
            name='collector',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Collected by'),
        ),
        migrations.AddField(
            model_name='evidenceitemevent',
            name='owner',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner'),
        ),
        migrations.AddField(
            model_name='evidenceitemevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.evidenceitem'),
        ),
        migrations.AddField(
            model_name='evidenceitemevent',
            name='supersedes',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidenceitem', verbose_name='Replaces'),
        ),
        migrations.AddField(
            model_name='evidenceitemevent',
            name='unit',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='evidencelink',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='evidence.evidenceitem'),
        ),
        migrations.AddField(
            model_name='evidencelink',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='aims.record', verbose_name='Record'),
        ),
        migrations.AddField(
            model_name='evidencelinkevent',
            name='item',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidenceitem'),
        ),
        migrations.AddField(
            model_name='evidencelinkevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.evidencelink'),
        ),
        migrations.AddField(
            model_name='evidencelinkevent',
            name='record',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='aims.record', verbose_name='Record'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='asked_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Asked by'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='blob',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='evidence.blob', verbose_name='Content'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='job',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pack', to='aims.job'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='evidencepackevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Asked by'),
        ),
        migrations.AddField(
            model_name='evidencepackevent',
            name='blob',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.blob', verbose_name='Content'),
        ),
        migrations.AddField(
            model_name='evidencepackevent',
            name='job',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='aims.job'),
        ),
        migrations.AddField(
            model_name='evidencepackevent',
            name='owner',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner'),
        ),
        migrations.AddField(
            model_name='evidencepackevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.evidencepack'),
        ),
        migrations.AddField(
            model_name='evidencepackevent',
            name='unit',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='packsystem',
            name='pack',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scope', to='evidence.evidencepack'),
        ),
        migrations.AddField(
            model_name='packsystem',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='aims.record', verbose_name='AI system'),
        ),
        migrations.AddField(
            model_name='packsystemevent',
            name='pack',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.evidencepack'),
        ),
        migrations.AddField(
            model_name='packsystemevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evidence.packsystem'),
        ),
        migrations.AddField(
            model_name='packsystemevent',
            name='record',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='aims.record', verbose_name='AI system'),
        ),
        migrations.AddIndex(
            model_name='blobevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='evidence_blob_trail'),
        ),
        migrations.AddIndex(
            model_name='blobevent',
            index=models.Index(fields=['xid'], name='evidence_blob_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='blobevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='0e9c951db6260e7f829e69141854ad664cc62f32', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9661c', table='evidence_blobevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='blobevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='6548e9aa6261d64562fbc83c6bd83b81d36c0126', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f7217', table='evidence_blobevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='chapter',
            index=models.Index(fields=['used_at'], name='chapter_used'),
        ),
        migrations.AddIndex(
            model_name='evidenceitem',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='evidence_unit'),
        ),
        migrations.AddIndex(
            model_name='evidenceitem',
            index=models.Index(fields=['owner'], name='evidence_owner'),
        ),
        migrations.AddIndex(
            model_name='evidenceitem',
            index=models.Index(condition=models.Q(('state', 'current')), fields=['expires_on'], name='evidence_expires'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('blob__isnull', False), ('form', 'file'), ('passed', None), ('result', None), ('url', ''), models.Q(('file_name', ''), _negated=True), models.Q(('media_type', ''), _negated=True)), models.Q(('blob', None), ('file_name', ''), ('form', 'link'), ('media_type', ''), ('passed', None), ('result', None), models.Q(('url', ''), _negated=True)), models.Q(('blob', None), ('file_name', ''), ('form', 'result'), ('media_type', ''), ('passed__isnull', False), ('url', ''), ('result__isnull', False)), _connector='OR'), name='evidence_form_has_its_fields'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['current', 'superseded', 'withdrawn'])), name='evidence_state_known'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(('proves', ''), _negated=True), name='evidence_says_what_it_proves', violation_error_message='Say what it proves.'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(('period_from', None), ('period_to', None), ('period_to__gte', models.F('period_from')), _connector='OR'), name='evidence_period', violation_error_message='The period ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(('url', ''), ('url__iregex', '^https?://[^\\s]+$'), _connector='OR'), name='evidence_url_is_http'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(('supersedes', None), models.Q(('supersedes', models.F('id')), _negated=True), _connector='OR'), name='evidence_not_own_successor'),
        ),
        migrations.AddConstraint(
            model_name='evidenceitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on', models.F('expires_on')), ('due_on__isnull', False), ('expires_on__isnull', False), ('state', 'current')), models.Q(('due_on', None), ('expires_on', None), ('state', 'current')), models.Q(models.Q(('state', 'current'), _negated=True), ('due_on', None)), _connector='OR'), name='evidence_due_when_it_expires'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;", hash='38d0fe1f293847b814beb2b0b64ec3c5431e38ad', operation='UPDATE', pgid='pgtrigger_version_44aeb', table='evidence_evidenceitem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='spine_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO aims_record (id, kind, created_at, anchor_id, ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at) VALUES (NEW.id, 'evidence', NEW.created_at, NULL, NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at); RETURN NULL;", hash='3a3df6f14f136f0b7feae49149d9fbfd2cb80e7d', operation='INSERT', pgid='pgtrigger_spine_insert_8adb4', table='evidence_evidenceitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='spine_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE aims_record SET (ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at, anchor_id) = (NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at, NULL) WHERE id = NEW.id; RETURN NULL;', hash='a720d771f082a19f524c120a554738a709370b7a', operation='UPDATE', pgid='pgtrigger_spine_update_ab12e', table='evidence_evidenceitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='spine_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;', hash='90f3cac6399beaaf54cc35ed1054fdab3bf810b0', operation='DELETE', pgid='pgtrigger_spine_delete_71052', table='evidence_evidenceitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidenceitemevent" ("blob_id", "collected_on", "collector_id", "confidentiality", "created_at", "due_on", "expires_on", "file_name", "form", "id", "media_type", "method", "owner_id", "passed", "period_from", "period_to", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "proves", "received_at", "ref", "result", "state", "supersedes_id", "title", "unit_id", "updated_at", "url", "version") VALUES (NEW."blob_id", NEW."collected_on", NEW."collector_id", NEW."confidentiality", NEW."created_at", NEW."due_on", NEW."expires_on", NEW."file_name", NEW."form", NEW."id", NEW."media_type", NEW."method", NEW."owner_id", NEW."passed", NEW."period_from", NEW."period_to", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."population", NEW."proves", NEW."received_at", NEW."ref", NEW."result", NEW."state", NEW."supersedes_id", NEW."title", NEW."unit_id", NEW."updated_at", NEW."url", NEW."version"); RETURN NULL;', hash='bf273042075363a4059a51b7607c7dcefdc7738a', operation='INSERT', pgid='pgtrigger_insert_insert_6ea71', table='evidence_evidenceitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."blob_id" IS DISTINCT FROM (NEW."blob_id") OR OLD."collected_on" IS DISTINCT FROM (NEW."collected_on") OR OLD."collector_id" IS DISTINCT FROM (NEW."collector_id") OR OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."file_name" IS DISTINCT FROM (NEW."file_name") OR OLD."form" IS DISTINCT FROM (NEW."form") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."media_type" IS DISTINCT FROM (NEW."media_type") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."passed" IS DISTINCT FROM (NEW."passed") OR OLD."period_from" IS DISTINCT FROM (NEW."period_from") OR OLD."period_to" IS DISTINCT FROM (NEW."period_to") OR OLD."population" IS DISTINCT FROM (NEW."population") OR OLD."proves" IS DISTINCT FROM (NEW."proves") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."ref" IS DISTINCT FROM (NEW."ref") OR OLD."result" IS DISTINCT FROM (NEW."result") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."supersedes_id" IS DISTINCT FROM (NEW."supersedes_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."url" IS DISTINCT FROM (NEW."url"))', func='INSERT INTO "evidence_evidenceitemevent" ("blob_id", "collected_on", "collector_id", "confidentiality", "created_at", "due_on", "expires_on", "file_name", "form", "id", "media_type", "method", "owner_id", "passed", "period_from", "period_to", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "proves", "received_at", "ref", "result", "state", "supersedes_id", "title", "unit_id", "updated_at", "url", "version") VALUES (NEW."blob_id", NEW."collected_on", NEW."collector_id", NEW."confidentiality", NEW."created_at", NEW."due_on", NEW."expires_on", NEW."file_name", NEW."form", NEW."id", NEW."media_type", NEW."method", NEW."owner_id", NEW."passed", NEW."period_from", NEW."period_to", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."population", NEW."proves", NEW."received_at", NEW."ref", NEW."result", NEW."state", NEW."supersedes_id", NEW."title", NEW."unit_id", NEW."updated_at", NEW."url", NEW."version"); RETURN NULL;', hash='5499b30bb36e5033aa784214f489caa1dbdb5639', operation='UPDATE', pgid='pgtrigger_update_update_f8e38', table='evidence_evidenceitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidenceitemevent" ("blob_id", "collected_on", "collector_id", "confidentiality", "created_at", "due_on", "expires_on", "file_name", "form", "id", "media_type", "method", "owner_id", "passed", "period_from", "period_to", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "proves", "received_at", "ref", "result", "state", "supersedes_id", "title", "unit_id", "updated_at", "url", "version") VALUES (OLD."blob_id", OLD."collected_on", OLD."collector_id", OLD."confidentiality", OLD."created_at", OLD."due_on", OLD."expires_on", OLD."file_name", OLD."form", OLD."id", OLD."media_type", OLD."method", OLD."owner_id", OLD."passed", OLD."period_from", OLD."period_to", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."population", OLD."proves", OLD."received_at", OLD."ref", OLD."result", OLD."state", OLD."supersedes_id", OLD."title", OLD."unit_id", OLD."updated_at", OLD."url", OLD."version"); RETURN NULL;', hash='adb0317f40832e85d5938bf06de91573424b9409', operation='DELETE', pgid='pgtrigger_delete_delete_f6564', table='evidence_evidenceitem', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='evidenceitemevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='evidence_evidenceite_trail'),
        ),
        migrations.AddIndex(
            model_name='evidenceitemevent',
            index=models.Index(fields=['xid'], name='evidence_evidenceite_xid'),
        ),
        migrations.AddIndex(
            model_name='evidenceitemevent',
            index=models.Index(fields=['-updated_at', '-id'], name='evidence_evidenceite_asof'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='ca5bbee8c0156a46221601951679052d7c36e348', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_62b0e', table='evidence_evidenceitemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceitemevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='1fbcf1d4867a7a4ea4b02a34b9a97b0d4e1de293', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_3d814', table='evidence_evidenceitemevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='evidencelink',
            constraint=models.UniqueConstraint(fields=('item', 'record'), name='evidence_link_once', violation_error_message='It is linked to this record already.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelink',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE evidence_evidenceitem SET version = version WHERE id IN (OLD.item_id, NEW.item_id); RETURN NULL;', hash='40c1ddece9c2e76fd5dc2bbb8e5957c3bb18d9c1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_091f2', table='evidence_evidencelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidencelinkevent" ("id", "item_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proves", "record_id") VALUES (NEW."id", NEW."item_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."proves", NEW."record_id"); RETURN NULL;', hash='1eca502c1c7be071124c0de8cf6c675af00cc9de', operation='INSERT', pgid='pgtrigger_insert_insert_82ae9', table='evidence_evidencelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_evidencelinkevent" ("id", "item_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proves", "record_id") VALUES (NEW."id", NEW."item_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."proves", NEW."record_id"); RETURN NULL;', hash='38a4071c4b7ec29e74635e28e10c108275098111', operation='UPDATE', pgid='pgtrigger_update_update_d6e2f', table='evidence_evidencelink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelink',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidencelinkevent" ("id", "item_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proves", "record_id") VALUES (OLD."id", OLD."item_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."proves", OLD."record_id"); RETURN NULL;', hash='4aaaff044d1f01458a821b3aa3139021d302363c', operation='DELETE', pgid='pgtrigger_delete_delete_a8959', table='evidence_evidencelink', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='evidencelinkevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='evidence_evidencelin_trail'),
        ),
        migrations.AddIndex(
            model_name='evidencelinkevent',
            index=models.Index(fields=['xid'], name='evidence_evidencelin_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelinkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='2bef86103c60838a8e3de9d483f46ea1894d17cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e67e5', table='evidence_evidencelinkevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencelinkevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='1d19a5cf65c4bc0ea6d91719d02ef5f598927a48', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_70161', table='evidence_evidencelinkevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='evidencepack',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='pack_unit'),
        ),
        migrations.AddConstraint(
            model_name='evidencepack',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'rendering', 'ready', 'failed', 'cancelled'])), name='pack_state_known'),
        ),
        migrations.AddConstraint(
            model_name='evidencepack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('blob__isnull', False), ('pages__gt', 0), ('state', 'ready')), models.Q(models.Q(('state', 'ready'), _negated=True), ('blob', None), ('pages', None)), _connector='OR'), name='pack_ready_has_content'),
        ),
        migrations.AddConstraint(
            model_name='evidencepack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('failure', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('failure', '')), _connector='OR'), name='pack_failed_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='evidencepack',
            constraint=models.CheckConstraint(condition=models.Q(('confidentiality', 'restricted')), name='pack_restricted'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;", hash='fd4cdb2fae78d42f04d3cf888dbdb842aa5f875a', operation='UPDATE', pgid='pgtrigger_version_0f951', table='evidence_evidencepack', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='spine_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO aims_record (id, kind, created_at, anchor_id, ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at) VALUES (NEW.id, 'pack', NEW.created_at, NULL, NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at); RETURN NULL;", hash='7296055b841eb2bf4706c3c38fa7bec8f75ef7a3', operation='INSERT', pgid='pgtrigger_spine_insert_538e0', table='evidence_evidencepack', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='spine_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE aims_record SET (ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at, anchor_id) = (NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at, NULL) WHERE id = NEW.id; RETURN NULL;', hash='21b3c45977f0f07e1b79163019076b2fe1e6c2f1', operation='UPDATE', pgid='pgtrigger_spine_update_bab7a', table='evidence_evidencepack', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='spine_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;', hash='be8ee3d7972e2ed5dbd87d103a5857aedf39ea3b', operation='DELETE', pgid='pgtrigger_spine_delete_b91b1', table='evidence_evidencepack', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidencepackevent" ("asked_by_id", "at", "blob_id", "confidentiality", "created_at", "due_on", "failure", "id", "job_id", "language", "owner_id", "pages", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "state", "time_zone", "title", "unit_id", "updated_at", "version") VALUES (NEW."asked_by_id", NEW."at", NEW."blob_id", NEW."confidentiality", NEW."created_at", NEW."due_on", NEW."failure", NEW."id", NEW."job_id", NEW."language", NEW."owner_id", NEW."pages", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."ref", NEW."state", NEW."time_zone", NEW."title", NEW."unit_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='335526aa0d74b68584b97a1203ab225d2b05b8fd', operation='INSERT', pgid='pgtrigger_insert_insert_81908', table='evidence_evidencepack', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."blob_id" IS DISTINCT FROM (NEW."blob_id") OR OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."failure" IS DISTINCT FROM (NEW."failure") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."job_id" IS DISTINCT FROM (NEW."job_id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."pages" IS DISTINCT FROM (NEW."pages") OR OLD."ref" IS DISTINCT FROM (NEW."ref") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "evidence_evidencepackevent" ("asked_by_id", "at", "blob_id", "confidentiality", "created_at", "due_on", "failure", "id", "job_id", "language", "owner_id", "pages", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "state", "time_zone", "title", "unit_id", "updated_at", "version") VALUES (NEW."asked_by_id", NEW."at", NEW."blob_id", NEW."confidentiality", NEW."created_at", NEW."due_on", NEW."failure", NEW."id", NEW."job_id", NEW."language", NEW."owner_id", NEW."pages", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."ref", NEW."state", NEW."time_zone", NEW."title", NEW."unit_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='dd8355bedae20261b65e9a9f0651a12d481942c8', operation='UPDATE', pgid='pgtrigger_update_update_5625e', table='evidence_evidencepack', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepack',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_evidencepackevent" ("asked_by_id", "at", "blob_id", "confidentiality", "created_at", "due_on", "failure", "id", "job_id", "language", "owner_id", "pages", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "state", "time_zone", "title", "unit_id", "updated_at", "version") VALUES (OLD."asked_by_id", OLD."at", OLD."blob_id", OLD."confidentiality", OLD."created_at", OLD."due_on", OLD."failure", OLD."id", OLD."job_id", OLD."language", OLD."owner_id", OLD."pages", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."ref", OLD."state", OLD."time_zone", OLD."title", OLD."unit_id", OLD."updated_at", OLD."version"); RETURN NULL;', hash='f806a8639a8c97530312c23f233913a1f7351711', operation='DELETE', pgid='pgtrigger_delete_delete_becb1', table='evidence_evidencepack', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='evidencepackevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='evidence_evidencepac_trail'),
        ),
        migrations.AddIndex(
            model_name='evidencepackevent',
            index=models.Index(fields=['xid'], name='evidence_evidencepac_xid'),
        ),
        migrations.AddIndex(
            model_name='evidencepackevent',
            index=models.Index(fields=['-updated_at', '-id'], name='evidence_evidencepac_asof'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepackevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='a1d02a0d53154f7971dd1dee96d0d5b511981fde', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f3063', table='evidence_evidencepackevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencepackevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='1e693d99331b02b52a5d44ecfc88671d270d27c3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c8427', table='evidence_evidencepackevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='packsystem',
            constraint=models.UniqueConstraint(fields=('pack', 'record'), name='pack_system_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packsystem',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE evidence_evidencepack SET version = version WHERE id IN (OLD.pack_id, NEW.pack_id); RETURN NULL;', hash='7f13441ad759c03ee2f556c635ef060fea2603ff', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_71ab3', table='evidence_packsystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packsystem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_packsystemevent" ("id", "pack_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id") VALUES (NEW."id", NEW."pack_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."record_id"); RETURN NULL;', hash='19c46aafc0a68958ca14e1df893117d4fe9b88b6', operation='INSERT', pgid='pgtrigger_insert_insert_c4f7e', table='evidence_packsystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packsystem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_packsystemevent" ("id", "pack_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id") VALUES (NEW."id", NEW."pack_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."record_id"); RETURN NULL;', hash='f5145237c0b9422f43df29ad256b5a92a0d23ac5', operation='UPDATE', pgid='pgtrigger_update_update_ea0ed', table='evidence_packsystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packsystem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_packsystemevent" ("id", "pack_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_id") VALUES (OLD."id", OLD."pack_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."record_id"); RETURN NULL;', hash='827bafa9b2926c68da290accfe1373b7b0532c04', operation='DELETE', pgid='pgtrigger_delete_delete_1d786', table='evidence_packsystem', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='packsystemevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='evidence_packsystem_trail'),
        ),
        migrations.AddIndex(
            model_name='packsystemevent',
            index=models.Index(fields=['xid'], name='evidence_packsystem_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packsystemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='380f6158ae81879c3cb13ecdf723bceb70fa9992', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d1bad', table='evidence_packsystemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='packsystemevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='5c5c3b2ccdad25c5027fdc305510edd994c513d8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_15a0d', table='evidence_packsystemevent', when='BEFORE')),
        ),
    ]
