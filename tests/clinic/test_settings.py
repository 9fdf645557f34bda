"""A wrong value stops the start with a sentence that says how to mend it."""

import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

KEY = "only-for-this-test-" * 4


def load(print_out="", **variables):
    return subprocess.run(
        [sys.executable, "-c", f"from clinic import settings; print({print_out})"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "SECRET_KEY is not set"),
        ({"DEMO": "maybe"}, "DEMO must be 1 or 0, not 'maybe'"),
        ({"DEMO": "1", "PORT": "eight"}, "PORT must be a whole number such as 8000"),
        ({"DEMO": "1", "SITE_URL": "https://clinic.example.org"}, "runs on loopback only"),
        ({"SECRET_KEY": KEY, "SITE_URL": "clinic.example.org"}, "SITE_URL must be a whole address"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "mysql://u:hidden@h/x"}, "DATABASE_URL must begin with"),
        ({"SECRET_KEY": KEY, "REDIS_URL": "amqp://u:hidden@h"}, "REDIS_URL must begin with redis:// or rediss://"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "http://u:hidden@h"}, "EMAIL_URL must begin with"),
        ({"SECRET_KEY": KEY, "ENGINE_PING_URL": "http://hidden.example.org/"}, "ENGINE_PING_URL must begin with https"),
        ({"SECRET_KEY": KEY, "WEB_PUSH": "1"}, "WEB_PUSH is on, but VAPID_PRIVATE_KEY is not set"),
        ({"SECRET_KEY": KEY, "WEB_PUSH": "1", "VAPID_PRIVATE_KEY": "hidden"}, "VAPID_PRIVATE_KEY must be 32 bytes"),
        ({"SECRET_KEY": KEY, "TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a whole number"),
    ],
    ids=lambda value: "-".join(value) or "nothing" if isinstance(value, dict) else "",
)
def test_a_wrong_value_is_answered(variables, said):
    ended = load(**variables)
    assert ended.returncode != 0
    last = ended.stderr.strip().splitlines()[-1]
    assert said in last
    assert "hidden" not in last


def test_a_site_on_https_sends_its_cookies_nowhere_else():
    ended = load(
        "settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS",
        SECRET_KEY=KEY,
        SITE_URL="https://clinic.example.org",
    )
    assert ended.stdout.strip() == "__Host-sitting True 31536000"


def test_a_site_without_demo_has_no_loopback_names():
    ended = load("settings.ALLOWED_HOSTS", SECRET_KEY=KEY, SITE_URL="https://clinic.example.org")
    assert ended.stdout.strip() == "['clinic.example.org']"


def test_the_demo_hands_no_letter_to_a_browsers_maker_unless_asked():
    key = "dGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMzItYnl0ZXM"
    assert load("settings.WEB_PUSH", DEMO="1", VAPID_PRIVATE_KEY=key).stdout.split() == ["False"]
    assert load("settings.WEB_PUSH", DEMO="1", VAPID_PRIVATE_KEY=key, WEB_PUSH="1").stdout.split() == ["True"]
