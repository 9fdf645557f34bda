"""What the client's pages ask the slices below."""
