"""What the first pages of staff ask the slices below."""
