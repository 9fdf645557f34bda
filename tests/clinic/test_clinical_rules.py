"""The page that a clinician reviews says what the code runs."""

from pathlib import Path

from clinic.management.commands.clinical_rules import page

WRITTEN = Path(__file__).resolve().parents[2] / "docs" / "clinical-rules.md"


def test_the_page_for_clinicians_is_fresh() -> None:
    assert WRITTEN.read_text() == page(), "write it anew: manage.py clinical_rules > docs/clinical-rules.md"
