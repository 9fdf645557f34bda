"""Doors that anyone may try: sign-in, help, health, links from mail."""

from tests.access.groups import everyone, nobody_but, visitors
from tests.access.personas import SIGN_IN, Door, cells

HARBOUR = frozenset({"zqharbour", "zqmaya"})

DOORS = {
    "home": Door(GET=everyone(302)),
    "help_urgent": Door(GET=everyone(200)),
    "health-live": Door(GET=everyone(200)),
    "health-ready": Door(GET=everyone(200)),
    "health-engine": Door(GET=everyone(503)),
    "account_login": Door(GET=visitors(200, 302), POST=visitors(200, 302)),
    "account_logout": Door(GET=visitors(302, 200), POST=everyone(302)),
    "account_request_login_code": Door(GET=visitors(200, 302), POST=visitors(200, 302)),
    "account_confirm_login_code": Door(GET=everyone(302), POST=everyone(302)),
    "account_reset_password": Door(GET=everyone(200), POST=everyone(200)),
    "account_reset_password_done": Door(GET=everyone(200)),
    "account_reset_password_from_key": Door(
        GET=everyone(200), POST=everyone(200), args=("uidb36='1", "key='abcdef-0123456789")
    ),
    "account_reset_password_from_key_done": Door(GET=everyone(200)),
    "account_inactive": Door(GET=everyone(200)),
    "account_signup": Door(GET=visitors(200, 302), POST=visitors(200, 302)),
    "account_change_password": Door(
        GET=nobody_but(
            SIGN_IN,
            200,
            {"client": 404, "other_client": 404, "foreign_client": 404, "installer": 404},
        ),
        POST=nobody_but(
            SIGN_IN,
            200,
            {"client": 404, "other_client": 404, "foreign_client": 404, "installer": 404},
        ),
    ),
    "account_reauthenticate": Door(
        GET=nobody_but(
            SIGN_IN,
            200,
            {"client": 404, "other_client": 404, "foreign_client": 404, "installer": 404},
        ),
        POST=nobody_but(
            SIGN_IN,
            200,
            {"client": 404, "other_client": 404, "foreign_client": 404, "installer": 404},
        ),
    ),
    "post:worker": Door(GET=everyone(200)),
    "post:backup": Door(GET=everyone(200), POST=everyone(302), args=("token=harbour.backup",), shows=HARBOUR),
    "post:unsubscribe": Door(GET=everyone(200), POST=everyone(200), args=("token=maya.unsubscribe",), shows=HARBOUR),
    "post:code": Door(GET=everyone(200), POST=everyone(200)),
    "post:demo-enter": Door(POST=everyone(404), args=("role='owner",)),
    "post:sink": Door(GET=everyone(404)),
    "today:accept": Door(
        GET=everyone(200),
        POST=cells(
            anonymous=302,
            client=302,
            other_client=302,
            foreign_client=302,
            bodyworker=403,
            unassigned=403,
            foreign_bodyworker=403,
            curator=403,
            owner=403,
            foreign_owner=403,
            deactivated=302,
            former_client=302,
            installer=302,
        ),
        args=("token=maya.token",),
        shows=HARBOUR,
    ),
    "today:accept-again": Door(POST=everyone(200), args=("token=maya.token",), shows=HARBOUR),
}
