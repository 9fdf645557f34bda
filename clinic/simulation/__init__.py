"""A small clinic in virtual time: workers interleaved, stalled and killed by a seed, beside a plain reference."""
