"""A clinic with as many clients as a play wants, written in a few statements."""

import datetime as dt

from accounts.people.models import CareRelationship, Client, Clinic, Membership, User
from tests.clock import NOW
from tests.factories.people import ClinicFactory, MembershipFactory, UserFactory


def clinic_with(staff: int, clients: int) -> tuple[Clinic, list[Membership], list[Client]]:
    """The owner is the first of the staff; each client has one of the others, in turn."""
    clinic = ClinicFactory()
    owner = MembershipFactory(clinic=clinic, user=_person(), is_owner=True, is_bodyworker=False)
    carers = [MembershipFactory(clinic=clinic, user=_person()) for _ in range(staff)]
    return clinic, [owner, *carers], more_clients(clinic, carers, clients)


def more_clients(clinic: Clinic, carers: list[Membership], count: int) -> list[Client]:
    first = User.objects.count()
    names = [f"Client {first + n}" for n in range(count)]
    users = User.objects.bulk_create(
        [User(email=f"{name.lower().replace(' ', '')}@example.org", name=name, password="!") for name in names]
    )
    clients = Client.objects.bulk_create(
        [
            Client(
                clinic=clinic,
                user=user,
                name=user.name,
                email=user.email,
                zone="Europe/London",
                invited_at=NOW - dt.timedelta(days=40),
                accepted_at=NOW - dt.timedelta(days=39),
            )
            for user in users
        ]
    )
    CareRelationship.objects.bulk_create(
        CareRelationship(
            clinic=clinic,
            client=client,
            bodyworker=carers[n % len(carers)],
            began_on=(NOW - dt.timedelta(days=39)).date(),
        )
        for n, client in enumerate(clients)
    )
    return clients


def _person() -> User:
    return UserFactory(password=None)
