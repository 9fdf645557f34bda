"""How much, how long, how often? Every threshold the rules read, in one place a clinician can review."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Numbers:
    """Scores are 0-10; days are the client's own; a clinic's policy may replace any of them.

    The starter library's (rules.json); needs a clinician's review. Ours alone, for no study or rule names
    them: `average_at_least`, `still_sore_until_hours` and `judged_days`.
    """

    version: int = 1
    override: int | None = None
    """The row that holds one client's own numbers, where some are in force."""
    source: str = (
        "starter library, rules.json: records (design: cpk, boonstra-2016, protect-alerts, seed-article, ng59,"
        " bachmann-2018, lambert-2017, abbott-2014; evidence: nrs-mdc-2021, farrar-2001, salaffi-2004, menezes-2012,"
        " pengel-2003, bobos-2020, doms-nelson, carnes-2010, argent-2018, jack-2010)"
    )
    # A day, or a log, that needs a person.
    severe_min: int = 7
    very_severe_min: int = 9
    sleepless_min: int = 8
    days_in_row: int = 3
    alt_days: int = 3
    alt_of_last: int = 5
    alt_window_days: int = 7
    # Severe in spite of care.
    medical_days: int = 14
    medical_contacts: int = 2
    # Getting worse: points above the client's own baseline, or of a morning above the score before.
    worse_points: int = 2
    worse_raised_points: int = 3
    worse_readings: int = 3
    worse_days_in_row: int = 2
    # Stopped for pain, in so many logs within so many days.
    stops: int = 2
    stops_days: int = 7
    # Expected soreness.
    sore_hours: int = 48
    sore_max_rise: int = 3
    sore_below: int = 9
    sore_max_windows: int = 2
    sore_windows_days: int = 14
    still_sore_hours: int = 72
    still_sore_until_hours: int = 168
    # Little or no change; percent and points better than baseline.
    week4_pct: int = 15
    week4_points: int = 1
    week6_pct: int = 30
    week6_points: int = 2
    # Global change, -5 to +5, from which on week 6 has helped whatever the scores say.
    week6_global_change: int = 2
    adherence_pct: int = 50
    adherence_days: int = 28
    average_days: int = 7
    average_at_least: int = 2
    # Silent, or doing little.
    silent_days_severe: int = 7
    silent_days: int = 14
    non_adherence_days: int = 14
    # Better.
    better_pct: int = 30
    better_points: int = 2
    well_max: int = 2
    well_days: int = 14
    # Tenths of a point by which the client's own activities must have risen: 23 is 2.3, a medium change.
    well_psfs_tenths: int = 23
    # Hints are about these last days: what was so a month ago helps nobody decide today.
    judged_days: int = 14
    # How soon a case should be answered: in hours on the wall clock, or in half working days.
    same_day_answer_hours: int = 4
    within_days_answer_halves: int = 2
    very_severe_answer_hours: int = 8
    harm_answer_halves: int = 2
    help_answer_halves: int = 2
    stop_answer_halves: int = 2
    medical_answer_halves: int = 4
    stays_answer_halves: int = 4
    worse_answer_halves: int = 6
    silent_answer_halves: int = 4
    # Who is told when, by urgency (rules.json, `urgencies`); `look`: when a case that somebody took is looked at again.
    emergency_remind_minutes: int = 30
    emergency_look_minutes: int = 240
    same_day_tier_2_minutes: int = 120
    same_day_tier_3_minutes: int = 240
    same_day_remind_minutes: int = 120
    same_day_look_minutes: int = 240
    urgent_tier_2_minutes: int = 240
    urgent_tier_3_minutes: int = 480
    urgent_remind_minutes: int = 240
    urgent_look_halves: int = 2
    # Routine cases count in percent of their rule's own time.
    routine_tier_2_pct: int = 50
    routine_tier_3_pct: int = 100
    routine_remind_halves: int = 2
    routine_look_halves: int = 4


DEFAULT_NUMBERS = Numbers()


def numbers_from(changed: Mapping[str, object], *, version: int) -> Numbers:
    """The defaults with what a policy changes; names nobody knows and what is no whole number are passed over."""
    known = {f.name for f in fields(Numbers)} - {"version", "override", "source"}
    own = {k: v for k, v in changed.items() if k in known and isinstance(v, int) and not isinstance(v, bool)}
    return replace(DEFAULT_NUMBERS, version=version, **own)  # type: ignore[arg-type]
