"""Every change to letters: written, cancelled, claimed, sent, given up; and the engine's own heartbeat."""

from .heartbeats import record_heartbeat
from .incidents import close_incident, raise_incident
from .preferences import resubscribe, unsubscribe
from .queueing import cancel_letters, queue_letter
from .sending import Swept, deliver_due, expire_letters, recover_letters, sweep_letters, wipe_letters
from .stopping import lift_stop, stop_letters

__all__ = [
    "Swept",
    "cancel_letters",
    "close_incident",
    "deliver_due",
    "expire_letters",
    "lift_stop",
    "queue_letter",
    "raise_incident",
    "record_heartbeat",
    "recover_letters",
    "resubscribe",
    "stop_letters",
    "sweep_letters",
    "unsubscribe",
    "wipe_letters",
]
