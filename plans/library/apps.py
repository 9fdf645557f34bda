from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "plans.library"
    label = "library"
