"""Proof that the walk sees: take one guard away at a time, and it must say so."""

import pytest

from accounts.people import adapters
from accounts.people.actions import record_audit
from accounts.people.querysets import ClientQuerySet
from plans.followup.querysets import EscalationQuerySet
from plans.journal.querysets import SessionQuerySet
from plans.programs.querysets import ProgramQuerySet
from tests.access.matrix import MATRIX
from tests.access.walker import findings
from tests.clock import NOW


def everything(rows, user):
    return rows.all()


def blind_to_clients(monkeypatch):
    monkeypatch.setattr(ClientQuerySet, "visible_to", everything)


def anyone_acts_for_anyone(monkeypatch):
    monkeypatch.setattr(ClientQuerySet, "own", everything)


def blind_to_cases(monkeypatch):
    monkeypatch.setattr(EscalationQuerySet, "visible_to", everything)


def blind_to_sessions(monkeypatch):
    monkeypatch.setattr(SessionQuerySet, "visible_to", everything)


def blind_to_programs(monkeypatch):
    monkeypatch.setattr(ProgramQuerySet, "visible_to", everything)


def any_role_will_do(monkeypatch):
    monkeypatch.setattr(adapters, "may_enter_as_staff", lambda request, permission: request.membership is not None)


def refused_but_written(monkeypatch):
    allowed = adapters.may_enter_as_staff

    def knock(request, permission):
        record_audit(clinic=None, verb="knocked", subject_kind="door", subject_id=None, by=None, now=NOW)
        return allowed(request, permission)

    monkeypatch.setattr(adapters, "may_enter_as_staff", knock)


MUTANTS = {
    blind_to_clients: ["api-client", "api-clients", "desk:client"],
    anyone_acts_for_anyone: ["today:acting-for"],
    blind_to_cases: ["followup:case", "followup:escalations"],
    blind_to_sessions: ["api-session", "api-sessions"],
    any_role_will_do: ["post:letters", "desk:caseload"],
    refused_but_written: ["post:letters"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_guard_that_is_gone_is_found(world, monkeypatch, mutant):
    doors = {name: MATRIX[name] for name in MUTANTS[mutant]}
    assert list(findings(world, doors)) == [], "the doors stand as they should before the guard is taken away"
    mutant(monkeypatch)
    assert next(findings(world, doors), None) is not None
