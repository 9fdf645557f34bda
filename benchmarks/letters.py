"""G8: what does a letter cost from its row to the mail server, beside the least that can keep count of it?

The control commits that it is about to send, sends, and commits that it did, over a connection it keeps.
Both talk to the same mail server, a process of its own that keeps nothing.
"""

import datetime as dt
import smtplib
import socket
import subprocess
import sys
import time
from email.message import EmailMessage

from django.db import connection
from django.utils import timezone

from accounts.post.actions import deliver_due
from accounts.post.delivery import EmailChannel
from accounts.post.models import Letter
from benchmarks import world
from benchmarks.control.models import Mail
from benchmarks.measure import analyse, counting
from benchmarks.results import Line, verdict

LETTERS, QUICK_LETTERS = 200, 100
ROUNDS, QUICK_ROUNDS = 10, 4
SENDER = "clinic@example.org"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mail_server(port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(port)])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise RuntimeError("the mail server did not start")


def queue(practice: world.Practice, count: int, now: dt.datetime, word: str) -> None:
    """Letters that are no reminders, so that no quiet hour holds them; a different reader each."""
    world.made(
        [
            Letter(
                clinic=practice.clinic,
                client=client,
                kind="nobody-answered",
                channel="email",
                audience="client",
                subject_kind="escalation",
                subject_id=client.pk,
                dedupe_key=f"bench:{word}:{client.pk}",
                message_id=f"<{word}-{client.pk}@example.org>",
                created_at=now,
                due_at=now,
                next_attempt_at=now,
                params={"path": "/today/"},
            )
            for client in practice.clients[:count]
        ]
    )


def control_round(line: smtplib.SMTP, count: int, texts: list[bytes]) -> None:
    for number, mail in enumerate(Mail.objects.filter(state="pending")[:count]):
        Mail.objects.filter(pk=mail.pk).update(state="sending")
        line.mail(SENDER)
        line.rcpt(mail.address)
        line.data(texts[number])
        Mail.objects.filter(pk=mail.pk).update(state="sent")


def message(address: str) -> bytes:
    """As long as a letter of the site."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, address, "Please call the clinic"
    mail.set_content("Please call the clinic.\n" * 12)
    mail.add_alternative("<p>Please call the clinic.</p>\n" * 40, subtype="html")
    return mail.as_bytes()


def run(*, quick: bool, scale: int) -> list[Line]:
    now, port = timezone.now(), free_port()
    count, rounds = (QUICK_LETTERS, QUICK_ROUNDS) if quick else (LETTERS, ROUNDS)
    practice = world.practice(count, now, logs=1)
    server = mail_server(port)
    try:
        return measured(practice, port, count, rounds, now)
    finally:
        server.terminate()
        server.wait()


def measured(practice: world.Practice, port: int, count: int, rounds: int, now: dt.datetime) -> list[Line]:
    line = smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example.org")
    line.ehlo()
    ours: list[tuple[float, float]] = []
    control: list[tuple[float, float]] = []
    statements = 0
    for number in range(rounds + 1):
        queue(practice, count, now, f"r{number}")
        world.made([Mail(address=client.email, text="") for client in practice.clients[:count]])
        texts = [message(client.email) for client in practice.clients[:count]]
        analyse()
        began = time.monotonic(), time.thread_time()
        with counting() as counted:
            sent = deliver_due(now=now, limit=count, channel=EmailChannel(host="127.0.0.1", port=port)).sent
        ours.append((time.monotonic() - began[0], time.thread_time() - began[1]))
        if sent != count:
            raise AssertionError(f"{sent} of {count} letters left")
        statements = len(counted.statements)
        began = time.monotonic(), time.thread_time()
        control_round(line, count, texts)
        control.append((time.monotonic() - began[0], time.thread_time() - began[1]))
    line.quit()
    # The first round warms both up.
    wall = almost_best([w for w, _ in ours[1:]]) / almost_best([w for w, _ in control[1:]])
    cpu = almost_best([c for _, c in ours[1:]]) / almost_best([c for _, c in control[1:]])
    rate = count / almost_best([w for w, _ in ours[1:]])
    found = f"{wall:.2f}x the time, {cpu:.2f}x our CPU; {statements / count:.1f} SQL and {rate:.0f} letters a second"
    return [Line("G8", f"a letter, end to end ({connection.vendor})", "1.5x the time", found, verdict(wall <= 1.5))]


def almost_best(values: list[float]) -> float:
    return sorted(values)[len(values) // 5]
