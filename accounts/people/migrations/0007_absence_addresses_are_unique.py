import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_give_each_absence_its_address")]

    operations = [
        migrations.AlterField(
            model_name="absence",
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        )
    ]
