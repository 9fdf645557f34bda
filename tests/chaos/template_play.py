"""A template that raises: its letters are dead and their owner reads of each; all others leave.

Once for a kind of letter, whoever it is for; once for the words of one clinic alone. The bad templates lie in a
folder of the play's own, before the project's.
"""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.template import engines

from accounts.post.actions import sweep_letters
from accounts.post.models import Incident, Letter
from tests.chaos.children import child, ends
from tests.chaos.figures import Figures
from tests.chaos.owed import Owed, compare, message_id_of
from tests.chaos.scenes import allow_incidents, carry_out, write_letters
from tests.chaos.stage import FOLDER, Sink, size
from tests.clock import NOW

LETTERS = size("LETTERS", 12)
RAISES = '{% include "mail/there/is/no/such.txt" %}'
PARTS = ("subject.txt", "body.txt", "body.html")


def main() -> None:
    sink = Sink(FOLDER)
    bad = FOLDER / "templates"
    engines["django"].engine.dirs.insert(0, bad)
    with sink.serving(settings.EMAIL_PORT):
        found = [of_a_kind(sink, bad), of_a_clinic(sink, bad)]
    assert all(figures.is_good for figures in found), found


def of_a_kind(sink: Sink, bad: Path) -> Figures:
    """No reminder of this kind can be written, in either of two clinics; their cases leave."""
    spoil(bad, "session-ready", RAISES)
    owed = Owed()
    clinics = [write_letters(owed, LETTERS, now=NOW, tag=f"kind{n}:") for n in range(2)]
    owed.refused |= owed.gentle
    figures = play_out(sink, owed, clinics, f"a template that raises for one kind, {PARTS[0]}")
    mend(bad)
    return figures


def of_a_clinic(sink: Sink, bad: Path) -> Figures:
    """The letters about cases can't be written where the clinic has this name; its reminders leave, and all else."""
    owed = Owed()
    clinics = [write_letters(owed, LETTERS, now=NOW, tag=f"clinic{n}:") for n in range(2)]
    name = clinics[0][0].name
    spoil(bad, "case-opened", f'{{% if clinic_name == "{name}" %}}{RAISES}{{% endif %}}words', part="body.html")
    owed.refused |= {message_id_of(f"clinic0:case:{n}") for n in range(LETTERS - LETTERS // 3)}
    figures = play_out(sink, owed, clinics, f"a template that raises for one clinic, {PARTS[2]}")
    mend(bad)
    return figures


def spoil(bad: Path, kind: str, words: str, *, part: str = PARTS[0]) -> None:
    (bad / "mail" / kind).mkdir(parents=True, exist_ok=True)
    (bad / "mail" / kind / part).write_text(words)
    forget_templates()


def mend(bad: Path) -> None:
    for file in bad.rglob("*.*"):
        file.unlink()
    forget_templates()


def forget_templates() -> None:
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


def play_out(sink: Sink, owed: Owed, clinics: list, fault: str) -> Figures:
    sink.begin()
    ends([child(partial(work, LETTERS)) for _ in range(3)])
    now = carry_out(NOW)
    for clinic, (owner, *_) in clinics:
        allow_incidents(owed, clinic, owner)
    figures = Figures(fault, f"{len(owed.letters):,} letters, {connection.vendor}")
    compare(figures, owed, sink, now=now)
    owners = [owner for _, (owner, *_) in clinics]
    seen = Incident.objects.none().union(*(Incident.objects.visible_to(owner.user) for owner in owners))
    told = {incident.letter_id for incident in seen if incident.kind == "letter_dead"}
    dead = set(Letter.objects.filter(message_id__in=owed.refused).values_list("pk", flat=True))
    read = sum(name not in owed.letters for name in sink.counts())
    if not dead or not dead <= told or read != len(dead):
        figures.broken.append(f"of {len(dead)} dead letters the owners see {len(dead & told)} and read of {read}")
    figures.note = f"{len(dead)} dead, each told to its owner"
    figures.tell()
    return figures


def work(limit: int) -> int:
    sweep_letters(now=NOW, limit=limit)
    return 0
