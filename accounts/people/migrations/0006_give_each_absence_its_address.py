"""Every row there is got the same address from the migration before; each gets its own."""

import uuid

from django.db import migrations


def give_addresses(apps, schema_editor):
    absences = apps.get_model("people", "Absence").objects
    for pk in absences.values_list("pk", flat=True).iterator():
        absences.filter(pk=pk).update(uuid=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("people", "0005_absences_have_addresses")]

    operations = [migrations.RunPython(give_addresses, migrations.RunPython.noop)]
