"""I1 to I3: a log that was accepted is there, once, and was read."""

from .asking import Invariant, by_sql

INVARIANTS = (
    Invariant(
        "I1",
        "every log that was accepted is still there, with what it said",
        by_sql(
            "SELECT a.clinic_id, a.subject_id, 'gone' FROM people_auditevent a WHERE a.id :newest(people_auditevent)"
            " AND a.verb = 'session_logged'"
            " AND NOT EXISTS (SELECT 1 FROM journal_session s WHERE s.id = a.subject_id)"
            " UNION ALL SELECT s.clinic_id, s.id, 'empty' FROM journal_session s"
            " WHERE s.id :newest(journal_session) AND s.program_id IS NOT NULL AND s.removed_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM journal_painreport r WHERE r.session_id = s.id)"
        ),
    ),
    Invariant(
        "I2",
        "one log for each UUID of a client, with its first digest, its corrections and what was refused",
        by_sql(
            "SELECT s.clinic_id, s.id, 'twice' FROM journal_session s JOIN journal_session o"
            " ON o.client_id = s.client_id AND o.uuid = s.uuid AND o.id < s.id WHERE s.id :newest(journal_session)"
            " UNION ALL SELECT s.clinic_id, s.id, 'no digest' FROM journal_session s"
            " WHERE s.id :newest(journal_session) AND LENGTH(s.first_digest) <> 64"
            " UNION ALL SELECT s.clinic_id, s.id, 'a correction is missing' FROM journal_session s"
            " WHERE s.id :newest(journal_session) AND s.revision <> 1 +"
            " (SELECT COUNT(*) FROM journal_sessionrevision r WHERE r.session_id = s.id)"
            " UNION ALL SELECT r.clinic_id, r.session_id, 'the first body was refused' FROM journal_refusedlog r"
            " JOIN journal_session s ON s.id = r.session_id"
            " WHERE r.id :newest(journal_refusedlog) AND (r.digest = s.first_digest OR LENGTH(r.digest) <> 64)"
        ),
    ),
    Invariant(
        "I3",
        "every accepted report is assessed within minutes",
        by_sql(
            "SELECT s.clinic_id, s.id FROM journal_session s JOIN people_client c ON c.id = s.client_id"
            " WHERE s.id :newest(journal_session) AND s.removed_at IS NULL AND s.received_at < :late"
            " AND s.performed_at > :window AND c.discharged_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM followup_assessment a"
            " WHERE a.client_id = s.client_id AND a.trigger = 'session:' || s.id || ':' || s.revision)"
        ),
    ),
)
