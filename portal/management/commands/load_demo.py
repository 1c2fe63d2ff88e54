import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from certification.models import Register
from courses.models import Cohort, Course, Programme
from courses.services.teams import assign_trainers
from meetings.flows import ask_to_join, make_group, wait_for_group, write_attendance
from meetings.models import Meeting
from meetings.rules import at_home
from meetings.services.attendance import Mark
from meetings.services.planning import REMINDER, plan_meetings
from people.models import Organisation, Role, User
from people.services.roles import grant_role

ACCOUNTS = {
    Role.TRAINEE: "Trainee",
    Role.TRAINER: "Trainer",
    Role.COORDINATOR: "Coördinator",
    Role.EDITOR: "Redacteur",
}


# Programmes whose demo group has dated meetings.
DATED = {"maatjestraining": "Utrecht, donderdag"}
INTAKE = """Is de situatie nu rustig?
Is er iemand bij wie je terechtkunt?
Wil je leren, en mag het langzaam gaan?"""
# How their numbers are written, and how many months a period has. How many points it needs differs per profession: that
# is the editors' to fill in, as is every other register.
REGISTERS = {
    "SKJ": {"digits_least": 9, "digits_most": 9, "period_months": 60},
    "Registerplein": {"digits_least": 6, "digits_most": 12, "period_months": 60},
}
BIRDS = ("Merel", "Wilg", "Kompas", "Linde", "Anker", "Zeewind", "Vuursteen")


def dated_group(course: Course, name: str, people: dict[str, User], now: datetime.datetime) -> None:
    """A group under way since the Thursday of last week. Of its members only the trainee can sign in."""
    today = timezone.localdate(now)
    # The Thursday of last week.
    first = today - datetime.timedelta(days=(today.weekday() - 3) % 7 + 7)
    cohort, meetings = make_group(
        course=course,
        name=name,
        trainers=[people[Role.TRAINER]],
        first=first,
        clock=datetime.time(19),
        every=1,
        minutes=150,
        place="Utrecht, zaal 2",
        online_link="",
        reminder_minutes=REMINDER,
        capacity=8,
        way_in=Cohort.WayIn.INTAKE,
        now=now,
    )
    Programme.objects.filter(pk=course.programme_id, intake_checklist="").update(intake_checklist=INTAKE)
    members = [people[Role.TRAINEE], *(demo_person(alias) for alias in BIRDS)]
    # Before the evening of this week: of what was over when they came in nobody is written down.
    came_in = min(now, meetings[:2][-1].starts_at)
    for person in members:
        wait_for_group(cohort=cohort, person=person, alias=person.alias, now=came_in)
    meetings[0].refresh_from_db()
    marks = [Mark(person.pk, "absent" if person.alias == "Kompas" else "present") for person in members]
    write_attendance(meeting=meetings[0], marks=marks, by=people[Role.TRAINER], now=now)
    ask_to_join(cohort=cohort, person=demo_person("Maan"), alias="Maan", now=now)
    plan_meetings(
        moments=[at_home(today + datetime.timedelta(days=20), datetime.time(19, 30))],
        minutes=120,
        leaders=[people[Role.TRAINER]],
        kind=Meeting.Kind.THEME,
        title="Thema-avond: grenzen",
        discreet_title="Avondcursus",
        organisation=course.programme.organisation,
        place="Utrecht, grote zaal",
        capacity=20,
        now=now,
    )


def demo_person(alias: str) -> User:
    """Somebody to fill a group with, without a password: nobody signs in as them."""
    email = f"{alias.lower()}@example.org"
    person = User.objects.filter(email=email).first()
    return person or User.objects.create_user(email, alias=alias)


class Command(BaseCommand):
    help = "Makes one demo account per role, a demo group and two registers. Refuses where DEMO_PASSWORD is not set."

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        password = getattr(settings, "DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Demo accounts belong on one's own machine: set DEMO_PASSWORD to have them.")
        now = timezone.now()
        organisation, _created = Organisation.objects.get_or_create(
            slug="leerhuis", defaults={"name": "Leerhuis"}
        )
        for name, rule in REGISTERS.items():
            Register.objects.get_or_create(name=name, defaults=rule)
        people = {}
        for role, alias in ACCOUNTS.items():
            email = f"{role.value}@example.org"
            person = User.objects.filter(email=email).first()
            if person is None:
                person = User.objects.create_user(email, password, alias=alias)
                EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
            grant_role(user=person, role=role, organisation=organisation, now=now)
            people[role] = person
        for course in Course.objects.filter(archived_at=None):
            cohort, created = Cohort.objects.get_or_create(
                course=course,
                name="Demogroep",
                defaults={"starts_on": now.date() + datetime.timedelta(days=14)},
            )
            if created:
                assign_trainers(cohort=cohort, trainers=[people[Role.TRAINER]], now=now)
        for programme_key, name in DATED.items():
            course = Course.objects.filter(programme__key=programme_key, archived_at=None).first()
            if course is not None and not course.cohorts.filter(name=name).exists():
                dated_group(course, name, people, now)
        for role in ACCOUNTS:
            self.stdout.write(f"{role.value}@example.org")
