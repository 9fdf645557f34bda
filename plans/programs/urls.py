from django.urls import URLPattern, URLResolver, path

from . import views
from .api import ProgramDetail, ProgramList

app_name = "programs"

urlpatterns: list[URLPattern | URLResolver] = [
    path("templates/", views.templates, name="templates"),
    path("templates/<uuid:uuid>/", views.template, name="template"),
    path("templates/<uuid:uuid>/approve/", views.approve, name="approve_template"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("programs/", ProgramList.as_view(), name="api-programs"),
    path("programs/<uuid:uuid>/", ProgramDetail.as_view(), name="api-program"),
]
