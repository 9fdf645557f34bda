"""What the middleware has put on a request that reached these pages."""

from django.http import HttpRequest

from accounts.people.models import Client, Clinic, User


class ClientRequest(HttpRequest):
    """A request of a client, or of somebody who acts for one."""

    user: User
    clinic: Clinic
    acting_client: Client
