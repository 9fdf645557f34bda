"""The map of the site."""

from django.urls import include, path

from . import health, views

handler404 = views.not_found
handler500 = views.failed

urlpatterns = [
    path("", views.home, name="home"),
    path("help/urgent/", views.help_urgent, name="help_urgent"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("health/engine", health.engine, name="health-engine"),
    path("account/", include("clinic.account_urls")),
    path("", include("accounts.people.urls")),
    path("", include("accounts.post.urls")),
    path("", include("plans.library.urls")),
    path("", include("plans.programs.urls")),
    path("", include("plans.journal.urls")),
    path("", include("plans.followup.urls")),
    path("", include("plans.desk.urls")),
    path("", include("plans.today.urls")),
    path("api/v1/", include("clinic.api_urls")),
]
