"""A group of the maatjestraining's shape: nine sessions with a meeting, a trainer, a coordinator, and people in it."""

from dataclasses import dataclass, field
from datetime import date, time

import pytest
from django.test import Client

from courses.models import Cohort, Course, Enrolment
from courses.services.enrolments import enrol
from meetings.flows import make_group, register
from meetings.models import Meeting, Room
from meetings.services.rooms import give_roles, open_room
from meetings.services.tokens import make_feed
from people.models import Role, User
from people.services.roles import grant_role
from tests.factories import CourseFactory, LessonFactory, MeetingFactory, PersonFactory, SessionFactory
from tests.meetings.calendar_reader import components


@dataclass
class Circle:
    course: Course
    cohort: Cohort
    meetings: list[Meeting]
    trainer: User
    coordinator: User
    members: list[Enrolment] = field(default_factory=list)

    @property
    def people(self) -> list[User]:
        return [member.learner for member in self.members]


def make_course(sessions: int = 9) -> Course:
    course = CourseFactory(open_enrolment=False)
    for number in range(1, sessions + 1):
        session = SessionFactory(course=course, position=number, meeting="19.00 uur, in de groep")
        LessonFactory(session=session, part="before")
        LessonFactory(session=session, part="after")
    return course


def make_circle(now, *, members: int = 3, sessions: int = 9, **fields) -> Circle:
    course = make_course(sessions)
    organisation = course.programme.organisation
    trainer, coordinator = PersonFactory(alias="Noor"), PersonFactory(alias="Wies")
    grant_role(user=trainer, role=Role.TRAINER, organisation=organisation, now=now)
    grant_role(user=coordinator, role=Role.COORDINATOR, organisation=organisation, now=now)
    chosen = {
        "name": "Utrecht, voorjaar",
        "capacity": 8,
        "way_in": "invitation",
        "first": date(2026, 11, 26),
        "clock": time(19),
        "every": 1,
        "minutes": 150,
        "place": "Utrecht, zaal 2",
        "online_link": "",
        "reminder_minutes": 1440,
    }
    cohort, meetings = make_group(course=course, trainers=[trainer], now=now, **chosen | fields)
    circle = Circle(course, cohort, meetings, trainer, coordinator)
    for number in range(members):
        person = PersonFactory(alias=f"Vogel {number}")
        circle.members.append(
            enrol(learner=person, course=course, cohort=cohort, alias=person.alias, admitted=True, now=now)
        )
    return circle


@pytest.fixture
def frozen(time_machine, now) -> None:
    """It is `now`, also for what looks at the clock."""
    time_machine.move_to(now, tick=False)


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def feed_address(person: User, now, **choices) -> str:
    """What somebody puts into their calendar."""
    return f"/agenda/{make_feed(person=person, now=now, **choices)}.ics"


def events_at(address: str) -> list[dict[str, tuple[dict, str]]]:
    """What a calendar reads there, which is signed in nowhere."""
    return components(Client().get(address).content).get("VEVENT", [])


@pytest.fixture
def circle(db, now) -> Circle:
    return make_circle(now)


@pytest.fixture
def trainer(client, circle) -> Client:
    client.force_login(circle.trainer)
    return client


@pytest.fixture
def learner(client, circle) -> Client:
    client.force_login(circle.people[0])
    return client


@dataclass
class Table:
    """An intervision without a group: who leads it, three on its list, and its room."""

    meeting: Meeting
    room: Room
    leader: User
    people: list[User]

    def brings_case(self, person: User) -> None:
        give_roles(room=self.room, roles={person.pk: "owner"}, now=self.room.opened_at)


def make_table(now, *, method: str = "gossip", people: int = 3, **fields) -> Table:
    leader = PersonFactory(alias="Noor")
    meeting = MeetingFactory(kind="intervision", **fields)
    meeting.leaders.add(leader)
    seated = [PersonFactory(alias=f"Vogel {number}") for number in range(people)]
    for person in seated:
        register(meeting=meeting, person=person, now=now)
    return Table(meeting, open_room(meeting=meeting, method=method, now=now), leader, seated)
