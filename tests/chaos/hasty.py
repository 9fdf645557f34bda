"""`manage.py watchdog` in a hurry: `python -m tests.chaos.hasty SECONDS`, where its own two minutes are too long."""

import datetime as dt
import sys

import django
from django.core.management import call_command

from clinic import parts


def main(seconds: float) -> None:
    patience = dt.timedelta(seconds=seconds)
    parts.USUAL = parts.Patience(stands_in_after=patience)
    django.setup()
    call_command("watchdog", every=0.5)


if __name__ == "__main__":
    main(float(sys.argv[1]))
