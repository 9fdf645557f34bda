from django.urls import URLPattern, URLResolver, path

from . import views
from .api import DeviceDetail, DeviceList
from .views import away, backing, devices, settings, sign_in, staff

app_name = "post"

urlpatterns: list[URLPattern | URLResolver] = [
    path("clinic/staff/", staff.staff, name="staff"),
    path("clinic/staff/<uuid:uuid>/leave/", staff.leave, name="staff-leave"),
    path("clinic/settings/", settings.settings, name="settings"),
    path("clinic/settings/backup/", backing.write, name="backup-write"),
    path("clinic/away/", away.away, name="away"),
    path("clinic/away/<uuid:uuid>/back/", away.back, name="away-back"),
    path("clinic/staff/<uuid:uuid>/write/", staff.write_again, name="staff-write"),
    path("clinic/letters/", views.letters, name="letters"),
    path("clinic/letters/stop/", views.letters_stop, name="letters_stop"),
    path("clinic/letters/release/", views.letters_release, name="letters_release"),
    path("clinic/incidents/<uuid:uuid>/close/", views.incident_close, name="incident_close"),
    path("devices/", devices.devices, name="devices"),
    path("devices/reminders/", devices.nudge_channel, name="nudge-channel"),
    path("devices/<uuid:uuid>/remove/", devices.device_remove, name="device-remove"),
    path("devices/<uuid:uuid>/test/", devices.device_test, name="device-test"),
    path("worker.js", devices.worker, name="worker"),
    path("b/<str:token>/", backing.backup, name="backup"),
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("i/code/", sign_in.enter_code, name="code"),
    path("demo/enter/<slug:role>/", sign_in.enter_demo, name="demo-enter"),
    path("demo/mail/", views.sink, name="sink"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("devices/", DeviceList.as_view(), name="api-devices"),
    path("devices/<uuid:uuid>/", DeviceDetail.as_view(), name="api-device"),
]
