from django.urls import URLPattern, URLResolver, path

from .views import accept

app_name = "today"

urlpatterns: list[URLPattern | URLResolver] = [
    path("i/<str:token>/", accept.accept, name="accept"),
    path("i/<str:token>/again/", accept.send_again, name="accept-again"),
]
