
import aims.db
import aims.trail
import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0001_initial'),
        ('organization', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, verbose_name='Clause')),
                ('title', models.CharField(max_length=200, verbose_name='Title')),
                ('position', models.PositiveSmallIntegerField()),
                ('heading', models.BooleanField(default=False, verbose_name='Heading only')),
                ('documented', models.CharField(blank=True, choices=[('maintain', 'Maintain'), ('retain', 'Retain')], max_length=8, verbose_name='Documented')),
                ('documented_mandatory', models.BooleanField(default=False, verbose_name='Must be documented')),
                ('documented_items', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='What to document')),
                ('checks', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='What is checked')),
                ('notes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='Notes')),
                ('crosswalk', models.JSONField(default=dict, verbose_name='Related in other frameworks')),
            ],
            options={
                'verbose_name': 'clause',
                'verbose_name_plural': 'clauses',
            },
        ),
        migrations.CreateModel(
            name='ControlGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, verbose_name='Number')),
                ('title', models.CharField(max_length=200, verbose_name='Title')),
                ('objective', models.TextField(verbose_name='Objective')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'control group',
                'verbose_name_plural': 'control groups',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Framework',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='Title')),
                ('edition', models.CharField(max_length=60, verbose_name='Edition')),
                ('data_version', models.CharField(max_length=20, verbose_name='Version of the data')),
                ('words', models.TextField(verbose_name='About the words')),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'framework',
                'verbose_name_plural': 'frameworks',
            },
        ),
        migrations.CreateModel(
            name='FrameworkEvent',
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
                ('key', models.CharField(max_length=40, null=True)),
                ('title', models.CharField(max_length=200, null=True, verbose_name='Title')),
                ('edition', models.CharField(max_length=60, null=True, verbose_name='Edition')),
                ('data_version', models.CharField(max_length=20, null=True, verbose_name='Version of the data')),
                ('words', models.TextField(null=True, verbose_name='About the words')),
                ('digest', models.CharField(max_length=64, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=16, verbose_name='Number')),
                ('text', models.TextField(verbose_name='What is asked')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'requirement',
                'verbose_name_plural': 'requirements',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='RequirementEvent',
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
                ('number', models.CharField(max_length=16, null=True, verbose_name='Number')),
                ('text', models.TextField(null=True, verbose_name='What is asked')),
                ('position', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StatementSystem',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'AI system it applies to',
                'verbose_name_plural': 'AI systems it applies to',
            },
        ),
        migrations.CreateModel(
            name='StatementSystemEvent',
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
            name='Control',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, verbose_name='Control')),
                ('title', models.CharField(max_length=200, verbose_name='Title')),
                ('subgroup', models.CharField(blank=True, max_length=12, verbose_name='Part of the group')),
                ('position', models.PositiveSmallIntegerField()),
                ('source', models.CharField(choices=[('annex_a', 'Annex A'), ('own', 'Own control')], default='annex_a', max_length=8, verbose_name='Source')),
                ('summary', models.TextField(verbose_name='In short')),
                ('documented', models.BooleanField(default=False, verbose_name='Asks for a document')),
                ('asks', models.TextField(verbose_name='What it asks')),
                ('consider', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='Worth considering')),
                ('evidence', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='Typical evidence')),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='Questions an auditor asks')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='Roles it concerns')),
                ('crosswalk', models.JSONField(default=dict, verbose_name='Related in other frameworks')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='controls', to='controls.controlgroup')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='controls', to='controls.framework')),
            ],
            options={
                'verbose_name': 'control',
                'verbose_name_plural': 'controls',
            },
        ),
        migrations.CreateModel(
            name='ControlStatement',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference('STM'), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('state', models.CharField(choices=[('undecided', 'Undecided'), ('not_started', 'Not started'), ('planned', 'Planned'), ('partial', 'Partly implemented'), ('implemented', 'Implemented'), ('excluded', 'Excluded')], default='undecided', editable=False, max_length=32, verbose_name='State')),
                ('applicability', models.CharField(choices=[('undecided', 'Undecided'), ('included', 'Included'), ('excluded', 'Excluded')], default='undecided', max_length=10, verbose_name='Applicability')),
                ('justification', models.TextField(blank=True, max_length=8000, verbose_name='Justification')),
                ('basis', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('risk', 'Risk'), ('law', 'Law or regulation'), ('contract', 'Contract'), ('objective', 'Objective'), ('practice', 'Good practice'), ('role', 'Role or scope')], max_length=12), blank=True, default=list, size=None, verbose_name='Basis')),
                ('implementation', models.TextField(blank=True, max_length=20000, verbose_name='How it is implemented')),
                ('procedure', models.CharField(blank=True, max_length=300, verbose_name='Procedure')),
                ('status', models.CharField(choices=[('not_started', 'Not started'), ('planned', 'Planned'), ('partial', 'Partly implemented'), ('implemented', 'Implemented'), ('not_applicable', 'Not applicable')], default='not_started', max_length=16, verbose_name='Status')),
                ('last_reviewed_on', models.DateField(blank=True, null=True, verbose_name='Last reviewed')),
                ('control', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='controls.control', verbose_name='Control')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'verbose_name': 'control statement',
                'verbose_name_plural': 'control statements',
            },
        ),
        migrations.CreateModel(
            name='ControlStatementEvent',
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
                ('state', models.CharField(choices=[('undecided', 'Undecided'), ('not_started', 'Not started'), ('planned', 'Planned'), ('partial', 'Partly implemented'), ('implemented', 'Implemented'), ('excluded', 'Excluded')], editable=False, max_length=32, null=True, verbose_name='State')),
                ('applicability', models.CharField(choices=[('undecided', 'Undecided'), ('included', 'Included'), ('excluded', 'Excluded')], max_length=10, null=True, verbose_name='Applicability')),
                ('justification', models.TextField(blank=True, max_length=8000, null=True, verbose_name='Justification')),
                ('basis', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('risk', 'Risk'), ('law', 'Law or regulation'), ('contract', 'Contract'), ('objective', 'Objective'), ('practice', 'Good practice'), ('role', 'Role or scope')], max_length=12), blank=True, null=True, size=None, verbose_name='Basis')),
                ('implementation', models.TextField(blank=True, max_length=20000, null=True, verbose_name='How it is implemented')),
                ('procedure', models.CharField(blank=True, max_length=300, null=True, verbose_name='Procedure')),
                ('status', models.CharField(choices=[('not_started', 'Not started'), ('planned', 'Planned'), ('partial', 'Partly implemented'), ('implemented', 'Implemented'), ('not_applicable', 'Not applicable')], max_length=16, null=True, verbose_name='Status')),
                ('last_reviewed_on', models.DateField(blank=True, null=True, verbose_name='Last reviewed')),
                ('control', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.control', verbose_name='Control')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.controlstatement')),
                ('unit', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ControlGroupEvent',
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
                ('number', models.CharField(max_length=12, null=True, verbose_name='Number')),
                ('title', models.CharField(max_length=200, null=True, verbose_name='Title')),
                ('objective', models.TextField(null=True, verbose_name='Objective')),
                ('position', models.PositiveSmallIntegerField(null=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.controlgroup')),
                ('framework', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.framework')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='controlgroup',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='controls.framework'),
        ),
        migrations.CreateModel(
            name='ControlEvent',
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
                ('number', models.CharField(max_length=24, null=True, verbose_name='Control')),
                ('title', models.CharField(max_length=200, null=True, verbose_name='Title')),
                ('subgroup', models.CharField(blank=True, max_length=12, null=True, verbose_name='Part of the group')),
                ('position', models.PositiveSmallIntegerField(null=True)),
                ('source', models.CharField(choices=[('annex_a', 'Annex A'), ('own', 'Own control')], max_length=8, null=True, verbose_name='Source')),
                ('summary', models.TextField(null=True, verbose_name='In short')),
                ('documented', models.BooleanField(null=True, verbose_name='Asks for a document')),
                ('asks', models.TextField(null=True, verbose_name='What it asks')),
                ('consider', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, null=True, size=None, verbose_name='Worth considering')),
                ('evidence', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, null=True, size=None, verbose_name='Typical evidence')),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, null=True, size=None, verbose_name='Questions an auditor asks')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, null=True, size=None, verbose_name='Roles it concerns')),
                ('crosswalk', models.JSONField(null=True, verbose_name='Related in other frameworks')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.control')),
                ('group', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.controlgroup')),
                ('framework', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.framework')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClauseEvent',
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
                ('number', models.CharField(max_length=12, null=True, verbose_name='Clause')),
                ('title', models.CharField(max_length=200, null=True, verbose_name='Title')),
                ('position', models.PositiveSmallIntegerField(null=True)),
                ('heading', models.BooleanField(null=True, verbose_name='Heading only')),
                ('documented', models.CharField(blank=True, choices=[('maintain', 'Maintain'), ('retain', 'Retain')], max_length=8, null=True, verbose_name='Documented')),
                ('documented_mandatory', models.BooleanField(null=True, verbose_name='Must be documented')),
                ('documented_items', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, null=True, size=None, verbose_name='What to document')),
                ('checks', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, null=True, size=None, verbose_name='What is checked')),
                ('notes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, null=True, size=None, verbose_name='Notes')),
                ('crosswalk', models.JSONField(null=True, verbose_name='Related in other frameworks')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.clause')),
                ('framework', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.framework')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='clause',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='controls.framework'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='framework',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_frameworkevent" ("data_version", "digest", "edition", "id", "key", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "words") VALUES (NEW."data_version", NEW."digest", NEW."edition", NEW."id", NEW."key", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."title", NEW."words"); RETURN NULL;', hash='93c0d65977cc743854cf8068bb87439fa39d195d', operation='INSERT', pgid='pgtrigger_insert_insert_5cbf0', table='controls_framework', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='framework',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "controls_frameworkevent" ("data_version", "digest", "edition", "id", "key", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "words") VALUES (NEW."data_version", NEW."digest", NEW."edition", NEW."id", NEW."key", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."title", NEW."words"); RETURN NULL;', hash='a62377b40f32ce986758ce40d0a5b3bf7cd260c0', operation='UPDATE', pgid='pgtrigger_update_update_6dce4', table='controls_framework', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='framework',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_frameworkevent" ("data_version", "digest", "edition", "id", "key", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "words") VALUES (OLD."data_version", OLD."digest", OLD."edition", OLD."id", OLD."key", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."title", OLD."words"); RETURN NULL;', hash='e7c1e56b90755caeccc47eb92a484489d0994e1c', operation='DELETE', pgid='pgtrigger_delete_delete_a13ab', table='controls_framework', when='AFTER')),
        ),
        migrations.AddField(
            model_name='frameworkevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.framework'),
        ),
        migrations.AddField(
            model_name='requirement',
            name='clause',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='controls.clause'),
        ),
        migrations.AddField(
            model_name='requirementevent',
            name='clause',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.clause'),
        ),
        migrations.AddField(
            model_name='requirementevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.requirement'),
        ),
        migrations.AddField(
            model_name='statementsystem',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reach', to='controls.controlstatement'),
        ),
        migrations.AddField(
            model_name='statementsystem',
            name='system',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='inventory.aisystem', verbose_name='AI system'),
        ),
        migrations.AddField(
            model_name='statementsystemevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='controls.statementsystem'),
        ),
        migrations.AddField(
            model_name='statementsystemevent',
            name='statement',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='controls.controlstatement'),
        ),
        migrations.AddField(
            model_name='statementsystemevent',
            name='system',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem', verbose_name='AI system'),
        ),
        migrations.AddIndex(
            model_name='controlstatement',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='statement_unit'),
        ),
        migrations.AddIndex(
            model_name='controlstatement',
            index=models.Index(fields=['owner'], name='statement_owner'),
        ),
        migrations.AddConstraint(
            model_name='controlstatement',
            constraint=models.UniqueConstraint(fields=('control', 'unit'), name='statement_once', violation_error_message='This unit has a statement about this control already.'),
        ),
        migrations.AddConstraint(
            model_name='controlstatement',
            constraint=models.CheckConstraint(condition=models.Q(('applicability', 'undecided'), ('justification__regex', '\\S'), _connector='OR'), name='statement_decided_is_justified', violation_error_message='Say why the control is included or excluded.'),
        ),
        migrations.AddConstraint(
            model_name='controlstatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applicability', 'excluded'), ('status', 'not_applicable')), models.Q(models.Q(('applicability', 'excluded'), _negated=True), models.Q(('status', 'not_applicable'), _negated=True)), _connector='OR'), name='statement_excluded_not_applicable', violation_error_message='Exactly the excluded controls are not applicable.'),
        ),
        migrations.AddConstraint(
            model_name='controlstatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'planned'), _negated=True), models.Q(('due_on__isnull', False), ('owner__isnull', False)), _connector='OR'), name='statement_planned_has_owner_and_date', violation_error_message='What is planned has an owner and a date.'),
        ),
        migrations.AddConstraint(
            model_name='controlstatement',
            constraint=models.CheckConstraint(condition=models.Q(('basis__contained_by', ['risk', 'law', 'contract', 'objective', 'practice', 'role'])), name='statement_basis_known'),
        ),
        migrations.AddConstraint(
            model_name='controlstatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applicability', 'undecided'), ('state', 'undecided')), models.Q(('applicability', 'excluded'), ('state', 'excluded')), models.Q(('applicability', 'included'), ('state', models.F('status'))), _connector='OR'), name='statement_state_follows'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;", hash='c89988920afa979f1eadc5e783feec5a3055b718', operation='UPDATE', pgid='pgtrigger_version_e2355', table='controls_controlstatement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='spine_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO aims_record (id, kind, created_at, anchor_id, ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at) VALUES (NEW.id, 'statement', NEW.created_at, NULL, NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at); RETURN NULL;", hash='e494883014b03d6eba213f18d4eedb5887e6acab', operation='INSERT', pgid='pgtrigger_spine_insert_652ad', table='controls_controlstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='spine_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE aims_record SET (ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at, anchor_id) = (NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at, NULL) WHERE id = NEW.id; RETURN NULL;', hash='e70117772749f3cca87b1cafcbb65c26c7d12351', operation='UPDATE', pgid='pgtrigger_spine_update_41b1f', table='controls_controlstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='spine_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;', hash='1f0972bd5876a20dfae614f7394b875d97972885', operation='DELETE', pgid='pgtrigger_spine_delete_a78d9', table='controls_controlstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_controlstatementevent" ("applicability", "basis", "confidentiality", "control_id", "created_at", "due_on", "id", "implementation", "justification", "last_reviewed_on", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure", "ref", "state", "status", "title", "unit_id", "updated_at", "version") VALUES (NEW."applicability", NEW."basis", NEW."confidentiality", NEW."control_id", NEW."created_at", NEW."due_on", NEW."id", NEW."implementation", NEW."justification", NEW."last_reviewed_on", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."procedure", NEW."ref", NEW."state", NEW."status", NEW."title", NEW."unit_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='113baadd4ac99dcbaf185350c045ff8d701cfe27', operation='INSERT', pgid='pgtrigger_insert_insert_f1685', table='controls_controlstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."applicability" IS DISTINCT FROM (NEW."applicability") OR OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."control_id" IS DISTINCT FROM (NEW."control_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."implementation" IS DISTINCT FROM (NEW."implementation") OR OLD."justification" IS DISTINCT FROM (NEW."justification") OR OLD."last_reviewed_on" IS DISTINCT FROM (NEW."last_reviewed_on") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."procedure" IS DISTINCT FROM (NEW."procedure") OR OLD."ref" IS DISTINCT FROM (NEW."ref") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "controls_controlstatementevent" ("applicability", "basis", "confidentiality", "control_id", "created_at", "due_on", "id", "implementation", "justification", "last_reviewed_on", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure", "ref", "state", "status", "title", "unit_id", "updated_at", "version") VALUES (NEW."applicability", NEW."basis", NEW."confidentiality", NEW."control_id", NEW."created_at", NEW."due_on", NEW."id", NEW."implementation", NEW."justification", NEW."last_reviewed_on", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."procedure", NEW."ref", NEW."state", NEW."status", NEW."title", NEW."unit_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='702fedd3221de01423998fb167cca9a095358aee', operation='UPDATE', pgid='pgtrigger_update_update_14661', table='controls_controlstatement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_controlstatementevent" ("applicability", "basis", "confidentiality", "control_id", "created_at", "due_on", "id", "implementation", "justification", "last_reviewed_on", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure", "ref", "state", "status", "title", "unit_id", "updated_at", "version") VALUES (OLD."applicability", OLD."basis", OLD."confidentiality", OLD."control_id", OLD."created_at", OLD."due_on", OLD."id", OLD."implementation", OLD."justification", OLD."last_reviewed_on", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."procedure", OLD."ref", OLD."state", OLD."status", OLD."title", OLD."unit_id", OLD."updated_at", OLD."version"); RETURN NULL;', hash='3aa65f35ff40269837926eab408ffd78952cc85c', operation='DELETE', pgid='pgtrigger_delete_delete_f8a14', table='controls_controlstatement', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='controlstatementevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_controlstat_trail'),
        ),
        migrations.AddIndex(
            model_name='controlstatementevent',
            index=models.Index(fields=['xid'], name='controls_controlstat_xid'),
        ),
        migrations.AddIndex(
            model_name='controlstatementevent',
            index=models.Index(fields=['-updated_at', '-id'], name='controls_controlstat_asof'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='96918621bae1f3427cbded2882363cf872ada900', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_77189', table='controls_controlstatementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlstatementevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='413efcdd618c80308801c60703bef2b03085fecd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_97745', table='controls_controlstatementevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='controlgroupevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_controlgrou_trail'),
        ),
        migrations.AddIndex(
            model_name='controlgroupevent',
            index=models.Index(fields=['xid'], name='controls_controlgrou_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlgroupevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='56f0242c5d7ab289ea788efb6ae17d3f4014317a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6249a', table='controls_controlgroupevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlgroupevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='f362e062d061b413f4ab186787aa4e14b963de52', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_1e8af', table='controls_controlgroupevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='controlgroup',
            constraint=models.UniqueConstraint(fields=('framework', 'number'), name='control_group_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlgroup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_controlgroupevent" ("framework_id", "id", "number", "objective", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."framework_id", NEW."id", NEW."number", NEW."objective", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."position", NEW."title"); RETURN NULL;', hash='73ceab1aa8c8d2bb3cb42229c6af3ff14f385f3c', operation='INSERT', pgid='pgtrigger_insert_insert_f0f09', table='controls_controlgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlgroup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "controls_controlgroupevent" ("framework_id", "id", "number", "objective", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."framework_id", NEW."id", NEW."number", NEW."objective", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."position", NEW."title"); RETURN NULL;', hash='ec1cda6d1f0360bac0274825c418913927df4934', operation='UPDATE', pgid='pgtrigger_update_update_a74fc', table='controls_controlgroup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlgroup',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_controlgroupevent" ("framework_id", "id", "number", "objective", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (OLD."framework_id", OLD."id", OLD."number", OLD."objective", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."position", OLD."title"); RETURN NULL;', hash='d033c62e12668db7fa806b4186b0ca04bc7191b1', operation='DELETE', pgid='pgtrigger_delete_delete_c6167', table='controls_controlgroup', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='controlevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_control_trail'),
        ),
        migrations.AddIndex(
            model_name='controlevent',
            index=models.Index(fields=['xid'], name='controls_control_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='82bff12ab00cb985cd6f20c554d3b3aed30b6105', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2e062', table='controls_controlevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='controlevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='cdbaf75bcd5360ea98fac74da90472075282cce0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_2ec15', table='controls_controlevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.UniqueConstraint(fields=('framework', 'number'), name='control_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='control',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_controlevent" ("asks", "consider", "crosswalk", "documented", "evidence", "framework_id", "group_id", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "questions", "roles", "source", "subgroup", "summary", "title") VALUES (NEW."asks", NEW."consider", NEW."crosswalk", NEW."documented", NEW."evidence", NEW."framework_id", NEW."group_id", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."position", NEW."questions", NEW."roles", NEW."source", NEW."subgroup", NEW."summary", NEW."title"); RETURN NULL;', hash='7e8ee3f0d7e8c9be73a49bde2d691e16511e965a', operation='INSERT', pgid='pgtrigger_insert_insert_74512', table='controls_control', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='control',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "controls_controlevent" ("asks", "consider", "crosswalk", "documented", "evidence", "framework_id", "group_id", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "questions", "roles", "source", "subgroup", "summary", "title") VALUES (NEW."asks", NEW."consider", NEW."crosswalk", NEW."documented", NEW."evidence", NEW."framework_id", NEW."group_id", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."position", NEW."questions", NEW."roles", NEW."source", NEW."subgroup", NEW."summary", NEW."title"); RETURN NULL;', hash='6dde400ae56b9a3157b52fc3d6567cb33eeba95e', operation='UPDATE', pgid='pgtrigger_update_update_3f43e', table='controls_control', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='control',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_controlevent" ("asks", "consider", "crosswalk", "documented", "evidence", "framework_id", "group_id", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "questions", "roles", "source", "subgroup", "summary", "title") VALUES (OLD."asks", OLD."consider", OLD."crosswalk", OLD."documented", OLD."evidence", OLD."framework_id", OLD."group_id", OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."position", OLD."questions", OLD."roles", OLD."source", OLD."subgroup", OLD."summary", OLD."title"); RETURN NULL;', hash='343c499db1a3c3afbdc943f023f0b94dc87c844c', operation='DELETE', pgid='pgtrigger_delete_delete_689b7', table='controls_control', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='clauseevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_clause_trail'),
        ),
        migrations.AddIndex(
            model_name='clauseevent',
            index=models.Index(fields=['xid'], name='controls_clause_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clauseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='93c882c2c165337a05ef333ec9ce2893afb5bdaf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_984a8', table='controls_clauseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clauseevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='b2b3a19260c2d8fc7e858f25ed6351bf6f75be20', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_6bd3c', table='controls_clauseevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='clause',
            constraint=models.UniqueConstraint(fields=('framework', 'number'), name='clause_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_clauseevent" ("checks", "crosswalk", "documented", "documented_items", "documented_mandatory", "framework_id", "heading", "id", "notes", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."checks", NEW."crosswalk", NEW."documented", NEW."documented_items", NEW."documented_mandatory", NEW."framework_id", NEW."heading", NEW."id", NEW."notes", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."position", NEW."title"); RETURN NULL;', hash='f4dfc8d9410f5ac6d40ca0b8eb3b48473d4b406d', operation='INSERT', pgid='pgtrigger_insert_insert_23272', table='controls_clause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "controls_clauseevent" ("checks", "crosswalk", "documented", "documented_items", "documented_mandatory", "framework_id", "heading", "id", "notes", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."checks", NEW."crosswalk", NEW."documented", NEW."documented_items", NEW."documented_mandatory", NEW."framework_id", NEW."heading", NEW."id", NEW."notes", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."position", NEW."title"); RETURN NULL;', hash='b670bab1b2f22b26292a9558f7d5d1eb4ab83e2c', operation='UPDATE', pgid='pgtrigger_update_update_26604', table='controls_clause', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clause',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_clauseevent" ("checks", "crosswalk", "documented", "documented_items", "documented_mandatory", "framework_id", "heading", "id", "notes", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (OLD."checks", OLD."crosswalk", OLD."documented", OLD."documented_items", OLD."documented_mandatory", OLD."framework_id", OLD."heading", OLD."id", OLD."notes", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."position", OLD."title"); RETURN NULL;', hash='a260a806c1209d3b7d58f3865e97ab52a449e1a9', operation='DELETE', pgid='pgtrigger_delete_delete_6ad87', table='controls_clause', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='frameworkevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_framework_trail'),
        ),
        migrations.AddIndex(
            model_name='frameworkevent',
            index=models.Index(fields=['xid'], name='controls_framework_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='frameworkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='88a96f4962e9d0070ad50fbd076d0233009f05fa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_861c9', table='controls_frameworkevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='frameworkevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='9fb63ae3404783a0e6751fcb30374891ab2dff63', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ad42f', table='controls_frameworkevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='requirement',
            constraint=models.UniqueConstraint(fields=('clause', 'number'), name='requirement_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requirement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_requirementevent" ("clause_id", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (NEW."clause_id", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."position", NEW."text"); RETURN NULL;', hash='458eca074364c541c8428ed87173742884069b0d', operation='INSERT', pgid='pgtrigger_insert_insert_c16c7', table='controls_requirement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requirement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "controls_requirementevent" ("clause_id", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (NEW."clause_id", NEW."id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."position", NEW."text"); RETURN NULL;', hash='f39c93fea669123a54b373e1868e761df962ad46', operation='UPDATE', pgid='pgtrigger_update_update_8ff46', table='controls_requirement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requirement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_requirementevent" ("clause_id", "id", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (OLD."clause_id", OLD."id", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."position", OLD."text"); RETURN NULL;', hash='adf88bc4739d820c66570add679a50748575fee2', operation='DELETE', pgid='pgtrigger_delete_delete_3ec66', table='controls_requirement', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='requirementevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_requirement_trail'),
        ),
        migrations.AddIndex(
            model_name='requirementevent',
            index=models.Index(fields=['xid'], name='controls_requirement_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requirementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='f6ee933639a6472fe194c647af9fd7be14affdd3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7fc29', table='controls_requirementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='requirementevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='6d6a9ecec96ad32ffe89cb2687cbd988959e8851', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_f3245', table='controls_requirementevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='statementsystem',
            constraint=models.UniqueConstraint(fields=('statement', 'system'), name='statement_system_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementsystem',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE controls_controlstatement SET version = version WHERE id IN (OLD.statement_id, NEW.statement_id); RETURN NULL;', hash='c48ecf023f4370eb4235b0f477b26a72b2fbf0c4', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_71c97', table='controls_statementsystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementsystem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_statementsystemevent" ("id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "system_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."statement_id", NEW."system_id"); RETURN NULL;', hash='ac8b503532a36e5db600027f10a2e35ac96bdc74', operation='INSERT', pgid='pgtrigger_insert_insert_2f1f6', table='controls_statementsystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementsystem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "controls_statementsystemevent" ("id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "system_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."statement_id", NEW."system_id"); RETURN NULL;', hash='60cb22bfc18199b264bf42daf71f7f7967806dc2', operation='UPDATE', pgid='pgtrigger_update_update_477f9', table='controls_statementsystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementsystem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "controls_statementsystemevent" ("id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "system_id") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."statement_id", OLD."system_id"); RETURN NULL;', hash='5fbcfd384bc84ffabc6b85e5b6dadc614a4dd8b7', operation='DELETE', pgid='pgtrigger_delete_delete_1c10f', table='controls_statementsystem', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='statementsystemevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='controls_statementsy_trail'),
        ),
        migrations.AddIndex(
            model_name='statementsystemevent',
            index=models.Index(fields=['xid'], name='controls_statementsy_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementsystemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='6f14d32dab3c50f5b218039d09b56735c8eac346', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e4dd8', table='controls_statementsystemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementsystemevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='d489daa906df113427a0d43e1b2448f5ac5c6c81', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_21640', table='controls_statementsystemevent', when='BEFORE')),
        ),
    ]
