"""Tables change while letters leave: migrations go back and forth, and the table of letters gains and loses a column.

On SQLite losing a column writes the whole table anew. A sender whose statement fails meanwhile ends its round, as a
worker's task does; the next one goes on. Nothing may be lost by it.
"""

import datetime as dt
from collections import Counter
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models

from accounts.post.actions import sweep_letters
from accounts.post.models import Letter
from tests.chaos.children import child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare
from tests.chaos.scenes import ROUND, carry_out, write_letters
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW

LETTERS, SENDERS, SHARE = size("LETTERS", 90), 3, size("SHARE", 5)
THERE_AND_BACK = (("post", "0001"), ("post", None), ("followup", "0002"), ("followup", None))
"""The last migration of each of these slices: keys between tables on PostgreSQL, triggers on both."""
OVER = FOLDER / "letters.over"


def main() -> None:
    owed, sink, now = Owed(), Sink(FOLDER), NOW
    write_letters(owed, LETTERS, now=NOW)
    rounds: Counter[str] = Counter()
    with sink.serving(settings.EMAIL_PORT):
        changes = child(change_tables)
        while Letter.objects.live().exists() and now < NOW + dt.timedelta(days=1):
            rounds += ends([child(partial(send, now)) for _ in range(SENDERS)])
            now += ROUND
        OVER.touch()
        ends([changes])
        now = carry_out(now)
    count = int((FOLDER / "changes").read_text())
    call_command("migrate", verbosity=0)
    figures = Figures("tables changed under the senders", f"{LETTERS:,} letters, {count} changes, {connection.vendor}")
    compare(figures, owed, sink, now=now)
    if figures.ambiguous or figures.came_twice:
        figures.broken.append("a letter was handed over and its answer not written down")
    figures.note = f"{rounds['ended 1']} of {rounds.total()} rounds of senders ended early"
    figures.tell()
    assert count >= len(THERE_AND_BACK) + 2, f"only {count} changes: too few to prove anything"
    assert figures.is_good, figures


def send(now: dt.datetime) -> bool:
    """Answers whether the round ended early."""
    try:
        sweep_letters(now=now, limit=SHARE)
    except DatabaseError as problem:
        print(f"a round of a sender ended early: {problem}", flush=True)
        return True
    return False


def change_tables() -> int:
    count = 0
    while not OVER.exists():
        for label, name in THERE_AND_BACK:
            count += persistently(partial(call_command, "migrate", label, *([name] if name else []), verbosity=0))
        for change in ("add_field", "remove_field"):
            count += persistently(partial(alter, change))
        Path(FOLDER / "changes").write_text(str(count))
    return 0


def persistently(change) -> int:
    """Whoever deploys starts it again where the database was too busy; answers 1."""
    while True:
        try:
            change()
        except DatabaseError as problem:
            print(f"again: {problem}", flush=True)
            connection.close()
        else:
            return 1


def alter(change: str) -> None:
    column = models.CharField(max_length=20, null=True)
    column.set_attributes_from_name("of_tomorrow")
    column.model = Letter
    with connection.schema_editor() as editor:
        getattr(editor, change)(Letter, column)
