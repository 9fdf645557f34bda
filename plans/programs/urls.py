from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "programs"

urlpatterns: list[URLPattern | URLResolver] = [
    path("templates/", views.templates, name="templates"),
    path("templates/<uuid:uuid>/", views.template, name="template"),
    path("templates/<uuid:uuid>/approve/", views.approve, name="approve_template"),
]

api_urlpatterns: list[URLPattern | URLResolver] = []
