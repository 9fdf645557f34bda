from django.urls import URLPattern, URLResolver, path

from .api import TodayView
from .views import accept, acting, intake, me, program, reminding, today

app_name = "today"

urlpatterns: list[URLPattern | URLResolver] = [
    path("today/", today.today, name="today"),
    path("program/", program.program, name="program"),
    path("program/<uuid:program>/today/", program.day, name="day"),
    path("techniques/<uuid:uuid>/", program.technique, name="technique"),
    path("me/", me.me, name="me"),
    path("me/reminders/", me.reminders, name="reminders"),
    path("me/reminders/test/", me.test_reminder, name="reminder-test"),
    path("me/reminders/why/", reminding.why, name="why"),
    path("me/reminders/why/<uuid:letter>/", reminding.why, name="why-letter"),
    path("in-the-way/", reminding.in_the_way, name="in-the-way"),
    path("me/theme/", me.theme, name="theme"),
    path("start/intake/", intake.intake, name="intake"),
    path("acting-for/", acting.act_for, name="acting-for"),
    path("i/<str:token>/", accept.accept, name="accept"),
    path("i/<str:token>/again/", accept.send_again, name="accept-again"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("today/", TodayView.as_view(), name="api-today"),
]
