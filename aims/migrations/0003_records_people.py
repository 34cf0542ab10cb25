
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('aims', '0002_records'),
        ('organization', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='idempotencykey',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='job',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='leaf',
            constraint=models.UniqueConstraint(fields=('source', 'event_id'), name='leaf_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leaf',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='ce3ed06463588dc62d64696511b6104e3361daf4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ef8b9', table='aims_leaf', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leaf',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='fc088d469497c30195dfd15fe273fce4d6739779', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7a1ac', table='aims_leaf', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='record',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner'),
        ),
        migrations.AddField(
            model_name='record',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='seal',
            name='key',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='aims.sealkey'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealkey',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='4c898edb72ecc4f26f8406902d5f806459a1ff5a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a8b89', table='aims_sealkey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealkey',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='7f01e472c02b67f5a8d3773dd9612b09530ed883', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_dda75', table='aims_sealkey', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='idempotencykey',
            constraint=models.UniqueConstraint(fields=('person', 'key'), name='idempotency_key'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'running'])), fields=['lease_until'], name='job_open'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ['queued', 'running'])), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed', 'cancelled'])), _connector='OR'), name='job_finished_has_time'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='job_failed_has_reason'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['kind', 'unit', '-updated_at', '-id'], name='record_kind_unit'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='record_unit'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['owner', 'due_on'], name='record_owner_due'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['anchor_id'], name='record_anchor'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('person', 'kind', 'name'), name='saved_view_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='4de94bf9869e11da0fe6875e01d4446ab32263ec', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_42ddd', table='aims_seal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seal',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='4c01d6b67f4124da47285b884f1e93a828d8df9f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_977c3', table='aims_seal', when='BEFORE')),
        ),
    ]
