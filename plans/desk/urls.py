from django.urls import URLPattern, URLResolver, path

from plans.desk.views import caring, caseload, client, handout, inviting, keeping, own_letters, settling

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("caseload/", caseload.caseload, name="caseload"),
    path("caseload/letters/", own_letters.own_letters, name="own-letters"),
    path("clients/invite/", inviting.invite, name="invite"),
    path("clients/<uuid:uuid>/invited/", inviting.invited, name="invited"),
    path("clients/<uuid:uuid>/invited/again/", inviting.resend, name="resend_invitation"),
    path("clients/<uuid:uuid>/assign/", inviting.assign, name="assign"),
    path("clients/<uuid:uuid>/programs/<uuid:program>/safety/", settling.settle, name="settle"),
    path("clients/<uuid:uuid>/", client.client, name="client"),
    path("clients/<uuid:uuid>/care/", caring.care, name="care"),
    path("clients/<uuid:uuid>/care/beside/", caring.co_treat, name="co-treat"),
    path("clients/<uuid:uuid>/care/beside/<uuid:member>/end/", caring.end_co_treat, name="end-co-treat"),
    path("clients/<uuid:uuid>/handout/", handout.handout, name="handout"),
    path("clients/<uuid:uuid>/contact/", keeping.contact, name="contact"),
    path("clients/<uuid:uuid>/email/", keeping.email, name="email"),
    path("clients/<uuid:uuid>/next-visit/", keeping.next_visit, name="next-visit"),
    path("clients/<uuid:uuid>/programs/<uuid:program>/pause/", keeping.pause, name="pause"),
    path("clients/<uuid:uuid>/programs/<uuid:program>/finish/", keeping.finish, name="finish"),
    path("clients/<uuid:uuid>/programs/<uuid:program>/resume/", keeping.resume, name="resume"),
    path("clients/<uuid:uuid>/techniques/<uuid:prescription>/show/", keeping.show_technique, name="show-technique"),
]
