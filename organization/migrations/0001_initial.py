
import aims.db
import aims.trail
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import organization.models
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('aims', '0002_records'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, verbose_name='E-mail')),
                ('name', models.CharField(max_length=120, verbose_name='Name')),
                ('job_title', models.CharField(blank=True, max_length=120, verbose_name='Job title')),
                ('language', models.CharField(default='en', max_length=8, validators=[organization.models.known_language], verbose_name='Language')),
                ('time_zone', models.CharField(default='UTC', max_length=40, validators=[organization.models.known_time_zone], verbose_name='Time zone')),
                ('is_active', models.BooleanField(default=True, verbose_name='Active')),
                ('is_program', models.BooleanField(default=False, verbose_name='Program account')),
                ('joined_at', models.DateTimeField(db_default=aims.db.Now(), editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='Manager')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='Name')),
                ('prefix', models.CharField(editable=False, max_length=16, unique=True)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None, verbose_name='Scopes')),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Issued')),
                ('expires_at', models.DateTimeField(verbose_name='Expires')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='Last used')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='Revoked')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
            ],
            options={
                'verbose_name': 'token',
                'verbose_name_plural': 'tokens',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ApiTokenEvent',
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
                ('name', models.CharField(max_length=80, null=True, verbose_name='Name')),
                ('prefix', models.CharField(editable=False, max_length=16, null=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), null=True, size=None, verbose_name='Scopes')),
                ('created_at', models.DateTimeField(editable=False, null=True, verbose_name='Issued')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='Expires')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='Revoked')),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('owner', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.apitoken')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseListing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='Reason')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='case_list', to='aims.record')),
            ],
        ),
        migrations.CreateModel(
            name='CaseListingEvent',
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
                ('reason', models.CharField(max_length=500, null=True, verbose_name='Reason')),
                ('person', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.caselisting')),
                ('record', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='aims.record')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='auth.group')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='groups',
            field=models.ManyToManyField(related_name='people', through='organization.Membership', to='auth.group'),
        ),
        migrations.CreateModel(
            name='MembershipEvent',
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
                ('group', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.membership')),
                ('user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=aims.db.Now(), verbose_name='When')),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp'), editable=False)),
                ('xid', aims.trail.TransactionIdField(db_default=aims.trail.TransactionId(), editable=False)),
                ('kind', models.CharField(choices=[('signed_in', 'Signed in'), ('signed_out', 'Signed out'), ('failed', 'Failed'), ('refused', 'Refused'), ('changed', 'Changed')], max_length=12, verbose_name='What')),
                ('email_digest', models.CharField(blank=True, max_length=64)),
                ('method', models.CharField(max_length=80, verbose_name='How')),
                ('user_agent', models.CharField(blank=True, max_length=200, verbose_name='Browser')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_ins', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sign-in',
                'verbose_name_plural': 'sign-ins',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='Name')),
                ('kind', models.CharField(choices=[('group', 'Group'), ('legal_entity', 'Legal entity'), ('site', 'Site'), ('department', 'Department')], max_length=16, verbose_name='Kind')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='Country')),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='heads', to=settings.AUTH_USER_MODEL, verbose_name='Head')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organization.unit', verbose_name='Part of')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
                'ordering': ['name'],
                'permissions': [('aims_manager', 'AIMS manager'), ('system_owner', 'System owner'), ('risk_owner', 'Risk owner'), ('approver', 'Approver'), ('committee_member', 'Committee member'), ('top_management', 'Top management'), ('internal_auditor', 'Internal auditor'), ('contributor', 'Contributor'), ('reader', 'Reader'), ('external_auditor', 'External auditor'), ('integration', 'Integration')],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='user',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='organization.unit', verbose_name='Unit'),
        ),
        migrations.CreateModel(
            name='UnitEvent',
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
                ('name', models.CharField(max_length=120, null=True, verbose_name='Name')),
                ('kind', models.CharField(choices=[('group', 'Group'), ('legal_entity', 'Legal entity'), ('site', 'Site'), ('department', 'Department')], max_length=16, null=True, verbose_name='Kind')),
                ('country', models.CharField(blank=True, max_length=2, null=True, verbose_name='Country')),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('head', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Head')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Part of')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='Reason')),
                ('valid_from', models.DateField(verbose_name='From')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Ended')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='Why it ended')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='organization.unit', verbose_name='Unit')),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Granted by')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unit_grants', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitGrantEvent',
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
                ('reason', models.CharField(max_length=500, null=True, verbose_name='Reason')),
                ('valid_from', models.DateField(null=True, verbose_name='From')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Ended')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, null=True, verbose_name='Why it ended')),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('content_object', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit')),
                ('granted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Granted by')),
                ('permission', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.unitgrant')),
                ('user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitGroupGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='Reason')),
                ('valid_from', models.DateField(verbose_name='From')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Ended')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='Why it ended')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_grants', to='organization.unit')),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Granted by')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitGroupGrantEvent',
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
                ('reason', models.CharField(max_length=500, null=True, verbose_name='Reason')),
                ('valid_from', models.DateField(null=True, verbose_name='From')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Ended')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, null=True, verbose_name='Why it ended')),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('content_object', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit')),
                ('granted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Granted by')),
                ('group', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('permission', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.unitgroupgrant')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
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
                ('email', models.EmailField(max_length=254, null=True, verbose_name='E-mail')),
                ('name', models.CharField(max_length=120, null=True, verbose_name='Name')),
                ('job_title', models.CharField(blank=True, max_length=120, null=True, verbose_name='Job title')),
                ('language', models.CharField(max_length=8, null=True, validators=[organization.models.known_language], verbose_name='Language')),
                ('time_zone', models.CharField(max_length=40, null=True, validators=[organization.models.known_time_zone], verbose_name='Time zone')),
                ('is_active', models.BooleanField(null=True, verbose_name='Active')),
                ('is_program', models.BooleanField(null=True, verbose_name='Program account')),
                ('joined_at', models.DateTimeField(editable=False, null=True)),
                ('version', models.PositiveIntegerField(editable=False, null=True)),
                ('manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Manager')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='token_expires_after_start', violation_error_message='A token expires after it was issued.'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__len__gt', 0)), name='token_has_scope', violation_error_message='Choose what the token may do.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes"))', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='5b70191ab74c75aa341abfa54277e92701649708', operation='UPDATE', pgid='pgtrigger_version_712c1', table='organization_apitoken', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_apitokenevent" ("created_at", "expires_at", "id", "name", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "version") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."name", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."version"); RETURN NULL;', hash='785baf63523361faba0a9b92eef5121d5641052b', operation='INSERT', pgid='pgtrigger_insert_insert_5d136', table='organization_apitoken', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes"))', func='INSERT INTO "organization_apitokenevent" ("created_at", "expires_at", "id", "name", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "version") VALUES (NEW."created_at", NEW."expires_at", NEW."id", NEW."name", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."prefix", NEW."revoked_at", NEW."scopes", NEW."version"); RETURN NULL;', hash='9a0ef6f4ed2213fac84105a3d61eea1ec2e5393b', operation='UPDATE', pgid='pgtrigger_update_update_c1259', table='organization_apitoken', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_apitokenevent" ("created_at", "expires_at", "id", "name", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "revoked_at", "scopes", "version") VALUES (OLD."created_at", OLD."expires_at", OLD."id", OLD."name", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."prefix", OLD."revoked_at", OLD."scopes", OLD."version"); RETURN NULL;', hash='d7a79ece7b6bcd61c4e8acc73227e36b96c1287b', operation='DELETE', pgid='pgtrigger_delete_delete_1f398', table='organization_apitoken', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='apitokenevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_apitoke_trail'),
        ),
        migrations.AddIndex(
            model_name='apitokenevent',
            index=models.Index(fields=['xid'], name='organization_apitoke_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitokenevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='12782562dcc43d63bd14d128daf100c9a633c9c3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0da15', table='organization_apitokenevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitokenevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='f0748c996b96020f4f3000a6486b9948cdbf64fd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_64085', table='organization_apitokenevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='caselisting',
            constraint=models.UniqueConstraint(fields=('record', 'person'), name='case_listing_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselisting',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_caselistingevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "record_id") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."reason", NEW."record_id"); RETURN NULL;', hash='6880a91222a93bc1d559aac9548af0c0200c73cf', operation='INSERT', pgid='pgtrigger_insert_insert_f1540', table='organization_caselisting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselisting',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_caselistingevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "record_id") VALUES (NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."reason", NEW."record_id"); RETURN NULL;', hash='33c90f39441f38d2235f5844be8226c06516e944', operation='UPDATE', pgid='pgtrigger_update_update_805e4', table='organization_caselisting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselisting',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_caselistingevent" ("id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "record_id") VALUES (OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."reason", OLD."record_id"); RETURN NULL;', hash='80d87c1cfd07607cb459278b8508569eba34c40e', operation='DELETE', pgid='pgtrigger_delete_delete_40425', table='organization_caselisting', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='caselistingevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_caselis_trail'),
        ),
        migrations.AddIndex(
            model_name='caselistingevent',
            index=models.Index(fields=['xid'], name='organization_caselis_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselistingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='14c5a78063f8bf100dc22301797d7bbf300773b4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_03b78', table='organization_caselistingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caselistingevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='8b7de095917c06a6d0d5cdae066313cd68a5eae8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a100e', table='organization_caselistingevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'group'), name='membership_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_membershipevent" ("group_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."group_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."user_id"); RETURN NULL;', hash='8f80c33edbebc302fa4f0577d6ed204f5c223ebf', operation='INSERT', pgid='pgtrigger_insert_insert_46172', table='organization_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organization_membershipevent" ("group_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (NEW."group_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."user_id"); RETURN NULL;', hash='7c5afa700fecdca2d88d37a218bf8ad3e5fdf24b', operation='UPDATE', pgid='pgtrigger_update_update_a0826', table='organization_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_membershipevent" ("group_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") VALUES (OLD."group_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."user_id"); RETURN NULL;', hash='ebe9b44310f7c71f241177997b1bc832799ecc6b', operation='DELETE', pgid='pgtrigger_delete_delete_a98f6', table='organization_membership', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_members_trail'),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['xid'], name='organization_members_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='60029a5e288d2faaab7beeb07577c692c1bca4d8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8b833', table='organization_membershipevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='07f351e47f5b77f2502e4840b9208c6f8061e4c2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_89cf1', table='organization_membershipevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['person', '-at'], name='sign_in_person'),
        ),
        migrations.AddIndex(
            model_name='signin',
            index=models.Index(fields=['xid'], name='sign_in_xid'),
        ),
        migrations.AddConstraint(
            model_name='signin',
            constraint=models.CheckConstraint(condition=models.Q(('person', None), ('email_digest', ''), _connector='XOR'), name='sign_in_of_someone', violation_error_message=''),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signin',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='1cb4dba6fb3c6ecf25e959d517d6b33f223c82cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e5ceb', table='organization_signin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signin',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='26d03b7f8648b634eace57befb552b599eebc214', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_ebaa1', table='organization_signin', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(models.F('parent'), django.db.models.functions.text.Lower('name'), name='unit_name_in_parent', violation_error_message='This name is taken.'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(models.Value(1), condition=models.Q(('parent', None)), name='unit_one_root', violation_error_message='There is one root unit; choose the unit that this one is part of.'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='unit_country_code'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."head_id" IS DISTINCT FROM (NEW."head_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id"))', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='f1e002c8c5cff593aa2e1ae28d235af8c9b2ed15', operation='UPDATE', pgid='pgtrigger_version_2aa32', table='organization_unit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='path', sql=pgtrigger.compiler.UpsertTriggerSql(func="NEW.path := COALESCE((SELECT path FROM organization_unit WHERE id = NEW.parent_id), '{}');IF NEW.id = ANY(NEW.path) THEN RAISE EXCEPTION 'a unit cannot be part of itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_no_cycle'; END IF;NEW.path := NEW.path || NEW.id; RETURN NEW;", hash='c26e0fdfe5ec08c55fa01f98a78dbbe40f1931f6', operation='INSERT OR UPDATE OF "parent_id"', pgid='pgtrigger_path_0d8ae', table='organization_unit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='path_below', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE organization_unit SET parent_id = parent_id WHERE parent_id = NEW.id; RETURN NULL;', hash='15401ea402344973d845061813c305bf8f2eb782', operation='UPDATE OF "parent_id"', pgid='pgtrigger_path_below_3468a', table='organization_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitevent" ("country", "head_id", "id", "kind", "name", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."country", NEW."head_id", NEW."id", NEW."kind", NEW."name", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."version"); RETURN NULL;', hash='fbd5ec4fef4ce58c293e6a5628870b26e36bc3df', operation='INSERT', pgid='pgtrigger_insert_insert_51b3c', table='organization_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."head_id" IS DISTINCT FROM (NEW."head_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id"))', func='INSERT INTO "organization_unitevent" ("country", "head_id", "id", "kind", "name", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."country", NEW."head_id", NEW."id", NEW."kind", NEW."name", NEW."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."version"); RETURN NULL;', hash='cd49dc56a9fbfa0745a8cc5640667a4547ac12bf', operation='UPDATE', pgid='pgtrigger_update_update_38b35', table='organization_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitevent" ("country", "head_id", "id", "kind", "name", "parent_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (OLD."country", OLD."head_id", OLD."id", OLD."kind", OLD."name", OLD."parent_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."version"); RETURN NULL;', hash='cbe53519e41312f1a57ce0a9ae7966b3b6a639bd', operation='DELETE', pgid='pgtrigger_delete_delete_3de22', table='organization_unit', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email', violation_error_message='This e-mail is taken.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('manager', None), models.Q(('manager', models.F('id')), _negated=True), _connector='OR'), name='user_not_own_manager', violation_error_message='Nobody is their own manager.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_program" IS DISTINCT FROM (NEW."is_program") OR OLD."job_title" IS DISTINCT FROM (NEW."job_title") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."manager_id" IS DISTINCT FROM (NEW."manager_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='829ee951eb01d541eef4c66b9d54c7a40dcd4c00', operation='UPDATE', pgid='pgtrigger_version_2388b', table='organization_user', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_userevent" ("email", "id", "is_active", "is_program", "job_title", "joined_at", "language", "manager_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "unit_id", "version") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_program", NEW."job_title", NEW."joined_at", NEW."language", NEW."manager_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."time_zone", NEW."unit_id", NEW."version"); RETURN NULL;', hash='24fd9aea87ed2c2fac47b63bd2ae47b8d835c0f6', operation='INSERT', pgid='pgtrigger_insert_insert_fd79d', table='organization_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_program" IS DISTINCT FROM (NEW."is_program") OR OLD."job_title" IS DISTINCT FROM (NEW."job_title") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."manager_id" IS DISTINCT FROM (NEW."manager_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "organization_userevent" ("email", "id", "is_active", "is_program", "job_title", "joined_at", "language", "manager_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "unit_id", "version") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_program", NEW."job_title", NEW."joined_at", NEW."language", NEW."manager_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."time_zone", NEW."unit_id", NEW."version"); RETURN NULL;', hash='2f86bda3b83d12955ea42d072265e01b7f699287', operation='UPDATE', pgid='pgtrigger_update_update_a9ffa', table='organization_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_userevent" ("email", "id", "is_active", "is_program", "job_title", "joined_at", "language", "manager_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "unit_id", "version") VALUES (OLD."email", OLD."id", OLD."is_active", OLD."is_program", OLD."job_title", OLD."joined_at", OLD."language", OLD."manager_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."time_zone", OLD."unit_id", OLD."version"); RETURN NULL;', hash='3988bff6c905e8ea5dc385f5ac47c82bc569f743', operation='DELETE', pgid='pgtrigger_delete_delete_b8480', table='organization_user', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='unitevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_unit_trail'),
        ),
        migrations.AddIndex(
            model_name='unitevent',
            index=models.Index(fields=['xid'], name='organization_unit_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='9ff7531e855fc742ceb94398c81170ce8d15e3fe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_db014', table='organization_unitevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='b6d96a4f607a02d34463e88b4b45f28bf75ed623', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_e73c7', table='organization_unitevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='unitgrant',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='organization_unitgrant_period', violation_error_message='The end comes before the start.'),
        ),
        migrations.AddConstraint(
            model_name='unitgrant',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='organization_unitgrant_reason'),
        ),
        migrations.AddConstraint(
            model_name='unitgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='organization_unitgrant_ended_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='unitgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('valid_until', None)), fields=('user', 'permission', 'content_object'), name='unit_grant_one_open', violation_error_message='This person holds this role here already.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgrant',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."content_object_id" IS DISTINCT FROM (NEW."content_object_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."permission_id" IS DISTINCT FROM (NEW."permission_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='c2898a7f14bb326f82394a27311fb05114c30af9', operation='UPDATE', pgid='pgtrigger_version_25e84', table='organization_unitgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgrant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until", "version") VALUES (NEW."content_object_id", NEW."end_reason", NEW."ended_at", NEW."granted_by_id", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."reason", NEW."user_id", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;', hash='f7fc54a145179c9056786afddae75b43635f723f', operation='INSERT', pgid='pgtrigger_insert_insert_6f040', table='organization_unitgrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgrant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."content_object_id" IS DISTINCT FROM (NEW."content_object_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."permission_id" IS DISTINCT FROM (NEW."permission_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='INSERT INTO "organization_unitgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until", "version") VALUES (NEW."content_object_id", NEW."end_reason", NEW."ended_at", NEW."granted_by_id", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."reason", NEW."user_id", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;', hash='94d7b5346f25274dbe826c4c1bb4e9e11c1a828f', operation='UPDATE', pgid='pgtrigger_update_update_62eef', table='organization_unitgrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgrant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until", "version") VALUES (OLD."content_object_id", OLD."end_reason", OLD."ended_at", OLD."granted_by_id", OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."reason", OLD."user_id", OLD."valid_from", OLD."valid_until", OLD."version"); RETURN NULL;', hash='4500241b9e8cf3d97c5306e8d920a2b80275808b', operation='DELETE', pgid='pgtrigger_delete_delete_db42f', table='organization_unitgrant', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='unitgrantevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_unitgra_trail'),
        ),
        migrations.AddIndex(
            model_name='unitgrantevent',
            index=models.Index(fields=['xid'], name='organization_unitgra_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgrantevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='d9a144f21946dc3c0fdec19034e33d990b57cddb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1c9ef', table='organization_unitgrantevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgrantevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='230096f870f4b6128f4cb6af6eff5029471d9a1f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_e5866', table='organization_unitgrantevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='unitgroupgrant',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='organization_unitgroupgrant_period', violation_error_message='The end comes before the start.'),
        ),
        migrations.AddConstraint(
            model_name='unitgroupgrant',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='organization_unitgroupgrant_reason'),
        ),
        migrations.AddConstraint(
            model_name='unitgroupgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='organization_unitgroupgrant_ended_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='unitgroupgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('valid_until', None)), fields=('group', 'permission', 'content_object'), name='group_grant_one_open'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgroupgrant',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."content_object_id" IS DISTINCT FROM (NEW."content_object_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."permission_id" IS DISTINCT FROM (NEW."permission_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='6fddf3dc6e54e816d512e7017385e6074e6b8a8b', operation='UPDATE', pgid='pgtrigger_version_22a5e', table='organization_unitgroupgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgroupgrant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitgroupgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "group_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "valid_from", "valid_until", "version") VALUES (NEW."content_object_id", NEW."end_reason", NEW."ended_at", NEW."granted_by_id", NEW."group_id", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."reason", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;', hash='21b84e633f89d4469668caf5bb84b2945d9879eb', operation='INSERT', pgid='pgtrigger_insert_insert_ca907', table='organization_unitgroupgrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgroupgrant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."content_object_id" IS DISTINCT FROM (NEW."content_object_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."permission_id" IS DISTINCT FROM (NEW."permission_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='INSERT INTO "organization_unitgroupgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "group_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "valid_from", "valid_until", "version") VALUES (NEW."content_object_id", NEW."end_reason", NEW."ended_at", NEW."granted_by_id", NEW."group_id", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."reason", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;', hash='f9c52009f350f003ac69d3044501050609f10fb2', operation='UPDATE', pgid='pgtrigger_update_update_cb374', table='organization_unitgroupgrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgroupgrant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_unitgroupgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "group_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "valid_from", "valid_until", "version") VALUES (OLD."content_object_id", OLD."end_reason", OLD."ended_at", OLD."granted_by_id", OLD."group_id", OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."reason", OLD."valid_from", OLD."valid_until", OLD."version"); RETURN NULL;', hash='8aecce9c65be9279db631168db675c8c5f42bf7e', operation='DELETE', pgid='pgtrigger_delete_delete_715e5', table='organization_unitgroupgrant', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='unitgroupgrantevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_unitgro_trail'),
        ),
        migrations.AddIndex(
            model_name='unitgroupgrantevent',
            index=models.Index(fields=['xid'], name='organization_unitgro_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgroupgrantevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='c9e810c6aba15c85681867bbc89d03cf8921954a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_85ed0', table='organization_unitgroupgrantevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitgroupgrantevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='98d570cdec27e5f18fa3bc08d9aceb353c1f9b0e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_916e8', table='organization_unitgroupgrantevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='userevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='organization_user_trail'),
        ),
        migrations.AddIndex(
            model_name='userevent',
            index=models.Index(fields=['xid'], name='organization_user_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='78846bd7240e162ef6c66228bf35317355ac8762', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_487a2', table='organization_userevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='userevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='bfa7125c48961e73e9fb3405f2b7848462caac30', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_44d82', table='organization_userevent', when='BEFORE')),
        ),
    ]
