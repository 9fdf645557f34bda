from django.urls import URLPattern, URLResolver, path

from .api.clients import ClientDetail, ClientList
from .api.contacts import ContactList

app_name = "people"

urlpatterns: list[URLPattern | URLResolver] = []

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/", ClientList.as_view(), name="api-clients"),
    path("clients/<uuid:uuid>/", ClientDetail.as_view(), name="api-client"),
    path("clients/<uuid:uuid>/contacts/", ContactList.as_view(), name="api-contacts"),
]
