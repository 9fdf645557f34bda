from django.urls import URLPattern, URLResolver, path

from .views import accept, acting

app_name = "today"

urlpatterns: list[URLPattern | URLResolver] = [
    path("acting-for/", acting.act_for, name="acting-for"),
    path("i/<str:token>/", accept.accept, name="accept"),
    path("i/<str:token>/again/", accept.send_again, name="accept-again"),
]
