"""Where the journeys' one stylesheet stands: files by their own names, as where they are written."""

from django.contrib.staticfiles.storage import StaticFilesStorage


class JoinedStorage(StaticFilesStorage):
    serves_one_sheet = True
