"""Which place a signed-in person has: a clinic they work in, or a record of their own."""

from dataclasses import dataclass
from functools import cached_property

from accounts.people.models import Client, Clinic, Membership, User
from accounts.people.querysets import ClientQuerySet, MembershipQuerySet


@dataclass(frozen=True)
class Place:
    """Staff have a membership, clients a record; a person without either has no business here any more."""

    user: User
    membership: Membership | None
    acting_client: Client | None
    known_records: list[Client] | None = None
    known_clinics: list[Clinic] | None = None

    @property
    def clinic(self) -> Clinic | None:
        if self.acting_client is not None:
            return self.acting_client.clinic
        return self.membership.clinic if self.membership is not None else None

    @cached_property
    def own_records(self) -> list[Client]:
        """All records there are to choose from; where they are not known, a page that shows the choice asks."""
        return list(_records(self.user)) if self.known_records is None else self.known_records

    @cached_property
    def clinics(self) -> list[Clinic]:
        """All clinics there are to choose from, likewise."""
        if self.known_clinics is None:
            return [membership.clinic for membership in _places_on_a_staff(self.user)]
        return self.known_clinics

    @property
    def has_a_choice(self) -> bool:
        return len(self.own_records) + len(self.clinics) > 1


def first_place_of(*, user: User, is_of_staff: bool) -> Place:
    """Where somebody is who can choose nothing: the first place on a staff, else the first own record. One query."""
    if is_of_staff:
        return Place(user, _places_on_a_staff(user).first(), None)
    return Place(user, None, _records(user).first())


def place_of(*, user: User, client_chosen: int | None = None, clinic_chosen: int | None = None) -> Place:
    """The client chosen, else the clinic chosen, else the first place on a staff, else the first own record.

    One query for staff and for a client who was chosen, two for others.
    """
    records = None
    if client_chosen is not None:
        records = list(_records(user))
        if chosen := next((client for client in records if client.pk == client_chosen), None):
            return Place(user, None, chosen, records)
    if memberships := list(_places_on_a_staff(user)):
        here = next((m for m in memberships if m.clinic_id == clinic_chosen), memberships[0])
        return Place(user, here, None, records, [m.clinic for m in memberships])
    records = list(_records(user)) if records is None else records
    return Place(user, None, records[0] if records else None, records, [])


def _records(user: User) -> ClientQuerySet:
    return Client.objects.own(user).select_related("clinic").order_by("pk")


def _places_on_a_staff(user: User) -> MembershipQuerySet:
    return Membership.objects.live().filter(user=user).select_related("clinic", "user").order_by("pk")
