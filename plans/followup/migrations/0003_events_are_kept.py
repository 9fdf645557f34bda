"""What happened to a case can't be changed or deleted, and the database sees to it; it goes with its case alone."""

from django.db import migrations

POSTGRESQL = """
create function followup_event_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.is_leaving then return old; end if;
  elsif to_jsonb(new) - 'letter_id' = to_jsonb(old) - 'letter_id' and new.letter_id is null then return new;
  elsif to_jsonb(new) - 'is_leaving' = to_jsonb(old) - 'is_leaving' and new.is_leaving then return new;
  end if;
  raise exception 'what happened to a case is kept as it happened' using errcode = 'integrity_constraint_violation';
end $$;
create trigger followup_event_is_kept before update or delete on followup_escalationevent
  for each row execute function followup_event_is_kept();
create function followup_case_takes_its_events() returns trigger language plpgsql as $$
begin
  update followup_escalationevent set is_leaving = true where escalation_id = old.id;
  delete from followup_escalationevent where escalation_id = old.id;
  return old;
end $$;
create trigger followup_case_takes_its_events before delete on followup_escalation
  for each row execute function followup_case_takes_its_events();
"""
POSTGRESQL_BACK = """
drop trigger followup_case_takes_its_events on followup_escalation;
drop function followup_case_takes_its_events();
drop trigger followup_event_is_kept on followup_escalationevent;
drop function followup_event_is_kept();
"""

# The two things that may change: the letter is forgotten with the letter's row, and the mark of leaving is set.
SAME = " and ".join(
    f"new.{column} is old.{column}"
    for column in ("id", "escalation_id", "sequence", "at", "act", "by_id", "generation", "tier", "details")
)
# Neither may name another table: SQLite refuses to rebuild a table that a trigger of another one names.
SQLITE = [
    f"""
    create trigger followup_event_is_kept_unchanged before update on followup_escalationevent
    when not ({SAME} and (
      (new.letter_id is null and new.is_leaving is old.is_leaving) or (new.letter_id is old.letter_id and new.is_leaving)
    ))
    begin select raise(abort, 'what happened to a case is kept as it happened'); end
    """,
    """
    create trigger followup_event_is_kept before delete on followup_escalationevent when not old.is_leaving
    begin select raise(abort, 'what happened to a case is kept as it happened'); end
    """,
    """
    create trigger followup_case_takes_its_events before delete on followup_escalation
    begin
      update followup_escalationevent set is_leaving = 1 where escalation_id = old.id;
      delete from followup_escalationevent where escalation_id = old.id;
    end
    """,
]
SQLITE_BACK = [
    "drop trigger if exists followup_case_takes_its_events",
    "drop trigger if exists followup_event_is_kept",
    "drop trigger if exists followup_event_is_kept_unchanged",
]


def keep(apps, schema_editor):
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def let_go(apps, schema_editor):
    for statement in [POSTGRESQL_BACK] if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_tenant_keys")]

    operations = [migrations.RunPython(keep, let_go, elidable=False)]
