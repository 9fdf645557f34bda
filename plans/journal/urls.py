"""Addresses of the journal."""

from django.urls import URLPattern, URLResolver, path

from .api import SessionList, SessionView

app_name = "journal"

urlpatterns: list[URLPattern | URLResolver] = []

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("sessions/", SessionList.as_view(), name="api-sessions"),
    path("sessions/<uuid:uuid>/", SessionView.as_view(), name="api-session"),
]
