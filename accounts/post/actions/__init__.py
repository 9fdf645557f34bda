"""Every change to letters: written, cancelled, claimed, sent, given up; and the engine's own heartbeat."""

from .backing import save_settings, tell_backup, write_to_backup
from .bouncing import record_bounce
from .covering import announce_absence, call_off_absence
from .devices import choose_nudge_channel, forget_device, keep_device, queue_device_test, remove_device
from .heartbeats import record_heartbeat
from .holding import hold_letters
from .incidents import close_incident, raise_incident, say_work_failed
from .late import take_second_ways
from .preferences import own_preferences, pause_reminders, resubscribe, unsubscribe
from .queueing import can_be_reached, cancel_letters, queue_letter
from .sending import Swept, deliver_due, expire_letters, recover_letters, sweep_letters, wipe_letters
from .stopping import lift_stop, stop_letters
from .testing import TooManyTests, send_test

__all__ = [
    "Swept",
    "TooManyTests",
    "announce_absence",
    "call_off_absence",
    "can_be_reached",
    "cancel_letters",
    "choose_nudge_channel",
    "close_incident",
    "deliver_due",
    "expire_letters",
    "forget_device",
    "hold_letters",
    "keep_device",
    "lift_stop",
    "own_preferences",
    "pause_reminders",
    "queue_device_test",
    "queue_letter",
    "raise_incident",
    "record_bounce",
    "record_heartbeat",
    "recover_letters",
    "remove_device",
    "resubscribe",
    "save_settings",
    "say_work_failed",
    "send_test",
    "stop_letters",
    "sweep_letters",
    "take_second_ways",
    "tell_backup",
    "unsubscribe",
    "wipe_letters",
    "write_to_backup",
]
