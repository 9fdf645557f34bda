"""Taking a case and closing it. Only a POST acts: mail scanners follow links."""

from uuid import UUID

from django.http import Http404, HttpResponse

from plans.followup.views.sitting import StaffRequest


def acknowledge(request: StaffRequest, uuid: UUID) -> HttpResponse:
    raise Http404


def resolve(request: StaffRequest, uuid: UUID) -> HttpResponse:
    raise Http404
