"""What staff do on their first pages that touches more than one slice."""

from .inviting import AlreadyInvited, Order, assign_to_client, invite_and_assign, send_invitation_again

__all__ = ["AlreadyInvited", "Order", "assign_to_client", "invite_and_assign", "send_invitation_again"]
