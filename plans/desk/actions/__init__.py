"""What staff do on their first pages that touches more than one slice."""
