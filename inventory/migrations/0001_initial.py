import aims.db
import aims.trail
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import inventory.countries
import inventory.models.fields
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('aims', '0003_records_people'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('organization', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AISystem',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference('SYS'), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('state', models.CharField(choices=[('inception', 'Inception'), ('design_development', 'Design and development'), ('verification_validation', 'Verification and validation'), ('deployment', 'Deployment'), ('operation_monitoring', 'Operation and monitoring'), ('continuous_validation', 'Continuous validation'), ('re_evaluation', 'Re-evaluation'), ('retirement', 'Retirement')], default='inception', editable=False, max_length=32, verbose_name='Stage')),
                ('purpose', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Purpose')),
                ('live_since', models.DateField(blank=True, null=True, verbose_name='In use since')),
                ('retired_on', models.DateField(blank=True, editable=False, null=True, verbose_name='Retired on')),
                ('intended_use', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Intended use')),
                ('foreseeable_misuse', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Foreseeable misuse')),
                ('decisions', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='What it decides')),
                ('learning', models.CharField(blank=True, choices=[('static', 'Static'), ('retrained', 'Retrained'), ('continuous', 'Continuous')], default='', max_length=32, verbose_name='Learning')),
                ('autonomy', models.CharField(blank=True, choices=[('information', 'Informs'), ('recommendation', 'Recommends'), ('human_decides', 'Person decides'), ('human_can_intervene', 'Person can intervene'), ('automatic', 'Automatic')], default='', max_length=32, verbose_name='Autonomy')),
                ('autonomy_note', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Autonomy in detail')),
                ('human_oversight', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Human oversight')),
                ('affected_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=50, verbose_name='Affected groups')),
                ('regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2, validators=[inventory.countries.known_country]), blank=True, default=list, size=250, verbose_name='Regions')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3, validators=[inventory.countries.known_language]), blank=True, default=list, size=100, verbose_name='Languages')),
                ('user_information', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='User information')),
                ('criticality', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], default='', max_length=32, verbose_name='Criticality')),
                ('criticality_reason', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Why this criticality')),
                ('third_party', models.BooleanField(blank=True, null=True, verbose_name='Supplied by a third party')),
                ('vendor_product', models.CharField(blank=True, default='', max_length=200, verbose_name="Vendor's product")),
                ('vendor_version', models.CharField(blank=True, default='', max_length=200, verbose_name="Vendor's version")),
                ('embedded_in', models.CharField(blank=True, default='', max_length=200, verbose_name='Embedded in')),
                ('retirement_plan', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Retirement plan')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'verbose_name': 'AI system',
                'verbose_name_plural': 'AI systems',
                'permissions': [('aims_manager', 'AIMS manager'), ('system_owner', 'System owner'), ('risk_owner', 'Risk owner'), ('approver', 'Approver'), ('committee_member', 'Committee member'), ('top_management', 'Top management'), ('internal_auditor', 'Internal auditor'), ('contributor', 'Contributor'), ('reader', 'Reader'), ('external_auditor', 'External auditor'), ('integration', 'Integration')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Component',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference('CMP'), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('state', models.CharField(choices=[('in_use', 'In use'), ('withdrawn', 'Withdrawn')], default='in_use', editable=False, max_length=32, verbose_name='State')),
                ('component_kind', models.CharField(choices=[('data_set', 'Data set'), ('model', 'Model'), ('tool', 'Tool'), ('computing', 'Computing'), ('people', 'People')], max_length=16, verbose_name='Kind')),
                ('description', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Description')),
                ('release', models.CharField(blank=True, default='', max_length=80, verbose_name='Version')),
                ('licence', models.CharField(blank=True, default='', max_length=200, verbose_name='Licence')),
                ('category', models.CharField(blank=True, choices=[('training', 'Training'), ('validation', 'Validation'), ('test', 'Test'), ('production', 'Production')], default='', max_length=32, verbose_name='Category')),
                ('intended_use', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Intended use')),
                ('rights', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Rights')),
                ('provenance', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Provenance')),
                ('acquisition', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Acquisition')),
                ('labelling', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Labelling')),
                ('preparation', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Preparation')),
                ('personal_data', models.BooleanField(blank=True, null=True, verbose_name='Personal data')),
                ('personal_data_note', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Which personal data')),
                ('minimisation', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Minimisation')),
                ('anonymisation', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Anonymisation')),
                ('encryption', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Encryption')),
                ('retention', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Retention and disposal')),
                ('known_bias', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Known or possible bias')),
                ('quality_state', models.CharField(blank=True, choices=[('met', 'Requirements met'), ('partly_met', 'Partly met'), ('not_met', 'Not met'), ('not_checked', 'Not checked')], default='', max_length=32, verbose_name='Quality')),
                ('quality_note', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Quality in detail')),
                ('last_updated', models.DateField(blank=True, null=True, verbose_name='Data last updated')),
                ('algorithm', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Algorithm')),
                ('base_model', models.CharField(blank=True, default='', max_length=200, verbose_name='Base model')),
                ('limits', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Limits')),
                ('used_for', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Used for')),
                ('location', models.CharField(blank=True, default='', max_length=200, verbose_name='Location')),
                ('resources', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Resources')),
                ('footprint', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Footprint')),
                ('roles', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Roles in the team')),
                ('competence', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Competence')),
                ('stages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('inception', 'Inception'), ('design_development', 'Design and development'), ('verification_validation', 'Verification and validation'), ('deployment', 'Deployment'), ('operation_monitoring', 'Operation and monitoring'), ('continuous_validation', 'Continuous validation'), ('re_evaluation', 'Re-evaluation'), ('retirement', 'Retirement')], max_length=32), blank=True, default=list, size=8, verbose_name='Stages')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_components', to='inventory.aisystem', verbose_name='Home system')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'verbose_name': 'component',
                'verbose_name_plural': 'components',
            },
        ),
        migrations.CreateModel(
            name='ComponentUse',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='inventory.component', verbose_name='Component')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='inventory.aisystem')),
            ],
            options={
                'verbose_name': 'use of a component',
                'verbose_name_plural': 'uses of components',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ComponentUseEvent',
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
                ('component', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.component', verbose_name='Component')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.componentuse')),
                ('system', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LawRole',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('rationale', models.TextField(blank=True, default='', max_length=1000, validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name='Why')),
                ('role', models.CharField(choices=[('provider', 'Provider'), ('deployer', 'Deployer'), ('importer', 'Importer'), ('distributor', 'Distributor'), ('authorised_representative', 'Authorised representative'), ('product_manufacturer', 'Product manufacturer')], max_length=32, verbose_name='Role')),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Legal entity')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='law_roles', to='inventory.aisystem')),
            ],
            options={
                'verbose_name': 'EU AI Act role',
                'verbose_name_plural': 'EU AI Act roles',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='LawRoleEvent',
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
                ('rationale', models.TextField(blank=True, max_length=1000, null=True, validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name='Why')),
                ('role', models.CharField(choices=[('provider', 'Provider'), ('deployer', 'Deployer'), ('importer', 'Importer'), ('distributor', 'Distributor'), ('authorised_representative', 'Authorised representative'), ('product_manufacturer', 'Product manufacturer')], max_length=32, null=True, verbose_name='Role')),
                ('legal_entity', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Legal entity')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.lawrole')),
                ('system', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StageEntry',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('inception', 'Inception'), ('design_development', 'Design and development'), ('verification_validation', 'Verification and validation'), ('deployment', 'Deployment'), ('operation_monitoring', 'Operation and monitoring'), ('continuous_validation', 'Continuous validation'), ('re_evaluation', 'Re-evaluation'), ('retirement', 'Retirement')], max_length=32, verbose_name='Stage')),
                ('since', models.DateField(verbose_name='Since')),
                ('reason', models.TextField(blank=True, default='', max_length=2000, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='Reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Moved by')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='inventory.aisystem')),
            ],
            options={
                'verbose_name': 'life-cycle step',
                'verbose_name_plural': 'life-cycle steps',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='StageEntryEvent',
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
                ('stage', models.CharField(choices=[('inception', 'Inception'), ('design_development', 'Design and development'), ('verification_validation', 'Verification and validation'), ('deployment', 'Deployment'), ('operation_monitoring', 'Operation and monitoring'), ('continuous_validation', 'Continuous validation'), ('re_evaluation', 'Re-evaluation'), ('retirement', 'Retirement')], max_length=32, null=True, verbose_name='Stage')),
                ('since', models.DateField(null=True, verbose_name='Since')),
                ('reason', models.TextField(blank=True, max_length=2000, null=True, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='Reason')),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Moved by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.stageentry')),
                ('system', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('ref', models.CharField(db_default=aims.db.Reference('SUP'), editable=False, max_length=24, unique=True, verbose_name='Reference')),
                ('title', models.CharField(max_length=200, verbose_name='Name')),
                ('confidentiality', models.CharField(choices=[('normal', 'Normal'), ('restricted', 'Restricted'), ('case', 'Case list only')], default='normal', max_length=12, verbose_name='Confidentiality')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Due')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Created')),
                ('updated_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Changed')),
                ('state', models.CharField(choices=[('active', 'Active'), ('ended', 'Ended')], default='active', editable=False, max_length=32, verbose_name='State')),
                ('country', models.CharField(blank=True, default='', max_length=2, validators=[inventory.countries.known_country], verbose_name='Country')),
                ('supplier_kind', models.CharField(choices=[('model', 'Model'), ('software', 'Software'), ('hosting', 'Hosting'), ('data', 'Data'), ('service', 'Service')], max_length=32, verbose_name='Kind')),
                ('supplies', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='What it supplies')),
                ('contract', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Contract')),
                ('criticality', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], default='', max_length=32, verbose_name='Criticality')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'verbose_name': 'supplier',
                'verbose_name_plural': 'suppliers',
            },
        ),
        migrations.CreateModel(
            name='ComponentEvent',
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
                ('state', models.CharField(choices=[('in_use', 'In use'), ('withdrawn', 'Withdrawn')], editable=False, max_length=32, null=True, verbose_name='State')),
                ('component_kind', models.CharField(choices=[('data_set', 'Data set'), ('model', 'Model'), ('tool', 'Tool'), ('computing', 'Computing'), ('people', 'People')], max_length=16, null=True, verbose_name='Kind')),
                ('description', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Description')),
                ('release', models.CharField(blank=True, max_length=80, null=True, verbose_name='Version')),
                ('licence', models.CharField(blank=True, max_length=200, null=True, verbose_name='Licence')),
                ('category', models.CharField(blank=True, choices=[('training', 'Training'), ('validation', 'Validation'), ('test', 'Test'), ('production', 'Production')], max_length=32, null=True, verbose_name='Category')),
                ('intended_use', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Intended use')),
                ('rights', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Rights')),
                ('provenance', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Provenance')),
                ('acquisition', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Acquisition')),
                ('labelling', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Labelling')),
                ('preparation', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Preparation')),
                ('personal_data', models.BooleanField(blank=True, null=True, verbose_name='Personal data')),
                ('personal_data_note', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Which personal data')),
                ('minimisation', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Minimisation')),
                ('anonymisation', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Anonymisation')),
                ('encryption', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Encryption')),
                ('retention', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Retention and disposal')),
                ('known_bias', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Known or possible bias')),
                ('quality_state', models.CharField(blank=True, choices=[('met', 'Requirements met'), ('partly_met', 'Partly met'), ('not_met', 'Not met'), ('not_checked', 'Not checked')], max_length=32, null=True, verbose_name='Quality')),
                ('quality_note', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Quality in detail')),
                ('last_updated', models.DateField(blank=True, null=True, verbose_name='Data last updated')),
                ('algorithm', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Algorithm')),
                ('base_model', models.CharField(blank=True, max_length=200, null=True, verbose_name='Base model')),
                ('limits', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Limits')),
                ('used_for', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Used for')),
                ('location', models.CharField(blank=True, max_length=200, null=True, verbose_name='Location')),
                ('resources', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Resources')),
                ('footprint', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Footprint')),
                ('roles', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Roles in the team')),
                ('competence', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Competence')),
                ('stages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('inception', 'Inception'), ('design_development', 'Design and development'), ('verification_validation', 'Verification and validation'), ('deployment', 'Deployment'), ('operation_monitoring', 'Operation and monitoring'), ('continuous_validation', 'Continuous validation'), ('re_evaluation', 'Re-evaluation'), ('retirement', 'Retirement')], max_length=32), blank=True, null=True, size=8, verbose_name='Stages')),
                ('owner', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.component')),
                ('system', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem', verbose_name='Home system')),
                ('unit', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit')),
                ('supplier', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.supplier', verbose_name='Supplier')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='component',
            name='supplier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='components', to='inventory.supplier', verbose_name='Supplier'),
        ),
        migrations.CreateModel(
            name='AISystemEvent',
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
                ('state', models.CharField(choices=[('inception', 'Inception'), ('design_development', 'Design and development'), ('verification_validation', 'Verification and validation'), ('deployment', 'Deployment'), ('operation_monitoring', 'Operation and monitoring'), ('continuous_validation', 'Continuous validation'), ('re_evaluation', 'Re-evaluation'), ('retirement', 'Retirement')], editable=False, max_length=32, null=True, verbose_name='Stage')),
                ('purpose', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Purpose')),
                ('live_since', models.DateField(blank=True, null=True, verbose_name='In use since')),
                ('retired_on', models.DateField(blank=True, editable=False, null=True, verbose_name='Retired on')),
                ('intended_use', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Intended use')),
                ('foreseeable_misuse', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Foreseeable misuse')),
                ('decisions', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='What it decides')),
                ('learning', models.CharField(blank=True, choices=[('static', 'Static'), ('retrained', 'Retrained'), ('continuous', 'Continuous')], max_length=32, null=True, verbose_name='Learning')),
                ('autonomy', models.CharField(blank=True, choices=[('information', 'Informs'), ('recommendation', 'Recommends'), ('human_decides', 'Person decides'), ('human_can_intervene', 'Person can intervene'), ('automatic', 'Automatic')], max_length=32, null=True, verbose_name='Autonomy')),
                ('autonomy_note', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Autonomy in detail')),
                ('human_oversight', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Human oversight')),
                ('affected_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, null=True, size=50, verbose_name='Affected groups')),
                ('regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2, validators=[inventory.countries.known_country]), blank=True, null=True, size=250, verbose_name='Regions')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3, validators=[inventory.countries.known_language]), blank=True, null=True, size=100, verbose_name='Languages')),
                ('user_information', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='User information')),
                ('criticality', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=32, null=True, verbose_name='Criticality')),
                ('criticality_reason', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Why this criticality')),
                ('third_party', models.BooleanField(blank=True, null=True, verbose_name='Supplied by a third party')),
                ('vendor_product', models.CharField(blank=True, max_length=200, null=True, verbose_name="Vendor's product")),
                ('vendor_version', models.CharField(blank=True, max_length=200, null=True, verbose_name="Vendor's version")),
                ('embedded_in', models.CharField(blank=True, max_length=200, null=True, verbose_name='Embedded in')),
                ('retirement_plan', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Retirement plan')),
                ('owner', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.aisystem')),
                ('unit', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit')),
                ('supplier', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.supplier', verbose_name='Supplier')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='aisystem',
            name='supplier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='systems', to='inventory.supplier', verbose_name='Supplier'),
        ),
        migrations.CreateModel(
            name='SupplierEvent',
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
                ('state', models.CharField(choices=[('active', 'Active'), ('ended', 'Ended')], editable=False, max_length=32, null=True, verbose_name='State')),
                ('country', models.CharField(blank=True, max_length=2, null=True, validators=[inventory.countries.known_country], verbose_name='Country')),
                ('supplier_kind', models.CharField(choices=[('model', 'Model'), ('software', 'Software'), ('hosting', 'Hosting'), ('data', 'Data'), ('service', 'Service')], max_length=32, null=True, verbose_name='Kind')),
                ('supplies', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='What it supplies')),
                ('contract', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='Contract')),
                ('criticality', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=32, null=True, verbose_name='Criticality')),
                ('owner', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Owner')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.supplier')),
                ('unit', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SystemGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='Reason')),
                ('valid_from', models.DateField(verbose_name='From')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='Until')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Ended')),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=500, verbose_name='Why it ended')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='inventory.aisystem', verbose_name='AI system')),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Granted by')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='system_grants', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
            ],
            options={
                'verbose_name': 'role on one system',
                'verbose_name_plural': 'roles on single systems',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SystemGrantEvent',
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
                ('content_object', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem', verbose_name='AI system')),
                ('granted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Granted by')),
                ('permission', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.systemgrant')),
                ('user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SystemRole',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('rationale', models.TextField(blank=True, default='', max_length=1000, validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name='Why')),
                ('role', models.CharField(choices=[('ai_provider', 'AI provider'), ('ai_producer', 'AI producer'), ('ai_customer', 'AI customer'), ('ai_partner', 'AI partner'), ('ai_subject', 'AI subject'), ('relevant_authority', 'Relevant authority')], max_length=32, verbose_name='Role')),
                ('sub_role', models.CharField(blank=True, choices=[('ai_platform_provider', 'AI platform provider'), ('ai_product_or_service_provider', 'AI product or service provider'), ('ai_developer', 'AI developer'), ('ai_designer', 'AI designer'), ('ai_operator', 'AI operator'), ('ai_tester_and_evaluator', 'AI tester and evaluator'), ('ai_deployer', 'AI deployer'), ('ai_human_factors_professional', 'AI human factors professional'), ('domain_expert', 'Domain expert'), ('ai_impact_assessor', 'AI impact assessor'), ('procurer', 'Procurer'), ('ai_governance_and_oversight_professional', 'AI governance and oversight professional'), ('ai_user', 'AI user'), ('ai_system_integrator', 'AI system integrator'), ('data_provider', 'Data provider'), ('ai_evaluator', 'AI evaluator'), ('ai_auditor', 'AI auditor'), ('data_subject', 'Data subject'), ('other_subject', 'Other subject'), ('policy_maker', 'Policy maker'), ('regulator', 'Regulator')], default='', max_length=48, verbose_name='Sub-role')),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.unit', verbose_name='Legal entity')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='inventory.aisystem')),
            ],
            options={
                'verbose_name': 'ISO role',
                'verbose_name_plural': 'ISO roles',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SystemRoleEvent',
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
                ('rationale', models.TextField(blank=True, max_length=1000, null=True, validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name='Why')),
                ('role', models.CharField(choices=[('ai_provider', 'AI provider'), ('ai_producer', 'AI producer'), ('ai_customer', 'AI customer'), ('ai_partner', 'AI partner'), ('ai_subject', 'AI subject'), ('relevant_authority', 'Relevant authority')], max_length=32, null=True, verbose_name='Role')),
                ('sub_role', models.CharField(blank=True, choices=[('ai_platform_provider', 'AI platform provider'), ('ai_product_or_service_provider', 'AI product or service provider'), ('ai_developer', 'AI developer'), ('ai_designer', 'AI designer'), ('ai_operator', 'AI operator'), ('ai_tester_and_evaluator', 'AI tester and evaluator'), ('ai_deployer', 'AI deployer'), ('ai_human_factors_professional', 'AI human factors professional'), ('domain_expert', 'Domain expert'), ('ai_impact_assessor', 'AI impact assessor'), ('procurer', 'Procurer'), ('ai_governance_and_oversight_professional', 'AI governance and oversight professional'), ('ai_user', 'AI user'), ('ai_system_integrator', 'AI system integrator'), ('data_provider', 'Data provider'), ('ai_evaluator', 'AI evaluator'), ('ai_auditor', 'AI auditor'), ('data_subject', 'Data subject'), ('other_subject', 'Other subject'), ('policy_maker', 'Policy maker'), ('regulator', 'Regulator')], max_length=48, null=True, verbose_name='Sub-role')),
                ('legal_entity', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.unit', verbose_name='Legal entity')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.systemrole')),
                ('system', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SystemVersion',
            fields=[
                ('id', aims.db.RecordKey(primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=40, verbose_name='Number')),
                ('digest', models.CharField(blank=True, max_length=64, null=True, validators=[django.core.validators.RegexValidator('^[0-9a-f]{64}$', 'A SHA-256 digest has 64 digits from 0 to 9 and a to f.')], verbose_name='Model digest (SHA-256)')),
                ('notes', models.TextField(blank=True, default='', max_length=4000, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='What is new')),
                ('live_from', models.DateField(blank=True, null=True, verbose_name='In use from')),
                ('live_until', models.DateField(blank=True, null=True, verbose_name='In use until')),
                ('created_at', models.DateTimeField(db_default=aims.db.Now(), editable=False, verbose_name='Recorded')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='inventory.aisystem')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SystemVersionEvent',
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
                ('number', models.CharField(max_length=40, null=True, verbose_name='Number')),
                ('digest', models.CharField(blank=True, max_length=64, null=True, validators=[django.core.validators.RegexValidator('^[0-9a-f]{64}$', 'A SHA-256 digest has 64 digits from 0 to 9 and a to f.')], verbose_name='Model digest (SHA-256)')),
                ('notes', models.TextField(blank=True, max_length=4000, null=True, validators=[django.core.validators.MaxLengthValidator(4000)], verbose_name='What is new')),
                ('live_from', models.DateField(blank=True, null=True, verbose_name='In use from')),
                ('live_until', models.DateField(blank=True, null=True, verbose_name='In use until')),
                ('created_at', models.DateTimeField(editable=False, null=True, verbose_name='Recorded')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.systemversion')),
                ('system', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.aisystem')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='componentuse',
            constraint=models.UniqueConstraint(fields=('system', 'component'), name='component_use_once', violation_error_message='The system already uses this component.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentuse',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE inventory_aisystem SET version = version WHERE id IN (OLD.system_id, NEW.system_id); RETURN NULL;', hash='15166cdfa2e12f1471c97ba13495dfad4ab69b0f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_d2d15', table='inventory_componentuse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentuse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_componentuseevent" ("component_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (NEW."component_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."system_id"); RETURN NULL;', hash='9a3bbf3880fe01cf3f502d9ad47d92bb1f1d120c', operation='INSERT', pgid='pgtrigger_insert_insert_24ac5', table='inventory_componentuse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentuse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "inventory_componentuseevent" ("component_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (NEW."component_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."system_id"); RETURN NULL;', hash='8c983e74c285a612dfff600988f396c977d87195', operation='UPDATE', pgid='pgtrigger_update_update_c1e93', table='inventory_componentuse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentuse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_componentuseevent" ("component_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (OLD."component_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."system_id"); RETURN NULL;', hash='6cd180db1cdcd42341a6bd2c990ffaf232782e61', operation='DELETE', pgid='pgtrigger_delete_delete_bfad1', table='inventory_componentuse', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='componentuseevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_componentu_trail'),
        ),
        migrations.AddIndex(
            model_name='componentuseevent',
            index=models.Index(fields=['xid'], name='inventory_componentu_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentuseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='e204c27d6c34c0fbd0fde110358f04214ffec623', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7631b', table='inventory_componentuseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentuseevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='0f7329e8136b8faa8dafcb0fe8e425c2215069f3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_01d38', table='inventory_componentuseevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='lawrole',
            constraint=models.UniqueConstraint(fields=('system', 'role', 'legal_entity'), name='law_role_once', violation_error_message='This legal entity already has this role.'),
        ),
        migrations.AddConstraint(
            model_name='lawrole',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['provider', 'deployer', 'importer', 'distributor', 'authorised_representative', 'product_manufacturer'])), name='lawrole_role_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawrole',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE inventory_aisystem SET version = version WHERE id IN (OLD.system_id, NEW.system_id); RETURN NULL;', hash='198d8ca2b395c6bde4cdf224887c587b1db43b97', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_fddf7', table='inventory_lawrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawrole',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_lawroleevent" ("id", "legal_entity_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "role", "system_id") VALUES (NEW."id", NEW."legal_entity_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."rationale", NEW."role", NEW."system_id"); RETURN NULL;', hash='b1389ca6206306b59f918b343631ae29cd626f1c', operation='INSERT', pgid='pgtrigger_insert_insert_4e076', table='inventory_lawrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawrole',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "inventory_lawroleevent" ("id", "legal_entity_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "role", "system_id") VALUES (NEW."id", NEW."legal_entity_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."rationale", NEW."role", NEW."system_id"); RETURN NULL;', hash='c75e1daaf3a32c8fe0d5216c210f575bf062ce3e', operation='UPDATE', pgid='pgtrigger_update_update_2576e', table='inventory_lawrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawrole',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_lawroleevent" ("id", "legal_entity_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "role", "system_id") VALUES (OLD."id", OLD."legal_entity_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."rationale", OLD."role", OLD."system_id"); RETURN NULL;', hash='44d50ad18a5080c13116a8000d3982af2f4fcb47', operation='DELETE', pgid='pgtrigger_delete_delete_72853', table='inventory_lawrole', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='lawroleevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_lawrole_trail'),
        ),
        migrations.AddIndex(
            model_name='lawroleevent',
            index=models.Index(fields=['xid'], name='inventory_lawrole_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawroleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='ae9dce72cb48498b327a9277ef1e4a0bd39e2c5e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9473d', table='inventory_lawroleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lawroleevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='e3af4ce276cd5fadcb38ea086a2c1340caa3168b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_de13c', table='inventory_lawroleevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='stageentry',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['inception', 'design_development', 'verification_validation', 'deployment', 'operation_monitoring', 'continuous_validation', 're_evaluation', 'retirement'])), name='stageentry_stage_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageentry',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE inventory_aisystem SET version = version WHERE id IN (OLD.system_id, NEW.system_id); RETURN NULL;', hash='c724eb515d30a4209f9965b2d1c5f970bac42d01', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_09e7f', table='inventory_stageentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageentry',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_stageentryevent" ("by_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "stage", "system_id") VALUES (NEW."by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."reason", NEW."since", NEW."stage", NEW."system_id"); RETURN NULL;', hash='d7acddbc719973fb7fbd9419d971ab102e2dfc65', operation='INSERT', pgid='pgtrigger_insert_insert_1df26', table='inventory_stageentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageentry',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "inventory_stageentryevent" ("by_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "stage", "system_id") VALUES (NEW."by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."reason", NEW."since", NEW."stage", NEW."system_id"); RETURN NULL;', hash='ac6185d30b4b1bbdb96c39fdb22c6aeaea8513a6', operation='UPDATE', pgid='pgtrigger_update_update_24c40', table='inventory_stageentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageentry',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_stageentryevent" ("by_id", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "since", "stage", "system_id") VALUES (OLD."by_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."reason", OLD."since", OLD."stage", OLD."system_id"); RETURN NULL;', hash='488b1e5509ab6ea9dde80ad7d4da51ad778cb852', operation='DELETE', pgid='pgtrigger_delete_delete_d55bd', table='inventory_stageentry', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='stageentryevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_stageentry_trail'),
        ),
        migrations.AddIndex(
            model_name='stageentryevent',
            index=models.Index(fields=['xid'], name='inventory_stageentry_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageentryevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='409314ea7375ecf590fa5815cd0f73f3ab97f8c9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7ed2d', table='inventory_stageentryevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageentryevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='b29c556ef7b4ded306e57049a1950d8db87a094f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_3a08a', table='inventory_stageentryevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='supplier_unit'),
        ),
        migrations.AddIndex(
            model_name='supplier',
            index=models.Index(fields=['-updated_at', '-id'], name='supplier_recent'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False)), name='supplier_has_owner'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='supplier_country_code'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('supplier_kind__in', ['model', 'software', 'hosting', 'data', 'service'])), name='supplier_supplier_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'ended'])), name='supplier_state_known'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('criticality__in', ['', 'low', 'medium', 'high', 'critical'])), name='supplier_criticality_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;", hash='3d5cd1ee1b7f6c92a1b7c2464589ea7622eb68a2', operation='UPDATE', pgid='pgtrigger_version_606f2', table='inventory_supplier', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='spine_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO aims_record (id, kind, created_at, anchor_id, ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at) VALUES (NEW.id, 'supplier', NEW.created_at, NULL, NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at); RETURN NULL;", hash='21861248b8d91ecb2273187cca6c83bdeb7b6612', operation='INSERT', pgid='pgtrigger_spine_insert_78aeb', table='inventory_supplier', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='spine_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE aims_record SET (ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at, anchor_id) = (NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at, NULL) WHERE id = NEW.id; RETURN NULL;', hash='b440721590676423d561ec0174dc470c9ef784cd', operation='UPDATE', pgid='pgtrigger_spine_update_8c793', table='inventory_supplier', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='spine_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;', hash='f03f7dbce2002b057a03c35a0fc4be137cdeca03', operation='DELETE', pgid='pgtrigger_spine_delete_8a739', table='inventory_supplier', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_supplierevent" ("confidentiality", "contract", "country", "created_at", "criticality", "due_on", "id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "state", "supplier_kind", "supplies", "title", "unit_id", "updated_at", "version") VALUES (NEW."confidentiality", NEW."contract", NEW."country", NEW."created_at", NEW."criticality", NEW."due_on", NEW."id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."ref", NEW."state", NEW."supplier_kind", NEW."supplies", NEW."title", NEW."unit_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='bfd7bd27362f577de350c1a12c243c2ac0497d98', operation='INSERT', pgid='pgtrigger_insert_insert_f05b5', table='inventory_supplier', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."contract" IS DISTINCT FROM (NEW."contract") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."criticality" IS DISTINCT FROM (NEW."criticality") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."ref" IS DISTINCT FROM (NEW."ref") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."supplier_kind" IS DISTINCT FROM (NEW."supplier_kind") OR OLD."supplies" IS DISTINCT FROM (NEW."supplies") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "inventory_supplierevent" ("confidentiality", "contract", "country", "created_at", "criticality", "due_on", "id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "state", "supplier_kind", "supplies", "title", "unit_id", "updated_at", "version") VALUES (NEW."confidentiality", NEW."contract", NEW."country", NEW."created_at", NEW."criticality", NEW."due_on", NEW."id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."ref", NEW."state", NEW."supplier_kind", NEW."supplies", NEW."title", NEW."unit_id", NEW."updated_at", NEW."version"); RETURN NULL;', hash='1e70153432ce26904468039fc130851bcf123b92', operation='UPDATE', pgid='pgtrigger_update_update_e4c20', table='inventory_supplier', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplier',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_supplierevent" ("confidentiality", "contract", "country", "created_at", "criticality", "due_on", "id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "ref", "state", "supplier_kind", "supplies", "title", "unit_id", "updated_at", "version") VALUES (OLD."confidentiality", OLD."contract", OLD."country", OLD."created_at", OLD."criticality", OLD."due_on", OLD."id", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."ref", OLD."state", OLD."supplier_kind", OLD."supplies", OLD."title", OLD."unit_id", OLD."updated_at", OLD."version"); RETURN NULL;', hash='e39cd0b4e207fc71bb08be99d34cd8d61f95d199', operation='DELETE', pgid='pgtrigger_delete_delete_56640', table='inventory_supplier', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='componentevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_component_trail'),
        ),
        migrations.AddIndex(
            model_name='componentevent',
            index=models.Index(fields=['xid'], name='inventory_component_xid'),
        ),
        migrations.AddIndex(
            model_name='componentevent',
            index=models.Index(fields=['-updated_at', '-id'], name='inventory_component_asof'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='8b73a313046b2e5d3a1809ad78891aca43239ddd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b9783', table='inventory_componentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='componentevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='7f114cf206e7fc409b91054fbbfdb1df183b3af6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4002b', table='inventory_componentevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='component',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='component_unit'),
        ),
        migrations.AddIndex(
            model_name='component',
            index=models.Index(fields=['-updated_at', '-id'], name='component_recent'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.UniqueConstraint(fields=('id', 'unit'), name='system_id_unit'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=aims.db.Follows(columns=['system_id', 'unit_id'], name='component_follows_system', to='inventory_aisystem', to_columns=['id', 'unit_id']),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False)), name='component_has_owner'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('stages__contained_by', ['inception', 'design_development', 'verification_validation', 'deployment', 'operation_monitoring', 'continuous_validation', 're_evaluation', 'retirement'])), name='component_stages_known'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('component_kind__in', ['data_set', 'model', 'tool', 'computing', 'people'])), name='component_component_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['in_use', 'withdrawn'])), name='component_state_known'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['', 'training', 'validation', 'test', 'production'])), name='component_category_known'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('quality_state__in', ['', 'met', 'partly_met', 'not_met', 'not_checked'])), name='component_quality_state_known'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('component_kind', 'data_set'), models.Q(('category', ''), ('intended_use', ''), ('rights', ''), ('provenance', ''), ('acquisition', ''), ('labelling', ''), ('preparation', ''), ('personal_data__isnull', True), ('personal_data_note', ''), ('minimisation', ''), ('anonymisation', ''), ('encryption', ''), ('retention', ''), ('known_bias', ''), ('quality_state', ''), ('quality_note', ''), ('last_updated__isnull', True)), _connector='OR'), name='component_data_set_fields'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('component_kind', 'model'), models.Q(('algorithm', ''), ('base_model', ''), ('limits', '')), _connector='OR'), name='component_model_fields'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('component_kind', 'tool'), ('used_for', ''), _connector='OR'), name='component_tool_fields'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('component_kind', 'computing'), models.Q(('location', ''), ('resources', ''), ('footprint', '')), _connector='OR'), name='component_computing_fields'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('component_kind', 'people'), models.Q(('roles', ''), ('competence', ''), ('stages', [])), _connector='OR'), name='component_people_fields'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;", hash='69f8afa82d86cdf5ad13e1cc2789f76e8c0f2476', operation='UPDATE', pgid='pgtrigger_version_7ebd4', table='inventory_component', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='spine_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO aims_record (id, kind, created_at, anchor_id, ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at) VALUES (NEW.id, 'component', NEW.created_at, NEW.system_id, NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at); RETURN NULL;", hash='89e44c4795751cfcad2434564a71cb7acccf2c89', operation='INSERT', pgid='pgtrigger_spine_insert_4ca94', table='inventory_component', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='spine_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE aims_record SET (ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at, anchor_id) = (NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at, NEW.system_id) WHERE id = NEW.id; RETURN NULL;', hash='f5f4b43342ab5566074c4dc281afe9e70c982e12', operation='UPDATE', pgid='pgtrigger_spine_update_8c883', table='inventory_component', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='spine_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;', hash='e5c386e8ff71f3fefcb1b5313ec4886e0b14e4c4', operation='DELETE', pgid='pgtrigger_spine_delete_2bb1b', table='inventory_component', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_componentevent" ("acquisition", "algorithm", "anonymisation", "base_model", "category", "competence", "component_kind", "confidentiality", "created_at", "description", "due_on", "encryption", "footprint", "id", "intended_use", "known_bias", "labelling", "last_updated", "licence", "limits", "location", "minimisation", "owner_id", "personal_data", "personal_data_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preparation", "provenance", "quality_note", "quality_state", "ref", "release", "resources", "retention", "rights", "roles", "stages", "state", "supplier_id", "system_id", "title", "unit_id", "updated_at", "used_for", "version") VALUES (NEW."acquisition", NEW."algorithm", NEW."anonymisation", NEW."base_model", NEW."category", NEW."competence", NEW."component_kind", NEW."confidentiality", NEW."created_at", NEW."description", NEW."due_on", NEW."encryption", NEW."footprint", NEW."id", NEW."intended_use", NEW."known_bias", NEW."labelling", NEW."last_updated", NEW."licence", NEW."limits", NEW."location", NEW."minimisation", NEW."owner_id", NEW."personal_data", NEW."personal_data_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."preparation", NEW."provenance", NEW."quality_note", NEW."quality_state", NEW."ref", NEW."release", NEW."resources", NEW."retention", NEW."rights", NEW."roles", NEW."stages", NEW."state", NEW."supplier_id", NEW."system_id", NEW."title", NEW."unit_id", NEW."updated_at", NEW."used_for", NEW."version"); RETURN NULL;', hash='614686ff592098ccce5f0fd0eb5ea773d08e399b', operation='INSERT', pgid='pgtrigger_insert_insert_c1408', table='inventory_component', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."acquisition" IS DISTINCT FROM (NEW."acquisition") OR OLD."algorithm" IS DISTINCT FROM (NEW."algorithm") OR OLD."anonymisation" IS DISTINCT FROM (NEW."anonymisation") OR OLD."base_model" IS DISTINCT FROM (NEW."base_model") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."competence" IS DISTINCT FROM (NEW."competence") OR OLD."component_kind" IS DISTINCT FROM (NEW."component_kind") OR OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."encryption" IS DISTINCT FROM (NEW."encryption") OR OLD."footprint" IS DISTINCT FROM (NEW."footprint") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."intended_use" IS DISTINCT FROM (NEW."intended_use") OR OLD."known_bias" IS DISTINCT FROM (NEW."known_bias") OR OLD."labelling" IS DISTINCT FROM (NEW."labelling") OR OLD."last_updated" IS DISTINCT FROM (NEW."last_updated") OR OLD."licence" IS DISTINCT FROM (NEW."licence") OR OLD."limits" IS DISTINCT FROM (NEW."limits") OR OLD."location" IS DISTINCT FROM (NEW."location") OR OLD."minimisation" IS DISTINCT FROM (NEW."minimisation") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."personal_data" IS DISTINCT FROM (NEW."personal_data") OR OLD."personal_data_note" IS DISTINCT FROM (NEW."personal_data_note") OR OLD."preparation" IS DISTINCT FROM (NEW."preparation") OR OLD."provenance" IS DISTINCT FROM (NEW."provenance") OR OLD."quality_note" IS DISTINCT FROM (NEW."quality_note") OR OLD."quality_state" IS DISTINCT FROM (NEW."quality_state") OR OLD."ref" IS DISTINCT FROM (NEW."ref") OR OLD."release" IS DISTINCT FROM (NEW."release") OR OLD."resources" IS DISTINCT FROM (NEW."resources") OR OLD."retention" IS DISTINCT FROM (NEW."retention") OR OLD."rights" IS DISTINCT FROM (NEW."rights") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."stages" IS DISTINCT FROM (NEW."stages") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."supplier_id" IS DISTINCT FROM (NEW."supplier_id") OR OLD."system_id" IS DISTINCT FROM (NEW."system_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."used_for" IS DISTINCT FROM (NEW."used_for"))', func='INSERT INTO "inventory_componentevent" ("acquisition", "algorithm", "anonymisation", "base_model", "category", "competence", "component_kind", "confidentiality", "created_at", "description", "due_on", "encryption", "footprint", "id", "intended_use", "known_bias", "labelling", "last_updated", "licence", "limits", "location", "minimisation", "owner_id", "personal_data", "personal_data_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preparation", "provenance", "quality_note", "quality_state", "ref", "release", "resources", "retention", "rights", "roles", "stages", "state", "supplier_id", "system_id", "title", "unit_id", "updated_at", "used_for", "version") VALUES (NEW."acquisition", NEW."algorithm", NEW."anonymisation", NEW."base_model", NEW."category", NEW."competence", NEW."component_kind", NEW."confidentiality", NEW."created_at", NEW."description", NEW."due_on", NEW."encryption", NEW."footprint", NEW."id", NEW."intended_use", NEW."known_bias", NEW."labelling", NEW."last_updated", NEW."licence", NEW."limits", NEW."location", NEW."minimisation", NEW."owner_id", NEW."personal_data", NEW."personal_data_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."preparation", NEW."provenance", NEW."quality_note", NEW."quality_state", NEW."ref", NEW."release", NEW."resources", NEW."retention", NEW."rights", NEW."roles", NEW."stages", NEW."state", NEW."supplier_id", NEW."system_id", NEW."title", NEW."unit_id", NEW."updated_at", NEW."used_for", NEW."version"); RETURN NULL;', hash='1d98bf3afcf5e266aa95204b82231b3743be3f0f', operation='UPDATE', pgid='pgtrigger_update_update_d5517', table='inventory_component', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='component',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_componentevent" ("acquisition", "algorithm", "anonymisation", "base_model", "category", "competence", "component_kind", "confidentiality", "created_at", "description", "due_on", "encryption", "footprint", "id", "intended_use", "known_bias", "labelling", "last_updated", "licence", "limits", "location", "minimisation", "owner_id", "personal_data", "personal_data_note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preparation", "provenance", "quality_note", "quality_state", "ref", "release", "resources", "retention", "rights", "roles", "stages", "state", "supplier_id", "system_id", "title", "unit_id", "updated_at", "used_for", "version") VALUES (OLD."acquisition", OLD."algorithm", OLD."anonymisation", OLD."base_model", OLD."category", OLD."competence", OLD."component_kind", OLD."confidentiality", OLD."created_at", OLD."description", OLD."due_on", OLD."encryption", OLD."footprint", OLD."id", OLD."intended_use", OLD."known_bias", OLD."labelling", OLD."last_updated", OLD."licence", OLD."limits", OLD."location", OLD."minimisation", OLD."owner_id", OLD."personal_data", OLD."personal_data_note", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."preparation", OLD."provenance", OLD."quality_note", OLD."quality_state", OLD."ref", OLD."release", OLD."resources", OLD."retention", OLD."rights", OLD."roles", OLD."stages", OLD."state", OLD."supplier_id", OLD."system_id", OLD."title", OLD."unit_id", OLD."updated_at", OLD."used_for", OLD."version"); RETURN NULL;', hash='6a1f07b1f66ebebe832073b9733555060f095e85', operation='DELETE', pgid='pgtrigger_delete_delete_2929a', table='inventory_component', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='aisystemevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_aisystem_trail'),
        ),
        migrations.AddIndex(
            model_name='aisystemevent',
            index=models.Index(fields=['xid'], name='inventory_aisystem_xid'),
        ),
        migrations.AddIndex(
            model_name='aisystemevent',
            index=models.Index(fields=['-updated_at', '-id'], name='inventory_aisystem_asof'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='15b32b2f4a9c3756675ff4c6118215621c5311a1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b894a', table='inventory_aisystemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystemevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='b3e46ccffa1f9b7a74f75e6072e0a9ca6377f8bf', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_bdb63', table='inventory_aisystemevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='aisystem',
            index=models.Index(fields=['unit', '-updated_at', '-id'], name='system_unit'),
        ),
        migrations.AddIndex(
            model_name='aisystem',
            index=models.Index(fields=['-updated_at', '-id'], name='system_recent'),
        ),
        migrations.AddIndex(
            model_name='aisystem',
            index=models.Index(fields=['unit', 'state'], name='system_unit_stage'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False)), name='system_has_owner'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retired_on__isnull', False), ('state', 'retirement')), models.Q(models.Q(('state', 'retirement'), _negated=True), ('retired_on__isnull', True)), _connector='OR'), name='system_retired_dated', violation_error_message='A retired system has the date of its retirement, another one has none.'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'retirement'), _negated=True), models.Q(('retirement_plan', ''), _negated=True), _connector='OR'), name='system_retired_planned', violation_error_message='A retired system keeps its retirement plan.'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('operation_monitoring', 'continuous_validation')), _negated=True), ('live_since__isnull', False), _connector='OR'), name='system_in_use_dated', violation_error_message='Say since when the system is in use.'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(('live_since', None), ('retired_on', None), ('retired_on__gte', models.F('live_since')), _connector='OR'), name='system_retired_after_use', violation_error_message='It cannot be retired before it was in use.'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('third_party', True), ('third_party__isnull', False), models.Q(('vendor_product', ''), _negated=True)), models.Q(models.Q(('third_party', False), ('third_party__isnull', True), _connector='OR'), ('supplier__isnull', True), ('vendor_product', ''), ('vendor_version', '')), _connector='OR'), name='system_third_party_named', violation_error_message="A third party's system names the vendor's product; only such a system has vendor and supplier."),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('criticality', ''), ('criticality_reason', '')), models.Q(models.Q(('criticality', ''), _negated=True), models.Q(('criticality_reason', ''), _negated=True)), _connector='OR'), name='system_criticality_reasoned', violation_error_message='Give the criticality together with its reason.'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Regex(inventory.models.fields.Joined(models.F('regions')), models.Value('^([A-Z]{2}(,[A-Z]{2})*)?$'))), name='system_region_codes'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Regex(inventory.models.fields.Joined(models.F('languages')), models.Value('^([a-z]{2,3}(,[a-z]{2,3})*)?$'))), name='system_language_codes'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['inception', 'design_development', 'verification_validation', 'deployment', 'operation_monitoring', 'continuous_validation', 're_evaluation', 'retirement'])), name='aisystem_state_known'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(('autonomy__in', ['', 'information', 'recommendation', 'human_decides', 'human_can_intervene', 'automatic'])), name='aisystem_autonomy_known'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(('criticality__in', ['', 'low', 'medium', 'high', 'critical'])), name='aisystem_criticality_known'),
        ),
        migrations.AddConstraint(
            model_name='aisystem',
            constraint=models.CheckConstraint(condition=models.Q(('learning__in', ['', 'static', 'retrained', 'continuous'])), name='aisystem_learning_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.created_at <> OLD.created_at THEN RAISE EXCEPTION 'id, reference and creation never change' USING ERRCODE = 'check_violation'; END IF; NEW.version := OLD.version + 1; NEW.updated_at := aims_now(); RETURN NEW;", hash='ece036cd47d9da892effb75670eac4b60e2854a5', operation='UPDATE', pgid='pgtrigger_version_e295d', table='inventory_aisystem', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='spine_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO aims_record (id, kind, created_at, anchor_id, ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at) VALUES (NEW.id, 'system', NEW.created_at, NEW.id, NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at); RETURN NULL;", hash='07e99d1a86223129c0611f2b2dc9872c463515fa', operation='INSERT', pgid='pgtrigger_spine_insert_58134', table='inventory_aisystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='spine_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE aims_record SET (ref, title, unit_id, owner_id, state, confidentiality, due_on, version, updated_at, anchor_id) = (NEW.ref, NEW.title, NEW.unit_id, NEW.owner_id, NEW.state, NEW.confidentiality, NEW.due_on, NEW.version, NEW.updated_at, NEW.id) WHERE id = NEW.id; RETURN NULL;', hash='a9e7aab4ef0adb426b6e68e74ac51d84e3aca59b', operation='UPDATE', pgid='pgtrigger_spine_update_87aca', table='inventory_aisystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='spine_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='DELETE FROM aims_record WHERE id = OLD.id; RETURN NULL;', hash='ea0b57a190d14f16526cd0f02e2e3be942ed37ec', operation='DELETE', pgid='pgtrigger_spine_delete_fa5ab', table='inventory_aisystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_aisystemevent" ("affected_groups", "autonomy", "autonomy_note", "confidentiality", "created_at", "criticality", "criticality_reason", "decisions", "due_on", "embedded_in", "foreseeable_misuse", "human_oversight", "id", "intended_use", "languages", "learning", "live_since", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "ref", "regions", "retired_on", "retirement_plan", "state", "supplier_id", "third_party", "title", "unit_id", "updated_at", "user_information", "vendor_product", "vendor_version", "version") VALUES (NEW."affected_groups", NEW."autonomy", NEW."autonomy_note", NEW."confidentiality", NEW."created_at", NEW."criticality", NEW."criticality_reason", NEW."decisions", NEW."due_on", NEW."embedded_in", NEW."foreseeable_misuse", NEW."human_oversight", NEW."id", NEW."intended_use", NEW."languages", NEW."learning", NEW."live_since", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."purpose", NEW."ref", NEW."regions", NEW."retired_on", NEW."retirement_plan", NEW."state", NEW."supplier_id", NEW."third_party", NEW."title", NEW."unit_id", NEW."updated_at", NEW."user_information", NEW."vendor_product", NEW."vendor_version", NEW."version"); RETURN NULL;', hash='668363d6390af0bbd3d57ca63b17af1978435d28', operation='INSERT', pgid='pgtrigger_insert_insert_f867e', table='inventory_aisystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."affected_groups" IS DISTINCT FROM (NEW."affected_groups") OR OLD."autonomy" IS DISTINCT FROM (NEW."autonomy") OR OLD."autonomy_note" IS DISTINCT FROM (NEW."autonomy_note") OR OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."criticality" IS DISTINCT FROM (NEW."criticality") OR OLD."criticality_reason" IS DISTINCT FROM (NEW."criticality_reason") OR OLD."decisions" IS DISTINCT FROM (NEW."decisions") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."embedded_in" IS DISTINCT FROM (NEW."embedded_in") OR OLD."foreseeable_misuse" IS DISTINCT FROM (NEW."foreseeable_misuse") OR OLD."human_oversight" IS DISTINCT FROM (NEW."human_oversight") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."intended_use" IS DISTINCT FROM (NEW."intended_use") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."learning" IS DISTINCT FROM (NEW."learning") OR OLD."live_since" IS DISTINCT FROM (NEW."live_since") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."ref" IS DISTINCT FROM (NEW."ref") OR OLD."regions" IS DISTINCT FROM (NEW."regions") OR OLD."retired_on" IS DISTINCT FROM (NEW."retired_on") OR OLD."retirement_plan" IS DISTINCT FROM (NEW."retirement_plan") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."supplier_id" IS DISTINCT FROM (NEW."supplier_id") OR OLD."third_party" IS DISTINCT FROM (NEW."third_party") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id") OR OLD."user_information" IS DISTINCT FROM (NEW."user_information") OR OLD."vendor_product" IS DISTINCT FROM (NEW."vendor_product") OR OLD."vendor_version" IS DISTINCT FROM (NEW."vendor_version"))', func='INSERT INTO "inventory_aisystemevent" ("affected_groups", "autonomy", "autonomy_note", "confidentiality", "created_at", "criticality", "criticality_reason", "decisions", "due_on", "embedded_in", "foreseeable_misuse", "human_oversight", "id", "intended_use", "languages", "learning", "live_since", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "ref", "regions", "retired_on", "retirement_plan", "state", "supplier_id", "third_party", "title", "unit_id", "updated_at", "user_information", "vendor_product", "vendor_version", "version") VALUES (NEW."affected_groups", NEW."autonomy", NEW."autonomy_note", NEW."confidentiality", NEW."created_at", NEW."criticality", NEW."criticality_reason", NEW."decisions", NEW."due_on", NEW."embedded_in", NEW."foreseeable_misuse", NEW."human_oversight", NEW."id", NEW."intended_use", NEW."languages", NEW."learning", NEW."live_since", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."purpose", NEW."ref", NEW."regions", NEW."retired_on", NEW."retirement_plan", NEW."state", NEW."supplier_id", NEW."third_party", NEW."title", NEW."unit_id", NEW."updated_at", NEW."user_information", NEW."vendor_product", NEW."vendor_version", NEW."version"); RETURN NULL;', hash='c030cf99ee992a7b6fe5156612fdc4cf78b1b53c', operation='UPDATE', pgid='pgtrigger_update_update_1ee88', table='inventory_aisystem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aisystem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_aisystemevent" ("affected_groups", "autonomy", "autonomy_note", "confidentiality", "created_at", "criticality", "criticality_reason", "decisions", "due_on", "embedded_in", "foreseeable_misuse", "human_oversight", "id", "intended_use", "languages", "learning", "live_since", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "ref", "regions", "retired_on", "retirement_plan", "state", "supplier_id", "third_party", "title", "unit_id", "updated_at", "user_information", "vendor_product", "vendor_version", "version") VALUES (OLD."affected_groups", OLD."autonomy", OLD."autonomy_note", OLD."confidentiality", OLD."created_at", OLD."criticality", OLD."criticality_reason", OLD."decisions", OLD."due_on", OLD."embedded_in", OLD."foreseeable_misuse", OLD."human_oversight", OLD."id", OLD."intended_use", OLD."languages", OLD."learning", OLD."live_since", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."purpose", OLD."ref", OLD."regions", OLD."retired_on", OLD."retirement_plan", OLD."state", OLD."supplier_id", OLD."third_party", OLD."title", OLD."unit_id", OLD."updated_at", OLD."user_information", OLD."vendor_product", OLD."vendor_version", OLD."version"); RETURN NULL;', hash='d7702faf982d06e01a0ec082553845a2cd3d2a87', operation='DELETE', pgid='pgtrigger_delete_delete_5bb37', table='inventory_aisystem', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='supplierevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_supplier_trail'),
        ),
        migrations.AddIndex(
            model_name='supplierevent',
            index=models.Index(fields=['xid'], name='inventory_supplier_xid'),
        ),
        migrations.AddIndex(
            model_name='supplierevent',
            index=models.Index(fields=['-updated_at', '-id'], name='inventory_supplier_asof'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplierevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='23ea2bc52f9f2ebee3afef7065464ba511c7c44d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_faff3', table='inventory_supplierevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplierevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='b7111d8c8a85892130b539d585db95a8801a7232', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_129d5', table='inventory_supplierevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='systemgrant',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='inventory_systemgrant_period', violation_error_message='The end comes before the start.'),
        ),
        migrations.AddConstraint(
            model_name='systemgrant',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='inventory_systemgrant_reason'),
        ),
        migrations.AddConstraint(
            model_name='systemgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='inventory_systemgrant_ended_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='systemgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('valid_until', None)), fields=('user', 'permission', 'content_object'), name='system_grant_one_open', violation_error_message='This person holds this role here already.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemgrant',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."content_object_id" IS DISTINCT FROM (NEW."content_object_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."permission_id" IS DISTINCT FROM (NEW."permission_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='b17c5e1af4047c51d5e93cd70376c2b65b4af443', operation='UPDATE', pgid='pgtrigger_version_2337b', table='inventory_systemgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemgrant',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_systemgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until", "version") VALUES (NEW."content_object_id", NEW."end_reason", NEW."ended_at", NEW."granted_by_id", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."reason", NEW."user_id", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;', hash='4ca24232074c7cb571c0c9e43be82e35060b4b99', operation='INSERT', pgid='pgtrigger_insert_insert_f861c', table='inventory_systemgrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemgrant',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."content_object_id" IS DISTINCT FROM (NEW."content_object_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."granted_by_id" IS DISTINCT FROM (NEW."granted_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."permission_id" IS DISTINCT FROM (NEW."permission_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))', func='INSERT INTO "inventory_systemgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until", "version") VALUES (NEW."content_object_id", NEW."end_reason", NEW."ended_at", NEW."granted_by_id", NEW."id", NEW."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."reason", NEW."user_id", NEW."valid_from", NEW."valid_until", NEW."version"); RETURN NULL;', hash='5d39a97c9c61af8ae3a7564258c75546224bf5cf', operation='UPDATE', pgid='pgtrigger_update_update_6972f', table='inventory_systemgrant', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemgrant',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_systemgrantevent" ("content_object_id", "end_reason", "ended_at", "granted_by_id", "id", "permission_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until", "version") VALUES (OLD."content_object_id", OLD."end_reason", OLD."ended_at", OLD."granted_by_id", OLD."id", OLD."permission_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."reason", OLD."user_id", OLD."valid_from", OLD."valid_until", OLD."version"); RETURN NULL;', hash='662e4b131fb23075b09f19f56130b7807b6dc379', operation='DELETE', pgid='pgtrigger_delete_delete_7a794', table='inventory_systemgrant', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='systemgrantevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_systemgran_trail'),
        ),
        migrations.AddIndex(
            model_name='systemgrantevent',
            index=models.Index(fields=['xid'], name='inventory_systemgran_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemgrantevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='31c077748f4e1c06d425bf88f8c1c13efe2181f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0f1fc', table='inventory_systemgrantevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemgrantevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='5025e4636401554ebafc1290be35ecc624ce1c1b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_08bd2', table='inventory_systemgrantevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='systemrole',
            constraint=models.UniqueConstraint(fields=('system', 'role', 'sub_role', 'legal_entity'), name='system_role_once', violation_error_message='This legal entity already has this role.'),
        ),
        migrations.AddConstraint(
            model_name='systemrole',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'ai_provider'), ('sub_role__in', ['', 'ai_platform_provider', 'ai_product_or_service_provider'])), models.Q(('role', 'ai_producer'), ('sub_role__in', ['', 'ai_developer', 'ai_designer', 'ai_operator', 'ai_tester_and_evaluator', 'ai_deployer', 'ai_human_factors_professional', 'domain_expert', 'ai_impact_assessor', 'procurer', 'ai_governance_and_oversight_professional'])), models.Q(('role', 'ai_customer'), ('sub_role__in', ['', 'ai_user'])), models.Q(('role', 'ai_partner'), ('sub_role__in', ['', 'ai_system_integrator', 'data_provider', 'ai_evaluator', 'ai_auditor'])), models.Q(('role', 'ai_subject'), ('sub_role__in', ['', 'data_subject', 'other_subject'])), models.Q(('role', 'relevant_authority'), ('sub_role__in', ['', 'policy_maker', 'regulator'])), _connector='OR'), name='system_role_sub_role', violation_error_message='This sub-role belongs to another role.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemrole',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE inventory_aisystem SET version = version WHERE id IN (OLD.system_id, NEW.system_id); RETURN NULL;', hash='c855e2e205e2e3164800999c733096711bb072e2', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_f1de8', table='inventory_systemrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemrole',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_systemroleevent" ("id", "legal_entity_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "role", "sub_role", "system_id") VALUES (NEW."id", NEW."legal_entity_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."rationale", NEW."role", NEW."sub_role", NEW."system_id"); RETURN NULL;', hash='629c83ace26080ec7bf736a6e48e2bb9e6536edd', operation='INSERT', pgid='pgtrigger_insert_insert_0a788', table='inventory_systemrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemrole',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "inventory_systemroleevent" ("id", "legal_entity_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "role", "sub_role", "system_id") VALUES (NEW."id", NEW."legal_entity_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."rationale", NEW."role", NEW."sub_role", NEW."system_id"); RETURN NULL;', hash='8e3cc412ed2fc7e2938c82450c0d580e4583f78b', operation='UPDATE', pgid='pgtrigger_update_update_f8173', table='inventory_systemrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemrole',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_systemroleevent" ("id", "legal_entity_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rationale", "role", "sub_role", "system_id") VALUES (OLD."id", OLD."legal_entity_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."rationale", OLD."role", OLD."sub_role", OLD."system_id"); RETURN NULL;', hash='37be689caefcd0216846504ec5be5a8087a775df', operation='DELETE', pgid='pgtrigger_delete_delete_7489a', table='inventory_systemrole', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='systemroleevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_systemrole_trail'),
        ),
        migrations.AddIndex(
            model_name='systemroleevent',
            index=models.Index(fields=['xid'], name='inventory_systemrole_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemroleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='6abf7ce9a0d3cef68953f5a5f36380565e607fb0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fc4b7', table='inventory_systemroleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemroleevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='0be09ad755c7ff4f09dfadc4275dda3c04b83bba', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_16cec', table='inventory_systemroleevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='systemversion',
            constraint=models.UniqueConstraint(models.F('system'), django.db.models.functions.text.Lower('number'), name='version_number', violation_error_message='This number is taken.'),
        ),
        migrations.AddConstraint(
            model_name='systemversion',
            constraint=models.UniqueConstraint(condition=models.Q(('live_from__isnull', False), ('live_until__isnull', True)), fields=('system',), name='version_one_live', violation_error_message='Another version is in use; end it first.'),
        ),
        migrations.AddConstraint(
            model_name='systemversion',
            constraint=models.CheckConstraint(condition=models.Q(('digest__isnull', True), ('digest__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='version_digest', violation_error_message='A SHA-256 digest has 64 digits from 0 to 9 and a to f.'),
        ),
        migrations.AddConstraint(
            model_name='systemversion',
            constraint=models.CheckConstraint(condition=models.Q(('live_until', None), models.Q(('live_from__isnull', False), ('live_until__gte', models.F('live_from'))), _connector='OR'), name='version_period', violation_error_message='The end comes before the start.'),
        ),
        migrations.AddConstraint(
            model_name='systemversion',
            constraint=models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='version_numbered'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemversion',
            trigger=pgtrigger.compiler.Trigger(name='raise_root', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE inventory_aisystem SET version = version WHERE id IN (OLD.system_id, NEW.system_id); RETURN NULL;', hash='7735482e5ce83c996ffbb8d777cdb71bb9192d91', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_root_9270d', table='inventory_systemversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_systemversionevent" ("created_at", "digest", "id", "live_from", "live_until", "notes", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (NEW."created_at", NEW."digest", NEW."id", NEW."live_from", NEW."live_until", NEW."notes", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'insert\', NEW."id", NEW."system_id"); RETURN NULL;', hash='4dd28a00cdbc903ad06160f491db9afe6bc2c2e0', operation='INSERT', pgid='pgtrigger_insert_insert_f8c19', table='inventory_systemversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "inventory_systemversionevent" ("created_at", "digest", "id", "live_from", "live_until", "notes", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (NEW."created_at", NEW."digest", NEW."id", NEW."live_from", NEW."live_until", NEW."notes", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'update\', NEW."id", NEW."system_id"); RETURN NULL;', hash='d8e79de45de56b82673245e5256a5685461f9755', operation='UPDATE', pgid='pgtrigger_update_update_feef4', table='inventory_systemversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_systemversionevent" ("created_at", "digest", "id", "live_from", "live_until", "notes", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "system_id") VALUES (OLD."created_at", OLD."digest", OLD."id", OLD."live_from", OLD."live_until", OLD."notes", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, aims_now(), \'delete\', OLD."id", OLD."system_id"); RETURN NULL;', hash='2319ca3cb40200da919cb28e2827522b443665b3', operation='DELETE', pgid='pgtrigger_delete_delete_c54d6', table='inventory_systemversion', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='systemversionevent',
            index=models.Index(fields=['pgh_obj_id', 'pgh_created_at'], name='inventory_systemvers_trail'),
        ),
        migrations.AddIndex(
            model_name='systemversionevent',
            index=models.Index(fields=['xid'], name='inventory_systemvers_xid'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemversionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='8501db677b722e42fcd8e2485adeb6f202d33f8d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c15a8', table='inventory_systemversionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='systemversionevent',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';", hash='1386a669b9084dfbd7827bb7dd17679c7a8e3a2d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_492f9', table='inventory_systemversionevent', when='BEFORE')),
        ),
    ]
