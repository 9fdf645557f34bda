"""The settings of the site, with the control beside it; no cache server and no demo."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "benchmarks-only-not-a-secret-and-at-least-fifty-characters-long")

from clinic.settings import *  # noqa: F403
from clinic.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.control"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {"version": 1, "root": {"level": "CRITICAL"}}

# What a plain Django site has, for the control; the site keeps its own.
CONTROL_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "benchmarks.control.views.OwnMap",
]
SITE_MIDDLEWARE = MIDDLEWARE

# Measured in a scratch database beside the one that is named, made and dropped by the command.
# A file and not memory: that is how the site runs on SQLite.
SCRATCH = DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    SCRATCH["NAME"] = str(Path(tempfile.gettempdir()) / f"unknot-bench-{os.getpid()}.sqlite3")
else:
    SCRATCH["NAME"] = f"unknot_bench_{os.getpid()}"
