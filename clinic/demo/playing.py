"""A hundred and twenty days of the demo clinic, from the first invitation to this minute."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid5
from zoneinfo import ZoneInfo

from accounts.people.actions import (
    accept_invitation,
    add_staff,
    create_clinic,
    record_contact,
    set_next_visit,
)
from accounts.people.models import Client, Clinic, Invitation, Membership
from accounts.people.rules import ContactKind, Role
from plans.desk.actions import Order, assign_to_client, invite_and_assign
from plans.followup.actions import acknowledge_escalation, close_review, resolve_escalation
from plans.followup.models import Escalation, Review
from plans.followup.rules import EscalationState, Outcome
from plans.library.actions import import_library
from plans.programs.actions import finish_program, import_templates, resume_program, start_offered
from plans.programs.models import Program, ProgramTemplate
from plans.programs.rules import Answer, IntakeReply, ProgramState
from plans.today.actions.preferring import Reminders, choose_reminders

from .characters import (
    BODYWORKER,
    CHARACTERS,
    CLIENT,
    COLLEAGUE,
    CURATOR,
    DAYS,
    OWNER,
    SEED,
    Character,
    Course,
    DayScores,
    first_day,
    scores,
)
from .stage import NAMESPACE, Stage, local, person_of, write_log

ZONE = "Europe/London"
OPEN_HOURS = {str(weekday): [["09:00", "17:00"]] for weekday in range(5)}
NOTES = (
    "Easier on the stairs today.",
    "Sat all day, felt it by the evening.",
    "The wall version is much kinder.",
    "Slept well for once.",
    "Short run, no trouble after.",
    "Did it before work, felt loose.",
)
ANSWERED = (Outcome.CALLED, Outcome.SEEN, Outcome.PROGRAM_CHANGED, Outcome.MESSAGED)


@dataclass
class House:
    """The staff of the demo."""

    clinic: Clinic
    owner: Membership
    bodyworker: Membership
    colleague: Membership
    curator: Membership


def open_house(*, now: dt.datetime) -> House:
    """The clinic with its hours, numbers, people and its own copy of the library."""
    clinic = create_clinic(
        slug="harbour", name="Harbour Bodywork", zone=ZONE, phone="020 7946 0018", by=None, now=now, is_demo=True
    )
    clinic.opening_hours = OPEN_HOURS
    clinic.emergency_number, clinic.urgent_care_number, clinic.crisis_number = "112", "111", "116 123"
    clinic.backup_name, clinic.backup_email = "Front desk of Quay Street", "backup@demo.unknot.test"
    clinic.backup_asked_at = clinic.backup_confirmed_at = now
    clinic.save()

    def staff(email: str, name: str, role: Role, qualification: str = "") -> Membership:
        place = add_staff(
            clinic=clinic,
            email=email,
            name=name,
            roles=frozenset({role}),
            qualification=qualification,
            by=None,
            now=now,
        )
        place.email_verified_at = now
        place.save(update_fields=["email_verified_at"])
        return place

    house = House(
        clinic=clinic,
        owner=staff(OWNER, "Ruth Ekwall", Role.OWNER),
        bodyworker=staff(BODYWORKER, "Jo Marsh", Role.BODYWORKER, "Myofascial release therapist"),
        colleague=staff(COLLEAGUE, "Ana Ruiz", Role.BODYWORKER, "Sports massage therapist"),
        curator=staff(CURATOR, "Nadia Roy", Role.CURATOR, "Physiotherapist"),
    )
    import_library(clinic=clinic, by=house.curator.user, now=now)
    import_templates(clinic=clinic, by=house.curator.user, now=now)
    return house


class Play:
    """The house, its clients and the days ahead of them."""

    def __init__(self, house: House, stage: Stage, *, cast: Sequence[Character], now: dt.datetime) -> None:
        self.house, self.stage, self.cast, self.now = house, stage, cast, now
        self.today = now.astimezone(ZoneInfo(ZONE)).date()
        self.next_change: dict[str, dt.date] = {}
        self.dice = random.Random(SEED)  # noqa: S311
        self.templates = {row.slug: row for row in ProgramTemplate.objects.of(house.clinic)}

    def write_agenda(self) -> None:
        for character in self.cast:
            began = first_day(character, self.today)
            self.stage.at(local(began, 9, 40, ZONE), lambda at, who=character: self.invite(who, at))  # type: ignore[misc]
        longest = max(character.began for character in self.cast)
        for day in range(longest + 1):
            date = self.today - dt.timedelta(days=longest - day)
            self.stage.at(local(date, 18, 31, ZONE), self.stage.tick)
            for hour in (9, 17):
                self.stage.at(local(date, hour, 2, ZONE), self.tell_on)
            if date.weekday() < 5:
                for hour, minute in ((11, 15), (16, 20)):
                    self.stage.at(local(date, hour, minute, ZONE), self.make_the_round)

    def invite(self, who: Character, at: dt.datetime) -> None:
        carer = self.house.colleague if who.colleague else self.house.bodyworker
        template = self.templates[who.templates[0]]
        invitation = invite_and_assign(
            clinic=self.house.clinic,
            key=uuid5(NAMESPACE, who.local),
            bodyworker=carer,
            name=who.name,
            email=who.address(),
            phone=who.phone(),
            message="",
            order=Order(template, at.date(), answers_to(template)),
            by=carer.user,
            now=at,
        )
        self.stage.tell(at + dt.timedelta(seconds=10))
        if who.course is Course.NOT_STARTED:
            return
        client = Client.objects.get(invitation=invitation)
        if who.zone != ZONE:
            client.zone = who.zone
            client.save(update_fields=["zone"])
        self.stage.at(local(at.date(), 12, 5, who.zone), lambda now: self.accept(who, invitation, now))

    def accept(self, who: Character, invitation: Invitation, at: dt.datetime) -> None:
        client = accept_invitation(invitation=invitation, by=None, now=at)
        start_offered(client=client, by=person_of(client), now=at)
        if who.email == CLIENT:
            self.pick_days(client, at)
        self.stage.tell(at + dt.timedelta(seconds=10))
        hours = random.Random(f"{SEED}:{who.local}:hours")  # noqa: S311
        for day, written in enumerate(scores(who)):
            date = first_day(who, self.today) + dt.timedelta(days=day)
            hour = who.hour if day else max(who.hour, 13)
            when = local(date, hour, hours.randrange(0, 50), who.zone)
            if when >= self.now:
                break
            self.stage.at(when, lambda now, w=written: self.live_a_day(who, client, w, now))  # type: ignore[misc]
        for week in range(1, who.began // 21 + 1):
            visit = first_day(who, self.today) + dt.timedelta(days=21 * week)
            self.stage.at(local(visit, 15, 0, ZONE), lambda now: self.meet(client, now))
        self.agree_next_visit(client, at)

    def pick_days(self, client: Client, at: dt.datetime) -> None:
        """Whoever opens the demo as its client finds a session to start today."""
        days = tuple(sorted((self.today.weekday() + ahead) % 7 for ahead in (0, 2, 4)))
        wish = Reminders(True, days, dt.time(18, 30), None, dt.time(21), dt.time(8))
        choose_reminders(client=client, reminders=wish, by=person_of(client), now=at)

    def live_a_day(self, who: Character, client: Client, written: DayScores | None, at: dt.datetime) -> None:
        self.move_on(who, client, at)
        if written is None:
            return
        note = self.dice.choice(NOTES) if self.dice.random() < 0.12 and written.before < 7 else ""
        logged = write_log(
            client=client, before=written.before, after=written.after, sites=who.sites, now=at, note=note
        )
        if logged is not None and max(written.before, written.after) >= 7:
            self.stage.look(at + dt.timedelta(seconds=10))

    def tell_on(self, at: dt.datetime) -> None:
        """Opening and closing time: the clocks of cases move then, and of nothing else."""
        if Escalation.objects.live().filter(clinic=self.house.clinic).exists():
            self.stage.tell(at)

    def move_on(self, who: Character, client: Client, at: dt.datetime) -> None:
        """A program that has come to its last day is closed, and the next one assigned."""
        today = at.astimezone(ZoneInfo(who.zone)).date()
        if today < self.next_change.get(who.local, today):
            return
        program = Program.objects.live().filter(client=client).first()
        if program is not None:
            self.next_change[who.local] = program.ends_on + dt.timedelta(days=1)
        if program is None or program.ends_on >= today:
            return
        carer = client.care.get(ended_on__isnull=True).bodyworker
        finish_program(program=program, by=carer.user, now=at)
        done = Program.objects.filter(client=client).count()
        if done >= len(who.templates):
            return
        template = self.templates[who.templates[done]]
        if template.pk == program.template_id:
            return
        assign_to_client(
            client=client,
            order=Order(template, today, answers_to(template)),
            by=carer.user,
            now=at,
        )

    def make_the_round(self, at: dt.datetime) -> None:
        """What a good bodyworker does twice a working day: take the cases on, call, and close what is done."""
        acted = False
        for case in Escalation.objects.live().filter(clinic=self.house.clinic).select_related("client", "holder__user"):
            if at > self.now - dt.timedelta(days=3) and case.client.name == "Tomasz Nowak":
                continue
            holder = case.holder or self.house.owner
            waited = at - case.opened_at
            if case.state == EscalationState.NOTIFIED and waited > dt.timedelta(minutes=20):
                acknowledge_escalation(escalation=case, by=holder.user, now=at)
                acted = True
            elif case.state == EscalationState.ACKNOWLEDGED and waited > dt.timedelta(hours=20):
                record_contact(client=case.client, kind=ContactKind.CALL, at=at, by=holder.user, now=at)
                resolve_escalation(escalation=case, outcome=self.dice.choice(ANSWERED), note="", by=holder.user, now=at)
                for held in Program.objects.filter(client=case.client, state=ProgramState.PAUSED):
                    resume_program(program=held, by=holder.user, now=at)
                acted = True
        self.look_at_the_list(at)
        if acted:
            self.stage.tell(at + dt.timedelta(seconds=10))

    def look_at_the_list(self, at: dt.datetime) -> None:
        """Hints are read and off the list within a working day; the newest are left for whoever opens the demo."""
        waiting = Review.objects.open().filter(clinic=self.house.clinic, opened_at__lt=at - dt.timedelta(hours=20))
        for review in waiting.select_related("client", "clinic"):
            carer = review.client.care.get(ended_on__isnull=True).bodyworker
            close_review(review=review, by=carer.user, now=at)

    def meet(self, client: Client, at: dt.datetime) -> None:
        carer = client.care.get(ended_on__isnull=True).bodyworker
        record_contact(client=client, kind=ContactKind.VISIT, at=at, by=carer.user, now=at)
        self.agree_next_visit(client, at)

    def agree_next_visit(self, client: Client, at: dt.datetime) -> None:
        carer = client.care.get(ended_on__isnull=True).bodyworker
        set_next_visit(client=client, on=at.date() + dt.timedelta(days=21), by=carer.user, now=at)


def answers_to(template: ProgramTemplate) -> list[Answer]:
    """Asked, and none of it is true of this client."""
    return [Answer(question=slug, reply=IntakeReply.NO) for slug in template.intake_slugs]


def play_demo(*, stage: Stage, now: dt.datetime, cast: Sequence[Character] = CHARACTERS) -> House:
    """Make the demo clinic and let it live until now; the last tick leaves nothing of the past undone."""
    house = open_house(now=now - dt.timedelta(days=DAYS, hours=2))
    Play(house, stage, cast=cast, now=now).write_agenda()
    stage.play(now)
    stage.tick(now)
    return house
