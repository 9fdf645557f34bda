from django.urls import URLPattern, URLResolver, path

from . import views
from .views import away, settings, sign_in, staff

app_name = "post"

urlpatterns: list[URLPattern | URLResolver] = [
    path("clinic/staff/", staff.staff, name="staff"),
    path("clinic/staff/<uuid:uuid>/leave/", staff.leave, name="staff-leave"),
    path("clinic/settings/", settings.settings, name="settings"),
    path("clinic/away/", away.away, name="away"),
    path("clinic/away/<uuid:uuid>/back/", away.back, name="away-back"),
    path("clinic/letters/", views.letters, name="letters"),
    path("clinic/letters/stop/", views.letters_stop, name="letters_stop"),
    path("clinic/letters/release/", views.letters_release, name="letters_release"),
    path("clinic/incidents/<uuid:uuid>/close/", views.incident_close, name="incident_close"),
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("i/code/", sign_in.enter_code, name="code"),
    path("demo/enter/<slug:role>/", sign_in.enter_demo, name="demo-enter"),
    path("demo/mail/", views.sink, name="sink"),
]
