from django.urls import URLPattern, URLResolver, path

from plans.followup.api import EscalationAcknowledge, EscalationDetail, EscalationList, EscalationResolve
from plans.followup.views import answering, case, listing, own_numbers, reviews, rules, texts, times, trying

app_name = "followup"

urlpatterns: list[URLPattern | URLResolver] = [
    path("escalations/", listing.escalations, name="escalations"),
    path("escalations/<uuid:uuid>/", case.case, name="case"),
    path("escalations/<uuid:uuid>/acknowledge/", answering.acknowledge, name="acknowledge"),
    path("escalations/<uuid:uuid>/hand-over/", answering.hand_over, name="hand-over"),
    path("escalations/<uuid:uuid>/resolve/", answering.resolve, name="resolve"),
    path("escalations/<uuid:uuid>/snooze/", answering.snooze, name="snooze"),
    path("clinic/rules/", rules.rules, name="rules"),
    path("clinic/rules/who-is-told/", times.times, name="times"),
    path("clinic/rules/<slug:slug>/", trying.rule, name="rule"),
    path("clinic/texts/", texts.texts, name="texts"),
    path("clinic/texts/<slug:kind>/letter/", texts.letter, name="text-letter"),
    path("clinic/texts/<slug:kind>/test/", texts.test, name="text-test"),
    path("clients/<uuid:uuid>/numbers/", own_numbers.own_numbers, name="own-numbers"),
    path("clients/<uuid:uuid>/numbers/end/", own_numbers.end, name="end-own-numbers"),
    path("reviews/<uuid:uuid>/close/", reviews.close, name="close-review"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("escalations/", EscalationList.as_view(), name="api-escalations"),
    path("escalations/<uuid:uuid>/", EscalationDetail.as_view(), name="api-escalation"),
    path("escalations/<uuid:uuid>/acknowledge/", EscalationAcknowledge.as_view(), name="api-escalation-acknowledge"),
    path("escalations/<uuid:uuid>/resolve/", EscalationResolve.as_view(), name="api-escalation-resolve"),
]
