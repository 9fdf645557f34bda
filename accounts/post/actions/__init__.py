"""Every change to letters: written, cancelled, claimed, sent, given up; and the engine's own heartbeat."""

from .covering import announce_absence, call_off_absence
from .heartbeats import record_heartbeat
from .incidents import close_incident, raise_incident, say_work_failed
from .preferences import own_preferences, pause_reminders, resubscribe, unsubscribe
from .queueing import cancel_letters, queue_letter
from .sending import Swept, deliver_due, expire_letters, recover_letters, sweep_letters, wipe_letters
from .stopping import lift_stop, stop_letters
from .testing import TooManyTests, send_test

__all__ = [
    "Swept",
    "TooManyTests",
    "announce_absence",
    "call_off_absence",
    "cancel_letters",
    "close_incident",
    "deliver_due",
    "expire_letters",
    "lift_stop",
    "own_preferences",
    "pause_reminders",
    "queue_letter",
    "raise_incident",
    "record_heartbeat",
    "recover_letters",
    "resubscribe",
    "say_work_failed",
    "send_test",
    "stop_letters",
    "sweep_letters",
    "unsubscribe",
    "wipe_letters",
]
