"""How do the stylesheets travel? In many files where they are written, in one where they are served."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "clinic/app.css"
IMPORT = re.compile(r'@import url\("([\w-]+\.css)"\);\n')


def joined(sheet: str, read: Callable[[str], str]) -> str:
    """The sheet with every sheet it imports in its place, so that a first visit costs one request for them."""
    return IMPORT.sub(lambda found: read(found[1]), sheet)


class OneSheetStorage(CompressedManifestStaticFilesStorage):
    """Joins the stylesheets before they are given their far-future names and compressed."""

    serves_one_sheet = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if SHEET in paths and not dry_run:
            folder = SHEET.rpartition("/")[0]
            whole = joined(self.text_of(SHEET), lambda name: self.text_of(f"{folder}/{name}"))
            self.delete(SHEET)
            self._save(SHEET, ContentFile(whole.encode()))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def text_of(self, name: str) -> str:
        with self.open(name) as file:
            return str(file.read().decode())
