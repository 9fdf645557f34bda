"""Addresses of the journal."""

from django.urls import URLPattern, URLResolver, path

from . import views
from .api import OutcomeDueView, OutcomeView, SessionList, SessionView

app_name = "journal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", views.log, name="log"),
    path("check-in/", views.check_in, name="check_in"),
    path("hurts/", views.hurts, name="hurts"),
    path("morning/", views.morning, name="morning"),
    path("questions/", views.outcomes, name="outcomes"),
    path("questions/not-now/", views.skip, name="skip_outcomes"),
    path("progress/", views.progress, name="progress"),
    path("log/<uuid:uuid>/", views.answer, name="answer"),
    path("log/<uuid:uuid>/edit/", views.edit, name="edit"),
    path("log/<uuid:uuid>/remove/", views.remove, name="remove"),
    path("log/<uuid:uuid>/restore/", views.restore, name="restore"),
    path("log/<uuid:uuid>/choose/", views.choose, name="choose"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("outcomes/", OutcomeView.as_view(), name="api-outcomes"),
    path("outcomes/due/", OutcomeDueView.as_view(), name="api-outcomes-due"),
    path("sessions/", SessionList.as_view(), name="api-sessions"),
    path("sessions/<uuid:uuid>/", SessionView.as_view(), name="api-session"),
]
