"""What a client changes on their own pages that touches more than one slice."""
