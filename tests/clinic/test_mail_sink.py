"""The demo's mail server keeps letters instead of sending them."""

import email
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from clinic.running.broker import free_port

pytestmark = pytest.mark.processes


@pytest.fixture
def sink(tmp_path):
    """The port of a running mail sink and the folder it fills."""
    port, folder = free_port(), tmp_path / "mail"
    command = [sys.executable, "-m", "clinic.running.mail_sink", str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # its first line says that it listens
        yield port, folder
        process.terminate()
        assert process.wait(5) == 0


def letter(subject):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "clinic@example.org", "maya@example.org", subject
    message.set_content("Your program is ready.")
    return message


def test_a_letter_becomes_a_file(sink):
    port, folder = sink
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(letter("Your code"))
    [kept] = folder.glob("*.eml")
    message = email.message_from_bytes(kept.read_bytes())
    assert message["Subject"] == "Your code"
    assert message["X-Envelope-To"] == "maya@example.org"


def test_letters_sort_by_the_time_they_came(sink):
    port, folder = sink
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(12):
            server.send_message(letter(f"letter {number:02}"))
    subjects = [email.message_from_bytes(path.read_bytes())["Subject"] for path in sorted(folder.glob("*.eml"))]
    assert subjects == [f"letter {number:02}" for number in range(12)]


def test_it_is_gone_soon_after_it_is_asked(tmp_path):
    command = [sys.executable, "-m", "clinic.running.mail_sink", str(free_port()), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.monotonic()
        process.terminate()
        process.wait(10)
    assert time.monotonic() - began < 2
