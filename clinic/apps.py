from importlib import import_module

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """The site itself: listed so that its commands, tags and static files are found."""

    name = "clinic"
    label = "clinic"

    def ready(self) -> None:
        import_module("clinic.checks")  # registers them
        import_module("clinic.api.describing")  # so does this
