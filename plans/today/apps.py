from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "plans.today"
    label = "today"
