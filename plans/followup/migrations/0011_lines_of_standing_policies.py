from django.db import migrations
from django.utils import timezone

LINES = {"severe": "severe_min", "very_severe": "very_severe_min", "sleepless": "sleepless_min"}


def hand_down(apps, schema_editor):
    """What clinics and clients chose before is known to the answer to a log, too."""
    Policy = apps.get_model("followup", "FollowUpPolicy")
    for policy in Policy.objects.order_by("clinic", "version").select_related("clinic"):
        policy.clinic.pain_lines = lines_of(policy.numbers)
        policy.clinic.save(update_fields=["pain_lines"])
    Override = apps.get_model("followup", "PolicyOverride")
    for override in Override.objects.filter(ended_at__isnull=True).select_related("client__clinic"):
        if override.until_at is None or override.until_at > timezone.now():
            override.client.pain_lines = override.client.clinic.pain_lines | lines_of(override.numbers)
            override.client.save(update_fields=["pain_lines"])


def lines_of(numbers):
    return {line: numbers[name] for line, name in LINES.items() if name in numbers}


class Migration(migrations.Migration):
    dependencies = [("followup", "0010_events_are_kept"), ("people", "0009_pain_lines")]

    operations = [migrations.RunPython(hand_down, migrations.RunPython.noop)]
