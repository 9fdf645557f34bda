"""A mail server that behaves as badly as a file tells it to, and writes down every letter it took.

One line of JSON for each text that came whole, written before it is answered, so that the log knows more
than any sender does. It runs as a process of its own and nothing kills it.

    python -m tests.chaos.sink PORT LOG MODE_FILE
"""

import hashlib
import json
import os
import socket
import socketserver
import sys
import threading
import time
from email import message_from_bytes
from pathlib import Path

# What the file may say, and what the server then does.
MODES = {
    "kind": "answers as a good server does",
    "rcpt-451": "postpones every recipient",
    "rcpt-550": "refuses every recipient",
    "dot-451": "postpones every text after its last dot",
    "dot-550": "refuses every text after its last dot",
    "hang-at-banner": "takes the connection and says nothing",
    "hang-after-data": "never answers DATA",
    "hang-after-dot": "keeps the letter and never answers",
    "drop-after-dot": "keeps the letter and closes the line without an answer",
    "drop-at-rcpt": "closes the line at the recipient",
    "drop-after-data": "closes the line in the middle of the text",
    "slow": "thinks before every answer",
}
HANGS_FOR = 30.0
THINKS_FOR = 0.1


class Conversation(socketserver.StreamRequestHandler):
    log: Path
    mode_file: Path
    lock = threading.Lock()

    def handle(self) -> None:
        if self.mode == "hang-at-banner":
            time.sleep(HANGS_FOR)
            return
        self.say("220 ready")
        to = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word in {b"EHLO", b"HELO", b"MAIL", b"RSET", b"NOOP"}:
                self.say("250 yes")
            elif word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                if self.mode == "drop-at-rcpt":
                    return
                self.say({"rcpt-451": "451 later", "rcpt-550": "550 no such mailbox"}.get(self.mode, "250 yes"))
            elif word == b"DATA":
                if not self.take_text(to):
                    return
            elif word == b"QUIT":
                self.say("221 goodbye")
                return
            else:
                self.say("500 what?")

    def take_text(self, to: str) -> bool:
        mode = self.mode
        if mode == "hang-after-data":
            time.sleep(HANGS_FOR)
            return False
        self.say("354 go on")
        if mode == "drop-after-data":
            self.rfile.readline()
            return False
        lines = []
        while True:
            line = self.rfile.readline()
            if not line:
                return False  # half a text is no letter
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = {"dot-451": "451 later", "dot-550": "550 not wanted"}.get(mode, "250 kept")
        if answer.startswith("250"):
            self.keep(to, b"".join(lines), mode)
        if mode == "hang-after-dot":
            time.sleep(HANGS_FOR)
            return False
        if mode == "drop-after-dot":
            return False
        self.say(answer)
        return True

    def keep(self, to: str, text: bytes, mode: str) -> None:
        message = message_from_bytes(text)
        row = {
            "id": message["Message-ID"],
            "to": to,
            "subject": message["Subject"],
            "body": hashlib.sha256(text).hexdigest(),
            "mode": mode,
            "at": time.time(),
        }
        with self.lock, self.log.open("a") as log:
            log.write(json.dumps(row) + "\n")
            log.flush()
            os.fsync(log.fileno())

    @property
    def mode(self) -> str:
        return self.mode_file.read_text().strip()

    def say(self, words: str) -> None:
        if self.mode == "slow":
            time.sleep(THINKS_FOR)
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed in the middle of a word is no error here."""

    def get_request(self):
        line, address = super().get_request()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line, address


if __name__ == "__main__":
    Conversation.log, Conversation.mode_file = Path(sys.argv[2]), Path(sys.argv[3])
    with Server(("127.0.0.1", int(sys.argv[1])), Conversation) as server:
        server.serve_forever()
