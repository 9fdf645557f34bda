"""From which scores is this client's log answered at once?"""

from accounts.people.models import Client
from plans.journal.rules import Lines, lines_from


def lines_of(client: Client) -> Lines:
    """The clinic's, with the client's own in their place; what a log is told and what follow-up does agree."""
    return lines_from(client.clinic.pain_lines, client.pain_lines)
