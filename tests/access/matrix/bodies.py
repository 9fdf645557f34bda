"""What is sent: bodies that would succeed for the right person, so that a refusal is about the person."""

from collections.abc import Callable
from typing import Any

from plans.followup.rules import DEFAULT_NUMBERS, TOLD_BY
from plans.followup.views.case import moments_to_look_again
from plans.followup.views.own_numbers import NAMES
from tests.access.world import World
from tests.clock import NOW
from tests.post.push_service import Browser

BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "act for Maya": lambda world: {"client": world.values["maya.client"].uuid},
    "outcome": lambda world: {"outcome": "called", "note": "Talked it through."},
    "contact by api": lambda world: {"kind": "call"},
    "check-in": lambda world: {
        "program": None,
        "performed_at": NOW.isoformat(),
        "sent_at": NOW.isoformat(),
        "reports": [{"moment": "check_in", "score": 3}],
    },
    "device": lambda world: {"endpoint": "https://push.example.org/new", "keys": Browser().keys, "device": "Phone"},
    "nudge channel": lambda world: {"channel": "email"},
    "email": lambda world: {"email": "maya@new.example.org"},
    "stop": lambda world: {"scope": "nudges", "reason": "moving house", "hours": "4"},
    "contact": lambda world: {"kind": "call", "on": "2026-03-10"},
    "visit": lambda world: {"on": "2026-03-20"},
    "invite": lambda world: {"name": "Nora Lind", "email": "nora@home.example.org", "starts_on": "2026-03-12"},
    "assign": lambda world: {"template": world.values["harbour.template"].uuid, "starts_on": "2026-03-12"},
    "pause": lambda world: {"reason": "client"},
    "reminders": lambda world: {
        "reminders_on": "on",
        "days": ["0", "2"],
        "time": "18:30",
        "pause": "none",
        "quiet_from": "21:00",
        "quiet_until": "06:30",
        "kinds": ["session-ready"],
    },
    "in the way": lambda world: {"reason": "no_time"},
    "theme": lambda world: {"theme": "dark"},
    "snooze": lambda world: {"until": moments_to_look_again(world.values["harbour.clinic"], NOW)[0].isoformat()},
    "numbers": lambda world: {
        "severe_min": 6,
        "days_in_row": 3,
        "alt_days": 3,
        "alt_of_last": 5,
        "alt_window_days": 7,
        "stays_answer_halves": 4,
        "version": 1,
        "try": "30",
    },
    "times": lambda world: {
        **{name: getattr(DEFAULT_NUMBERS, name) for names in TOLD_BY.values() for name in names},
        "version": 1,
        "try": "30",
    },
    "own numbers": lambda world: {
        **{name: getattr(DEFAULT_NUMBERS, name) for name in NAMES},
        "days_in_row": 2,
        "reason": "Flares up quickly",
    },
    "colleague": lambda world: {"name": "Ida Moe", "email": "ida@new.example.org", "roles": ["curator"]},
    "approve": lambda world: {"qualification": "Physiotherapist", "has_read": "on"},
}
