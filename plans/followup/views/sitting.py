"""What the middleware has put on a request that reached these pages."""

from django.http import HttpRequest

from accounts.people.models import Clinic, Membership, User


class StaffRequest(HttpRequest):
    """A request of somebody on the staff, in the clinic where they sit."""

    user: User
    clinic: Clinic
    membership: Membership
