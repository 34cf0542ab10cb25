import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("controls", "0003_first_scope")]

    operations = [
        migrations.AlterField(
            model_name="controlstatement",
            name="scope",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statements",
                to="controls.aimsscope",
                verbose_name="Scope",
            ),
        ),
    ]
