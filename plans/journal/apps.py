from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "plans.journal"
    label = "journal"
