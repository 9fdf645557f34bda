from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "plans.desk"
    label = "desk"
