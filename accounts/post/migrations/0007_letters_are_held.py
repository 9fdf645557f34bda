import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_tenant_keys'),
        ('post', '0006_devices_take_letters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='killswitch',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='killswitch',
            name='until_at',
            field=models.DateTimeField(help_text='Empty after a restored backup: until a person releases', null=True),
        ),
        migrations.AddConstraint(
            model_name='killswitch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('until_at__isnull', False)), models.Q(('by__isnull', True), ('scope', 'all'), ('until_at__isnull', True)), _connector='OR'), name='kill_switch_ends_or_is_a_hold'),
        ),
    ]
