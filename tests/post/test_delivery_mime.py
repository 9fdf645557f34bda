"""A letter as bytes: what every mail program must be able to read, the same at every try."""

from email import message_from_bytes, policy

import pytest

from accounts.post.delivery.mime import message_bytes

TEXT = "Good evening “Maya” – it’s time\n\n.a line with a dot\n  with space at its end \nhttps://clinic.example.org/x?a=b\n"
HTML = "<p>Plain, with = and so on</p>\n"


def written(**changes) -> bytes:
    fields = {
        "headers": [("From", "Käthe <clinic@example.org>"), ("Subject", "Ihre Übung – “heute”")],
        "own": [("Message-ID", "<a@b>")],
        "to": "maya@home.example.org",
        "text": TEXT,
        "html": HTML,
        "boundary": "f" * 32,
    }
    return message_bytes(**{**fields, **changes})


def read(message: bytes):
    return message_from_bytes(message, policy=policy.default)


def test_what_was_written_is_what_is_read():
    mail = read(written())
    assert not mail.defects
    assert (mail["From"], mail["Subject"]) == ("Käthe <clinic@example.org>", "Ihre Übung – “heute”")
    assert (mail["To"], mail["Message-ID"]) == ("maya@home.example.org", "<a@b>")
    shown = {kind: mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")}
    assert shown == {"plain": TEXT, "html": HTML}


def test_the_same_letter_is_the_same_bytes():
    assert written() == written()


@pytest.mark.parametrize("text", [TEXT, HTML, "x" * 5000, "Ж" * 3000])
def test_every_line_can_be_carried(text):
    lines = written(text=text).split(b"\r\n")
    assert all(line.isascii() and len(line) <= 998 and b"\n" not in line for line in lines)


def test_a_link_in_plain_text_stays_whole():
    link = "https://clinic.example.org/" + "a" * 700
    assert link.encode() in written(text=f"{link}\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "maya@home.example.org\nBcc: all@example.org"},
        {"headers": [("Subject", "Good\r\nBcc: all@example.org")]},
        {"own": [("Message-ID", "<a@b>\r\nBcc: all@example.org")]},
    ],
)
def test_nothing_can_smuggle_in_a_header(changes):
    with pytest.raises(ValueError, match=r"[hH]eader"):
        written(**changes)


def test_an_unusual_address_is_written_as_the_standard_says():
    assert read(written(to='"a, b"@home.example.org'))["To"].addresses[0].addr_spec == '"a, b"@home.example.org'
