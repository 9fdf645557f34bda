"""Cases by API: list, read, take, end."""

from .escalations import EscalationAcknowledge, EscalationDetail, EscalationList, EscalationResolve

__all__ = ["EscalationAcknowledge", "EscalationDetail", "EscalationList", "EscalationResolve"]
