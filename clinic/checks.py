"""Would this installation lose an accepted log, leak a page or ring a dead bell?

Django runs these at every start and in `manage.py check`; the ones about a site in production only
with `--deploy`. Each says what to do.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from accounts.people.models import Clinic

REAL_BROKERS = {"redis", "rediss", "redis+socket", "unix"}
LOOSE_SOURCES = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"}
SHORTEST_SECRET = 50  # characters

Apps = Sequence[AppConfig] | None


@register(Tags.database)
def database_keeps_what_it_accepted(app_configs: Apps, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return durability_problems(settings.DATABASES["default"])


def durability_problems(database: dict[str, Any]) -> list[CheckMessage]:
    """SQLite alone: PostgreSQL is durable and locks rows unless told otherwise."""
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return []
    options = database.get("OPTIONS", {})
    said = options.get("init_command", "").replace(" ", "").lower()
    found: list[CheckMessage] = []
    if "synchronous=full" not in said or "journal_mode=wal" not in said:
        found.append(
            Error(
                "SQLite is not told to keep the last commits through a power cut.",
                hint="Set init_command to PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; (NORMAL loses commits).",
                id="unknot.E001",
            )
        )
    if options.get("transaction_mode") != "IMMEDIATE":
        found.append(
            Error(
                "SQLite transactions begin as readers, so two claims of one letter can both succeed or both fail.",
                hint='Set OPTIONS["transaction_mode"] = "IMMEDIATE".',
                id="unknot.E002",
            )
        )
    return found


@register()
def broker_is_a_real_one(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    scheme = urlsplit(settings.CELERY_BROKER_URL).scheme
    if scheme not in REAL_BROKERS:
        found.append(
            Error(
                f"The broker {scheme}:// loses running tasks when a worker is killed.",
                hint="Point REDIS_URL at Redis or Valkey, or leave it out and let `make run` start its own.",
                id="unknot.E003",
            )
        )
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        found.append(
            Error(
                "Tasks would run inside the web request: nothing would be swept while nobody clicks.",
                hint="Remove CELERY_TASK_ALWAYS_EAGER; start a worker and beat.",
                id="unknot.E004",
            )
        )
    if not (settings.CELERY_TASK_ACKS_LATE and settings.CELERY_TASK_REJECT_ON_WORKER_LOST):
        found.append(
            Error(
                "A killed worker takes its task with it until the next round.",
                hint="Set CELERY_TASK_ACKS_LATE and CELERY_TASK_REJECT_ON_WORKER_LOST.",
                id="unknot.E005",
            )
        )
    return found


@register(Tags.security)
def policy_is_strict(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = sorted(
        f"{name} {source}" for name, sources in directives.items() for source in sources if source in LOOSE_SOURCES
    )
    if directives.get("default-src") != ["'none'"]:
        loose.append("default-src is not 'none'")
    if not loose:
        return []
    return [
        Error(
            "The content security policy lets foreign or inline code in: " + ", ".join(loose) + ".",
            hint="Put the script or style into a static file; the policy allows those of this site.",
            id="unknot.E006",
        )
    ]


@register(Tags.security, deploy=True)
def secret_is_ours(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO or (settings.SECRET_KEY != settings.DEMO_SECRET and len(settings.SECRET_KEY) >= SHORTEST_SECRET):
        return []
    return [
        Error(
            f"SECRET_KEY is the demo's or shorter than {SHORTEST_SECRET} characters; invitations hang on it.",
            hint="python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="unknot.E007",
        )
    ]


@register(Tags.security, deploy=True)
def pages_travel_encrypted(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO or settings.SECURE_SITE:
        return []
    return [
        Error(
            "SITE_URL is not https: pain logs would cross the network in the clear.",
            hint="Set SITE_URL=https://… and put the reverse proxy of docker-compose.yml in front.",
            id="unknot.E008",
        )
    ]


@register(deploy=True)
def letters_can_leave(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO or settings.EMAIL_HOST not in {"127.0.0.1", "localhost"} or settings.EMAIL_PORT != 2525:
        return []
    return [
        Warning(
            "Mail goes to the demo's port 2525 on this machine, where nobody listens.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587",
            id="unknot.W001",
        )
    ]


@register(deploy=True)
def cases_reach_an_owner(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """A database that does not answer, or has no tables yet, is told of elsewhere."""
    try:
        silent = sorted(Clinic.objects.without_reached_owner().values_list("name", flat=True))
    except DatabaseError:
        return []
    if not silent:
        return []
    return [
        Warning(
            "A case that nobody takes would reach no owner, as none has a confirmed address: "
            + ", ".join(silent)
            + ".",
            hint="The owner asks for a password at /account/password/reset/ and follows the link in that letter.",
            id="unknot.W002",
        )
    ]
