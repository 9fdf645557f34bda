"""Rows of the matrix that many doors share, each one still saying all thirteen."""

from tests.access.personas import SIGN_IN, Cells, Expected, cells


def everyone(status: Expected) -> Cells:
    """A page for anyone, signed in or not."""
    return cells(
        anonymous=status,
        client=status,
        other_client=status,
        foreign_client=status,
        bodyworker=status,
        unassigned=status,
        foreign_bodyworker=status,
        curator=status,
        owner=status,
        foreign_owner=status,
        deactivated=status,
        former_client=status,
        installer=status,
    )


def visitors(status: Expected, signed_in: Expected) -> Cells:
    """A page of sign-in: somebody who is in already is sent on. Those without a place are visitors again."""
    return everyone(signed_in) | {
        "anonymous": status,
        "deactivated": status,
        "former_client": status,
    }


def nobody_but(outside: Expected, elsewhere: Expected, allowed: Cells) -> Cells:
    """Strangers get `outside`, everyone with a place `elsewhere`, but those named."""
    return (
        cells(
            anonymous=outside,
            client=elsewhere,
            other_client=elsewhere,
            foreign_client=elsewhere,
            bodyworker=elsewhere,
            unassigned=elsewhere,
            foreign_bodyworker=elsewhere,
            curator=elsewhere,
            owner=elsewhere,
            foreign_owner=elsewhere,
            deactivated=outside,
            former_client=outside,
            installer=elsewhere,
        )
        | allowed
    )


def carers(status: Expected) -> Cells:
    """Something about Maya on a page of the staff: her bodyworker and the owner of her clinic."""
    return nobody_but(SIGN_IN, 404, {"bodyworker": status, "owner": status})


def caring_staff(status: Expected) -> Cells:
    """A page of each bodyworker and owner about their own clients."""
    allowed = {
        "bodyworker": status,
        "unassigned": status,
        "foreign_bodyworker": status,
        "owner": status,
        "foreign_owner": status,
    }
    return nobody_but(SIGN_IN, 404, allowed)


def harbour_carers(status: Expected) -> Cells:
    """Something of Harbour that its bodyworkers and owner use, whoever's client it is about."""
    return nobody_but(SIGN_IN, 404, {"bodyworker": status, "unassigned": status, "owner": status})


def all_staff(status: Expected) -> Cells:
    """A page of each member of any staff about their own clinic."""
    return caring_staff(status) | {"curator": status}


def harbour_staff(status: Expected) -> Cells:
    """Something of Harbour that all of its staff may see."""
    return harbour_carers(status) | {"curator": status}


def curator_of_harbour(status: Expected) -> Cells:
    return nobody_but(SIGN_IN, 404, {"curator": status})


def owners(status: Expected) -> Cells:
    """A page of each owner about their own clinic."""
    return nobody_but(SIGN_IN, 404, {"owner": status, "foreign_owner": status})


def owner_of_harbour(status: Expected) -> Cells:
    return nobody_but(SIGN_IN, 404, {"owner": status})


def clients(status: Expected) -> Cells:
    """A page of each client about themselves."""
    return nobody_but(SIGN_IN, 404, {"client": status, "other_client": status, "foreign_client": status})


def maya_alone(status: Expected) -> Cells:
    """Something of Maya's that she alone uses."""
    return nobody_but(SIGN_IN, 404, {"client": status})


def with_a_place(status: Expected) -> Cells:
    """A page for everyone who is in, about themselves; the installer has no place in a clinic."""
    return nobody_but(SIGN_IN, status, {"installer": 404})


def api_callers(status: Expected) -> Cells:
    """An API list that is never refused to a caller, and holds only what is theirs."""
    return nobody_but(401, status, {})


def api_maya(status: Expected) -> Cells:
    """Something of Maya over the API: she, her bodyworker and her clinic's owner."""
    return nobody_but(401, 404, {"client": status, "bodyworker": status, "owner": status})


def api_maya_alone(status: Expected) -> Cells:
    return nobody_but(401, 404, {"client": status})


def api_carers(status: Expected) -> Cells:
    return nobody_but(401, 404, {"bodyworker": status, "owner": status})


def api_harbour_staff(status: Expected) -> Cells:
    allowed = {"bodyworker": status, "unassigned": status, "curator": status, "owner": status}
    return nobody_but(401, 404, allowed)


def api_clients(status: Expected) -> Cells:
    """Something of the API about the caller's own day: clients have one, staff do not."""
    return nobody_but(401, 404, {"client": status, "other_client": status, "foreign_client": status})
