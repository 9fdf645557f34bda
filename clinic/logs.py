"""What never stands in a log: an address that is a key."""

import logging
import re

# An invitation, the way out of reminders, a new password: whoever reads the address may use it.
KEYS = re.compile(r"(/(?:i|u|account/password/reset/key)/)(?!code/)[^/\s'\"]+")


class HideKeys(logging.Filter):
    """Puts … in the place of the secret part; ids and everything else stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        if KEYS.search(words):
            record.msg, record.args = KEYS.sub(r"\1…", words), ()
        return True
