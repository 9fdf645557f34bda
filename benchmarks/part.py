"""One part in a process of its own: what it prints last are its lines, as JSON."""

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module

import django


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--scale", type=int, default=1_000_000)
    asked = parser.parse_args()
    django.setup()
    measure = import_module("benchmarks.measure")
    with measure.scratch_database():
        lines = import_module(f"benchmarks.{asked.part}").run(quick=asked.quick, scale=asked.scale)
    json.dump([asdict(line) for line in lines], sys.stdout)


if __name__ == "__main__":
    main()
