"""The map of the API: every slice brings its own routes."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from accounts.people.urls import api_urlpatterns as people
from accounts.post.urls import api_urlpatterns as post
from plans.followup.urls import api_urlpatterns as followup
from plans.journal.urls import api_urlpatterns as journal
from plans.library.urls import api_urlpatterns as library
from plans.programs.urls import api_urlpatterns as programs
from plans.today.urls import api_urlpatterns as today

from .api.reading import readable

urlpatterns: list[URLPattern | URLResolver] = [
    path("", readable, name="api-readable"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *people,
    *post,
    *journal,
    *library,
    *programs,
    *followup,
    *today,
]
