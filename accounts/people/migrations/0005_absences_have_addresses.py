import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_members_choose_the_morning_letter")]

    operations = [
        migrations.AddField(
            model_name="absence",
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        )
    ]
