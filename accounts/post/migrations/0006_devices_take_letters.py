import accounts.people.models.encrypted
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_tenant_keys'),
        ('post', '0005_heartbeats_know_the_bell'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='contactpreferences',
            name='nudge_channel',
            field=models.CharField(default='email', help_text='How reminders come', max_length=10),
        ),
        migrations.AddField(
            model_name='delivery',
            name='channel',
            field=models.CharField(default='email', max_length=10),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='outcome',
            field=models.CharField(blank=True, choices=[('sent', 'sent'), ('refused', 'refused'), ('retry', 'retry'), ('ambiguous', 'ambiguous'), ('withdrawn', 'withdrawn'), ('gone', 'gone')], max_length=10),
        ),
        migrations.AlterField(
            model_name='incident',
            name='kind',
            field=models.CharField(choices=[('letter_dead', 'letter_dead'), ('letter_uncertain', 'letter_uncertain'), ('letter_returned', 'letter_returned'), ('letter_late', 'letter_late'), ('nobody_reachable', 'nobody_reachable'), ('address_failed', 'address_failed'), ('invariant_broken', 'invariant_broken'), ('engine_stood_still', 'engine_stood_still')], max_length=30),
        ),
        migrations.AlterField(
            model_name='letter',
            name='channel',
            field=models.CharField(help_text='The name of a channel of accounts/post/delivery', max_length=10),
        ),
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('endpoint', models.CharField(help_text="The address the browser's maker gave it", max_length=1000, unique=True)),
                ('p256dh', accounts.people.models.encrypted.EncryptedTextField(help_text="The browser's public key")),
                ('auth', accounts.people.models.encrypted.EncryptedTextField(help_text='The secret it shares with us')),
                ('device', models.CharField(blank=True, help_text='How its holder tells it from others', max_length=80)),
                ('created_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='letter',
            name='subscription',
            field=models.ForeignKey(help_text='The device, when the channel is push', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='post.pushsubscription'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('channel', 'push'), ('subscription__isnull', True), _connector='OR'), name='letter_device_is_for_push'),
        ),
        migrations.AddIndex(
            model_name='pushsubscription',
            index=models.Index(fields=['user', '-created_at'], name='push_user_created'),
        ),
        migrations.AddConstraint(
            model_name='pushsubscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('p256dh', ''), _negated=True), models.Q(('auth', ''), _negated=True)), name='push_subscription_has_keys'),
        ),
    ]
