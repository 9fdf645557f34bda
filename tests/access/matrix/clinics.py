"""Doors of an owner about the clinic itself."""

from tests.access.groups import caring_staff, nobody_but, owner_of_harbour, owners
from tests.access.personas import SIGN_IN, Door

DOORS = {
    "followup:rules": Door(GET=owners(200)),
    "followup:rule": Door(GET=owners(200), POST=owners(200), args=("slug='severe-persistent",), data="numbers"),
    "followup:times": Door(GET=owners(200), POST=owners(200), data="times"),
    "post:letters": Door(GET=owners(200)),
    "post:letters_stop": Door(GET=owners(200), POST=owners(302), data="stop"),
    "post:letters_release": Door(POST=owners(302)),
    "post:incident_close": Door(POST=owner_of_harbour(302), args=("uuid=harbour.incident",)),
    "followup:texts": Door(GET=owners(200)),
    "followup:text-letter": Door(GET=owners(200), args=("kind='session-ready",)),
    "followup:text-test": Door(POST=owners(302), args=("kind='session-ready",)),
    "post:away": Door(GET=caring_staff(200), POST=caring_staff(422)),
    "post:away-back": Door(
        POST=nobody_but(SIGN_IN, 404, {"bodyworker": 302, "owner": 302}), args=("uuid=harbour.absence",)
    ),
    "post:settings": Door(GET=owners(200), POST=owners(422)),
    "post:backup-write": Door(POST=owners(302)),
    "post:staff": Door(GET=owners(200), POST=owners(302), data="colleague"),
    "post:staff-write": Door(POST=owner_of_harbour(302), args=("uuid=harbour.curator",)),
    "post:staff-leave": Door(GET=owner_of_harbour(200), POST=owner_of_harbour(302), args=("uuid=harbour.curator",)),
}
