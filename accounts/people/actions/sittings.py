"""Which place a signed-in person has: a clinic they work in, or a record of their own."""

from dataclasses import dataclass

from accounts.people.models import Client, Clinic, Membership, User


@dataclass(frozen=True)
class Place:
    """Staff have a membership, clients a record; a person without either has no business here any more.

    `own_records` and `clinics` are all there is to choose from.
    """

    membership: Membership | None
    acting_client: Client | None
    own_records: tuple[Client, ...] = ()
    clinics: tuple[Clinic, ...] = ()

    @property
    def clinic(self) -> Clinic | None:
        if self.acting_client is not None:
            return self.acting_client.clinic
        return self.membership.clinic if self.membership is not None else None

    @property
    def has_a_choice(self) -> bool:
        return len(self.own_records) + len(self.clinics) > 1


def first_place_of(*, user: User, is_of_staff: bool) -> Place:
    """Where somebody is who can choose nothing: the first place on a staff, else the first own record. One query."""
    if is_of_staff:
        return Place(Membership.objects.live().filter(user=user).select_related("clinic").order_by("pk").first(), None)
    return Place(None, Client.objects.own(user).select_related("clinic").order_by("pk").first())


def place_of(*, user: User, client_chosen: int | None = None, clinic_chosen: int | None = None) -> Place:
    """The client chosen, else the clinic chosen, else the first place on a staff, else the first own record."""
    clients = tuple(Client.objects.own(user).select_related("clinic").order_by("pk"))
    staff = Membership.objects.live().filter(user=user).select_related("clinic", "user").order_by("pk")
    memberships = list(staff)
    clinics = tuple(membership.clinic for membership in memberships)
    chosen = next((client for client in clients if client.pk == client_chosen), None)
    if chosen is None and memberships:
        here = next((m for m in memberships if m.clinic_id == clinic_chosen), memberships[0])
        return Place(here, None, clients, clinics)
    return Place(None, chosen or (clients[0] if clients else None), clients, clinics)
