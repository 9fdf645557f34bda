"""I4 to I7 and I14: every finding that needs a person has its case, and every case goes its way without a gap."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from plans.followup.actions import unaccounted_findings
from plans.followup.models import Escalation, EscalationEvent
from plans.followup.rules import LIVE, EscalationAct, EscalationState, NotAllowed, after

from .asking import REACH, SHOWN, Asked, Invariant, Row, by_sql

CLIENTS = 100
CASES = 500


def _refolded(asked: Asked) -> Sequence[Row]:
    """I4 by judging anew: the clients read last, in a round no more than so many."""
    found = unaccounted_findings(now=asked.now, late=asked.late, limit=CLIENTS if asked.reach <= REACH else asked.reach)
    return list(found)[:SHOWN]


def _replayed(asked: Asked) -> Sequence[Row]:
    """I14 by walking each case's events through the table of transitions: live cases, and the newest."""
    states = ("clinic_id", "pk", "state")
    live = Escalation.objects.live().order_by("-pk").values_list(*states)
    newest = Escalation.objects.order_by("-pk").values_list(*states)
    most = CASES if asked.reach <= REACH else asked.reach
    cases = list({row[1]: row for row in [*live[:most], *newest[:most]]}.values())
    return list(_off_the_graph(cases))[:SHOWN]


def _off_the_graph(cases: Sequence[tuple[int, int, str]]) -> Iterator[Row]:
    acts: dict[int, list[str]] = defaultdict(list)
    events = EscalationEvent.objects.filter(escalation__in=[pk for _, pk, _ in cases]).order_by("sequence")
    for case, act in events.values_list("escalation_id", "act"):
        acts[case].append(act)
    for clinic, pk, state in cases:
        reached = _walked(acts[pk])
        if reached != state:
            yield clinic, pk, f"is {state}, but its events lead to {reached or 'nothing'}"


def _walked(acts: Iterable[str]) -> EscalationState | None:
    """Where the events lead; None where one of them was not allowed, or the first is no beginning."""
    state: EscalationState | None = None
    for act in acts:
        if act == EscalationAct.RAISE:
            state = EscalationState.OPEN if state is None else None
        elif state is not None:
            try:
                state = after(state, EscalationAct(act))
            except NotAllowed:
                return None
        if state is None:
            return None
    return state


_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE))

INVARIANTS = (
    Invariant("I4", "the findings of all logs, in order, and what people did give the cases", _refolded),
    Invariant(
        "I5",
        "at most one live case for each client and family",
        by_sql(
            "SELECT MIN(clinic_id), client_id, family FROM followup_escalation"  # noqa: S608 (no value is in it)
            f" WHERE state IN ({_LIVE}) GROUP BY client_id, family HAVING COUNT(*) > 1"
        ),
    ),
    Invariant(
        "I6",
        "every unanswered case has a next step, every taken one a time to look again, none is overdue",
        by_sql(
            "SELECT clinic_id, id, state FROM followup_escalation WHERE"
            " (state IN ('open', 'notified') AND (next_action_at IS NULL OR next_action_at < :late))"
            " OR (state = 'acknowledged' AND (follow_up_by IS NULL OR follow_up_by < :late))"
        ),
    ),
    Invariant(
        "I7",
        "no tier is told before the one below it, and none after somebody has taken the case",
        by_sql(
            "SELECT c.clinic_id, e.escalation_id, e.generation, e.tier FROM followup_escalationevent e"
            " JOIN followup_escalation c ON c.id = e.escalation_id"
            " WHERE e.id :newest(followup_escalationevent) AND ((e.act = 'tell' AND e.tier > 1"
            " AND NOT EXISTS (SELECT 1 FROM followup_escalationevent b"
            " WHERE b.escalation_id = e.escalation_id AND b.generation = e.generation AND b.act = 'tell'"
            " AND b.tier = e.tier - 1 AND b.sequence < e.sequence))"
            " OR (e.act IN ('tell', 'remind') AND EXISTS (SELECT 1 FROM followup_escalationevent k"
            " WHERE k.escalation_id = e.escalation_id AND k.generation = e.generation"
            " AND k.act = 'acknowledge' AND k.sequence < e.sequence)))"
        ),
    ),
    Invariant(
        "I14",
        "the events of a case stand in one sequence without a gap",
        by_sql(
            "SELECT MIN(c.clinic_id), e.escalation_id, MAX(e.sequence) FROM followup_escalationevent e"
            " JOIN followup_escalation c ON c.id = e.escalation_id WHERE c.id :newest(followup_escalation)"
            " GROUP BY e.escalation_id HAVING COUNT(*) <> MAX(e.sequence)"
        ),
    ),
    Invariant(
        "I14",
        "nothing waits for longer than any rule says, as a clock that was ahead would leave it",
        by_sql(
            "SELECT w.clinic_id, w.id, 'watch' FROM followup_watch w WHERE w.next_look_at > :far"
            " UNION ALL SELECT l.clinic_id, l.id, 'letter' FROM post_letter l"
            " WHERE l.state IN ('pending', 'retry') AND l.next_attempt_at > :far"
            " AND NOT (l.created_at <= :soon AND l.next_attempt_at <= l.due_at)"
            " AND NOT EXISTS (SELECT 1 FROM post_killswitch k WHERE k.clinic_id = l.clinic_id AND k.until_at > :far)"
            " UNION ALL SELECT c.clinic_id, c.id, 'case' FROM followup_escalation c"
            " WHERE c.state IN ('open', 'notified') AND EXISTS (SELECT 1 FROM followup_escalationevent e"
            " WHERE e.escalation_id = c.id AND e.at > :soon AND e.at <= c.next_action_at)"
        ),
    ),
    Invariant("I14", "every case is in the state that its events lead to", _replayed),
)
