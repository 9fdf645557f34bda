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

    @property
    def clinic(self) -> Clinic | None:
        if self.acting_client is not None:
            return self.acting_client.clinic
        return self.membership.clinic if self.membership is not None else None

    @cached_property
    def own_records(self) -> list[Client]:
        """All records there are to choose from; asked of the database by a page that shows the choice."""
        return list(_records(self.user))

    @cached_property
    def clinics(self) -> list[Clinic]:
        """All clinics there are to choose from, likewise."""
        return [membership.clinic for membership in _places_on_a_staff(self.user)]

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

    One query for most people; a client who chose nothing costs two.
    """
    if client_chosen is not None and (chosen := _records(user).filter(pk=client_chosen).first()):
        return Place(user, None, chosen)
    if memberships := list(_places_on_a_staff(user)):
        here = next((m for m in memberships if m.clinic_id == clinic_chosen), memberships[0])
        return Place(user, here, None)
    return first_place_of(user=user, is_of_staff=False)


def _records(user: User) -> ClientQuerySet:
    return Client.objects.own(user).select_related("clinic").order_by("pk")


def _places_on_a_staff(user: User) -> MembershipQuerySet:
    return Membership.objects.live().filter(user=user).select_related("clinic", "user").order_by("pk")
