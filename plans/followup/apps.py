from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "plans.followup"
    label = "followup"
