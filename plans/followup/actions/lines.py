"""The scores from which a log is answered at once, handed down to where the journal reads them."""

from accounts.people.models import Client, Clinic
from plans.followup.rules import Numbers


def lines_in(numbers: Numbers) -> dict[str, int]:
    """{severe, very_severe, sleepless}, each 0-10."""
    return {
        "severe": numbers.severe_min,
        "very_severe": numbers.very_severe_min,
        "sleepless": numbers.sleepless_min,
    }


def hand_down_lines(*, clinic: Clinic, numbers: Numbers) -> None:
    """What a client is told in answer to a log is what these numbers do about it, from this moment on."""
    clinic.pain_lines = lines_in(numbers)
    Clinic.objects.filter(pk=clinic.pk).update(pain_lines=clinic.pain_lines)


def hand_down_own_lines(*, client: Client, numbers: Numbers | None) -> None:
    """One client's own, with the clinic's beneath them; None where the clinic's are in force again."""
    own = lines_in(numbers) if numbers else {}
    if client.pain_lines != own:
        client.pain_lines = own
        Client.objects.filter(pk=client.pk).update(pain_lines=own)
