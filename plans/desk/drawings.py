"""What is drawn for the desk: the code that a phone's camera reads."""

import segno


def qr_path(text: str) -> tuple[str, int]:
    """The dark squares of a QR code as SVG path data, and its side in squares; drawn here, asked of nobody."""
    code = segno.make(text, error="m", micro=False)
    rows = [bytes(row) for row in code.matrix]
    squares = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return "".join(squares), len(rows)
