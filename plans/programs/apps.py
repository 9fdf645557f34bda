from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "plans.programs"
    label = "programs"
