"""A message as bytes, quickly: the standard library takes longer for one than the mail server and the database.

The same letter gives the same bytes for ever. Headers are folded by the standard library, once for each
value; a value that would break a header is refused by it.
"""

import binascii
import re
from collections.abc import Iterable
from email.policy import SMTP
from functools import lru_cache

# Long lines keep links whole: a folded header or text breaks them in some mail programs.
LONGEST_LINE = 900
LINES = SMTP.clone(max_line_length=LONGEST_LINE, cte_type="7bit")
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")


def message_bytes(
    *,
    headers: Iterable[tuple[str, str]],
    own: Iterable[tuple[str, str]],
    to: str,
    text: str,
    html: str,
    boundary: str,
) -> bytes:
    """One message with its text in two shapes.

    `headers` recur from letter to letter; `own` are of this one alone: ASCII that this site wrote itself.

    Raises:
        ValueError: a header holds a line break.
    """
    mark = boundary.encode("ascii")
    return b"".join(
        (
            *(folded(name, value) for name, value in headers),
            *(_own(name, value) for name, value in own),
            _to(to),
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="' + mark + b'"\r\n\r\n',
            *(b"--" + mark + b"\r\n" + _part(body, kind) for kind, body in (("plain", text), ("html", html))),
            b"--" + mark + b"--\r\n",
        )
    )


@lru_cache(maxsize=512)
def folded(name: str, value: str) -> bytes:
    """One header line as it goes over the line, other letters than ASCII encoded."""
    return LINES.fold_binary(*LINES.header_store_parse(name, value))


def _own(name: str, value: str) -> bytes:
    if not (value.isascii() and value.isprintable()):
        raise ValueError(f"the header {name} holds more than printable ASCII")
    return f"{name}: {value}\r\n".encode("ascii")


def _to(address: str) -> bytes:
    # No cache holds addresses, and the usual ones need no encoding.
    if PLAIN_ADDRESS.fullmatch(address):
        return b"To: " + address.encode("ascii") + b"\r\n"
    return bytes(LINES.fold_binary(*LINES.header_store_parse("To", address)))


def _part(body: str, kind: str) -> bytes:
    words = body.replace("\r\n", "\n").encode()
    is_plain = words.isascii() and max(map(len, words.split(b"\n"))) <= LONGEST_LINE
    encoding, shown = ("7bit", words) if is_plain else ("quoted-printable", binascii.b2a_qp(words, istext=True))
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + shown.replace(b"\n", b"\r\n") + b"\r\n"
