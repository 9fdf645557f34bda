"""The thirteen who try every door."""

from dataclasses import dataclass, field

PERSONAS = (
    "anonymous",
    "client",
    "other_client",
    "foreign_client",
    "bodyworker",
    "unassigned",
    "foreign_bodyworker",
    "curator",
    "owner",
    "foreign_owner",
    "deactivated",
    "former_client",
    "installer",
)
SIGN_IN = "sign-in"
CLOSED = {SIGN_IN, 401, 403, 404, 405}

Expected = int | str
Cells = dict[str, Expected]

# Words that stand in names and notes of one side only, and who may read them.
CANARIES = {
    "zqmaya": {"client", "bodyworker", "owner"},
    "zqharbour": {"client", "other_client", "bodyworker", "unassigned", "curator", "owner"},
    "zqmeadow": {"foreign_client", "foreign_bodyworker", "foreign_owner"},
}


def cells(
    *,
    anonymous: Expected,
    client: Expected,
    other_client: Expected,
    foreign_client: Expected,
    bodyworker: Expected,
    unassigned: Expected,
    foreign_bodyworker: Expected,
    curator: Expected,
    owner: Expected,
    foreign_owner: Expected,
    deactivated: Expected,
    former_client: Expected,
    installer: Expected,
) -> Cells:
    """One expectation for each of the thirteen; leaving one out is a TypeError."""
    return dict(locals())


@dataclass(frozen=True)
class Door:
    """One route: what its address is made of, and who gets what by which method.

    `shows` names canaries that the page is meant to show to anyone who holds its link. `elsewhere` says
    what else than 404 comes back for ids of the other clinic: {"PUT client": 201}.
    """

    GET: Cells | None = None
    POST: Cells | None = None
    PUT: Cells | None = None
    PATCH: Cells | None = None
    DELETE: Cells | None = None
    args: tuple[str, ...] = ()
    data: str = ""
    shows: frozenset[str] = frozenset()
    elsewhere: dict[str, Expected] = field(default_factory=dict)

    def declared(self) -> dict[str, Cells]:
        found = {method: getattr(self, method) for method in METHODS}
        return {method: wanted for method, wanted in found.items() if wanted is not None}


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def opener(door: Door) -> str | None:
    """Somebody whom at least one method lets in."""
    for wanted in door.declared().values():
        for persona, status in wanted.items():
            if status not in CLOSED:
                return persona
    return None
