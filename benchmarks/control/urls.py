from django.urls import path

from . import views

handler404 = views.missing

urlpatterns = [
    path("empty/", views.empty),
    path("session/", views.session),
    path("joined/", views.joined),
    path("write/", views.Write.as_view()),
    path("history/", views.History.as_view()),
    path("keyset/", views.Keyset.as_view()),
]
