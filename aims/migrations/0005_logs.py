
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

    dependencies = [
        ('aims', '0004_today'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=63)),
                ('object_id', models.BigIntegerField()),
                ('reason', models.TextField(max_length=2000, verbose_name='Reason')),
                ('asked_at', models.DateTimeField(db_default=aims.db.Now())),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'erasure',
            },
        ),
        migrations.CreateModel(
            name='ErasureEvent',
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
                ('source', models.CharField(max_length=63, null=True)),
                ('object_id', models.BigIntegerField(null=True)),
                ('reason', models.TextField(max_length=2000, null=True, verbose_name='Reason')),
                ('asked_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=aims.db.Now(), verbose_name='When')),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('capacity', models.CharField(blank=True, max_length=32)),
                ('what', models.CharField(choices=[('view', 'View'), ('download', 'Download')], max_length=10, verbose_name='What')),
                ('path', models.CharField(max_length=300, verbose_name='Address')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort', models.CharField(max_length=32, verbose_name='Sort')),
                ('question', models.CharField(max_length=300, verbose_name='Question')),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('outcome', models.CharField(max_length=200, verbose_name='Decision')),
                ('refused', models.BooleanField(default=False, verbose_name='Refused')),
                ('reason', models.TextField(max_length=4000, verbose_name='Reason')),
                ('dissent', models.TextField(blank=True, max_length=4000, verbose_name='Dissent')),
                ('conditions', models.TextField(blank=True, max_length=4000, verbose_name='Conditions')),
                ('until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('capacity', models.CharField(blank=True, max_length=32, verbose_name='Capacity')),
                ('decided_at', models.DateTimeField(db_default=aims.db.Now(), verbose_name='Decided')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Decided by')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='aims.record')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
            },
        ),
        migrations.CreateModel(
            name='DecisionEvent',
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
                ('sort', models.CharField(max_length=32, null=True, verbose_name='Sort')),
                ('question', models.CharField(max_length=300, null=True, verbose_name='Question')),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, null=True, size=None)),
                ('outcome', models.CharField(max_length=200, null=True, verbose_name='Decision')),
                ('refused', models.BooleanField(null=True, verbose_name='Refused')),
                ('reason', models.TextField(max_length=4000, null=True, verbose_name='Reason')),
                ('dissent', models.TextField(blank=True, max_length=4000, null=True, verbose_name='Dissent')),
                ('conditions', models.TextField(blank=True, max_length=4000, null=True, verbose_name='Conditions')),
                ('until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('capacity', models.CharField(blank=True, max_length=32, null=True, verbose_name='Capacity')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='Decided')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Decided by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='aims.decision')),
                ('record', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='aims.record')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=aims.db.Now(), verbose_name='When')),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('source', models.CharField(max_length=63)),
                ('until_id', models.BigIntegerField()),
                ('rows', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['xid'], name='disposal_xid')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='5abb4d84cb23a4d19dc5c723ba034681e7fce1b9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d8bf', table='aims_disposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disposal',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='eaddf0b65b1eb497a0bd224c95b035da601b35ab', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0453f', table='aims_disposal', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='erasure',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='erasure',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='erasureevent',
            name='approved_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='erasureevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='erasureevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='aims.erasure'),
        ),
        migrations.AddField(
            model_name='reading',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reading',
            name='record',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='aims.record'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['-decided_at', '-id'], name='decision_recent'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='decision_has_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "aims_decisionevent" ("capacity", "conditions", "decided_at", "decided_by_id", "dissent", "id", "options", "outcome", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "reason", "record_id", "refused", "sort", "until") VALUES (NEW."capacity", NEW."conditions", NEW."decided_at", NEW."decided_by_id", NEW."dissent", NEW."id", NEW."options", NEW."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."question", NEW."reason", NEW."record_id", NEW."refused", NEW."sort", NEW."until"); RETURN NULL;', hash='2b465a29f2cfbac3340712e1828626b8c42a858c', operation='INSERT', pgid='pgtrigger_insert_insert_f15c3', table='aims_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "aims_decisionevent" ("capacity", "conditions", "decided_at", "decided_by_id", "dissent", "id", "options", "outcome", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "reason", "record_id", "refused", "sort", "until") VALUES (NEW."capacity", NEW."conditions", NEW."decided_at", NEW."decided_by_id", NEW."dissent", NEW."id", NEW."options", NEW."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."question", NEW."reason", NEW."record_id", NEW."refused", NEW."sort", NEW."until"); RETURN NULL;', hash='5ed94fa8a8584f7a5036dc485abd076f7fa7a08b', operation='UPDATE', pgid='pgtrigger_update_update_2a1b2', table='aims_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "aims_decisionevent" ("capacity", "conditions", "decided_at", "decided_by_id", "dissent", "id", "options", "outcome", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "reason", "record_id", "refused", "sort", "until") VALUES (OLD."capacity", OLD."conditions", OLD."decided_at", OLD."decided_by_id", OLD."dissent", OLD."id", OLD."options", OLD."outcome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."question", OLD."reason", OLD."record_id", OLD."refused", OLD."sort", OLD."until"); RETURN NULL;', hash='9a2c30cbe86f0f1b6d4fce7c2d340fbb257a9e80', operation='DELETE', pgid='pgtrigger_delete_delete_5ef9f', table='aims_decision', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='decisionevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='aims_decision_trail'),
        ),
        migrations.AddIndex(
            model_name='decisionevent',
            index=models.Index(fields=['xid'], name='aims_decision_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decisionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='d8f8848ab7d4552ac4efe815b7cfea4e202bdec1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_25379', table='aims_decisionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decisionevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='5a6ed0031545b84f62d5328aae167b96ecc2f781', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_29e5f', table='aims_decisionevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='erasure_two_people', violation_error_message='A second person approves.'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='erasure_approved_whole'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('done_at', None), ('approved_at__isnull', False), _connector='OR'), name='erasure_done_after_approval'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='erasure_has_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "aims_erasureevent" ("approved_at", "approved_by_id", "asked_at", "asked_by_id", "done_at", "id", "object_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."asked_at", NEW."asked_by_id", NEW."done_at", NEW."id", NEW."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."reason", NEW."source"); RETURN NULL;', hash='3b09b55edd8d0f940421bfda40f9bc2ed572dfb3', operation='INSERT', pgid='pgtrigger_insert_insert_c32c1', table='aims_erasure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "aims_erasureevent" ("approved_at", "approved_by_id", "asked_at", "asked_by_id", "done_at", "id", "object_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."asked_at", NEW."asked_by_id", NEW."done_at", NEW."id", NEW."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."reason", NEW."source"); RETURN NULL;', hash='4be73577c404837eae30932a229bf61b1a1b1132', operation='UPDATE', pgid='pgtrigger_update_update_7ac06', table='aims_erasure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "aims_erasureevent" ("approved_at", "approved_by_id", "asked_at", "asked_by_id", "done_at", "id", "object_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source") VALUES (OLD."approved_at", OLD."approved_by_id", OLD."asked_at", OLD."asked_by_id", OLD."done_at", OLD."id", OLD."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."reason", OLD."source"); RETURN NULL;', hash='23a6da852bd097c1ac266b0a9889d40e11ac7e27', operation='DELETE', pgid='pgtrigger_delete_delete_005d5', table='aims_erasure', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='erasureevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='aims_erasure_trail'),
        ),
        migrations.AddIndex(
            model_name='erasureevent',
            index=models.Index(fields=['xid'], name='aims_erasure_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasureevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='fad329346984bc0a5b1129c07314761cc7444705', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_91b27', table='aims_erasureevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasureevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='b27e0988861f986ecf24595259a8482fd88611de', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c3db4', table='aims_erasureevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['person', '-id'], name='reading_person'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['record', '-id'], name='reading_record'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['xid'], name='reading_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reading',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='94281b37e390d67dcd9a202353501efd901218be', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2fe4f', table='aims_reading', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reading',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='1c723bd18613a90d24feb78fc2a47c88ab076e5b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c58b8', table='aims_reading', when='BEFORE')),
        ),
    ]
