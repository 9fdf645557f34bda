"""Start one play: `python -m tests.chaos.starting letters_play`. Django first, then the play's own imports."""

import importlib
import os
import sys

import django
from django.core.management import call_command


def main(name: str) -> None:
    django.setup()
    if not os.environ.get("IS_COPIED"):
        call_command("migrate", verbosity=0)
    importlib.import_module(f"tests.chaos.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1])
