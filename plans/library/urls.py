from django.urls import URLPattern, URLResolver, path

from . import views
from .api import TechniqueDetail, TechniqueList

app_name = "library"

urlpatterns: list[URLPattern | URLResolver] = [
    path("library/", views.home, name="home"),
    path("library/muscles/<slug:slug>/", views.muscle, name="muscle"),
    path("library/techniques/<uuid:uuid>/", views.technique, name="technique"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("techniques/", TechniqueList.as_view(), name="api-techniques"),
    path("techniques/<uuid:uuid>/", TechniqueDetail.as_view(), name="api-technique"),
]
