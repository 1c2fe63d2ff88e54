"""A house with two sides that must not see each other: two organisations, each with a course, a learner and staff.

Built once per module, inside a transaction that is rolled back after it.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from wagtail.models import Collection, Locale, Page

from certification.flows import give_to_many
from certification.models import Award, Batch, Document
from certification.services.badges import issue_badge
from cms.loading import Loader
from cms.models import CataloguePage, CoursePage, HomePage, LessonPage, SessionPage, StandardPage
from cms.programmes import ProgrammeText, read_programme, read_site
from courses.models import (
    Activity,
    ActivityVersion,
    CallRequest,
    Cohort,
    Course,
    Enrolment,
    Lesson,
    Reflection,
    Session,
    Submission,
)
from courses.queries.syllabus import required_versions, source_versions
from courses.services.enrolments import enrol
from courses.services.teams import assign_trainers
from media.models import Recording
from meetings.flows import ask_to_join
from meetings.models import GroupPlace, KeepApart, Meeting
from meetings.services.apart import keep_apart
from meetings.services.planning import plan_sessions
from meetings.services.rooms import Act, open_room, work_clock
from people.models import ContactPreference, Organisation, OutboxMessage, Role, User
from people.services.roles import grant_role
from portal.flows import answer_activity
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.courses.talks import kemal
from tests.factories import ActivityFactory, MeetingFactory, PersonFactory, right_answer
from tests.recordings import make_recording

CONTENT = Path(settings.BASE_DIR) / "content"
START = datetime(2026, 9, 1, 19, 0, tzinfo=UTC)


@dataclass
class Side:
    """One organisation with its course, its people and what its learner left behind."""

    name: str
    organisation: Organisation
    course: Course
    session: Session
    lesson: Lesson
    version: ActivityVersion
    cohort: Cohort
    learner: User
    enrolment: Enrolment
    reflection: Reflection
    submission: Submission
    recording: Recording
    award: Award
    batch: Batch
    meeting: Meeting
    # A meeting of the group with a room for intervision in which the clock runs.
    intervision: Meeting
    # Somebody who waits for an intake talk, and a mark that they and the learner had better not be together.
    asked: GroupPlace
    mark: KeepApart
    call: CallRequest
    # A message to the learner that could not be delivered.
    undelivered: OutboxMessage
    # A practised conversation that is no longer on the page: trainers still see what was chosen in it.
    talk: Activity
    # What nobody else may read: the learner's own words and names.
    alias: str
    secrets: tuple[str, ...]
    people: dict[str, User]


@dataclass
class House:
    """Both sides, the people without a side, and the pages."""

    a: Side
    b: Side
    editor: User
    superuser: User
    home: HomePage
    catalogue: CataloguePage
    standard: StandardPage
    course_page: CoursePage
    session_page: SessionPage
    lesson_page: LessonPage
    people: dict[str, User] = field(default_factory=dict)

    def client(self, role: str, *, enforce_csrf_checks: bool = False) -> Client:
        """A browser of somebody with this role who just gave their password; errors come as 500, as they would to them."""
        client = Client(raise_request_exception=False, enforce_csrf_checks=enforce_csrf_checks)
        return client if role == "anonymous" else signed_in(client, self.people[role])


def signed_in(client: Client, user: User) -> Client:
    """As after the sign-in form: allauth remembers that the password was given just now."""
    client.force_login(user)
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, method="password", reauthenticated=True)
    session.save()
    return client


def ensure_roots() -> None:
    """The rows of Wagtail's own migrations, for when a test with real transactions emptied the database before."""
    locale, _created = Locale.objects.get_or_create(language_code="nl")
    if not Page.objects.filter(depth=1).exists():
        Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")


def load_pages(*programmes: ProgrammeText) -> None:
    """The public pages of content/, and these programmes."""
    ensure_roots()
    site = read_site(CONTENT / "site")
    Loader().load_site(site)
    for programme in programmes:
        Loader().load_programme(programme)
    Loader().load_site(site)
    call_command("setup_roles")


def small_programmes() -> tuple[ProgrammeText, ProgrammeText]:
    """The first session of a professional module, and the same with one lesson at another organisation."""
    module = read_programme(CONTENT / "motiverende-gespreksvoering")
    session = module.sessions[0]
    whole = replace(module, sessions=(session,), banks=())
    other = replace(
        whole,
        key="tweede",
        name="Tweede programma",
        neutral_name="Ochtendcursus",
        organisation="Ander Huis",
        course=replace(
            whole.course, slug="tweede-cursus", title="Tweede cursus", discreet_title="Ochtendcursus"
        ),
        sessions=(replace(session, lessons=session.lessons[:1]),),
    )
    return whole, other


def person(email: str, **fields: object) -> User:
    return PersonFactory(email=f"{email}@example.org", **fields)


def build_side(name: str, course: Course, words: str) -> Side:
    """A learner who did the whole course and wrote about themselves, with the staff around them."""
    organisation = course.programme.organisation
    secrets = (
        f"{words.lower()}@example.org",
        f"Wilhelmina {words}",
        f"{words} aan de waterkant",
        f"Tante {words}",
    )
    learner = PersonFactory(email=secrets[0], legal_name=secrets[1], alias=f"Schuilnaam {words}")
    ContactPreference.objects.create(user=learner, person_name=secrets[3], person_phone="06 1234 5678")
    grant_role(user=learner, role=Role.TRAINEE, organisation=organisation, now=START)
    people = {f"learner_{name}": learner}
    for role, region in [("trainer", ""), ("coordinator", ""), ("regional", "Noord"), ("elsewhere", "Zuid")]:
        somebody = person(f"{role}-{name}")
        what = Role.TRAINER if role == "trainer" else Role.COORDINATOR
        grant_role(user=somebody, role=what, organisation=organisation, region=region, now=START)
        people[f"{role}_{name}"] = somebody
    cohort = Cohort.objects.create(course=course, name=f"Groep {name}", region="Noord")
    assign_trainers(cohort=cohort, trainers=[people[f"trainer_{name}"]], now=START)
    enrolment = enrol(learner=learner, course=course, alias=learner.alias, now=START, cohort=cohort)
    for number, version in enumerate(versions_of(course)):
        data = {"text": secrets[2]} if version.activity.kind == "reflection" else right_answer(version)
        answer_activity(
            learner=learner,
            activity_id=version.activity_id,
            version_id=version.pk,
            data=data,
            uuid=uuid.uuid4(),
            now=START + timedelta(minutes=number),
        )
    award = Award.objects.select_related("document").get(enrolment=enrolment)
    document = award.document
    document.file_name = storages["private"].save(
        f"bewijzen/{uuid.uuid4().hex}.pdf", ContentFile(b"%PDF-1.7 proef")
    )
    document.sha256, document.size, document.rendered_at = "0" * 64, 14, START
    document.state = Document.State.READY
    document.save()
    issue_badge(award=award, now=START)
    course.sessions.update(heavy=True)
    session = course.sessions.get()
    lesson = session.lessons.first()
    version = next(each for each in versions_of(course) if each.activity.kind == "single_choice")
    asked = ask_to_join(cohort=cohort, person=person(f"gevraagd-{name}"), alias="Vraagt", now=START)
    mark = keep_apart(
        one=learner, other=asked.person, organisation=organisation, by=people[f"trainer_{name}"], now=START
    )
    return Side(
        name=name,
        organisation=organisation,
        course=course,
        session=session,
        lesson=lesson,
        version=version,
        cohort=cohort,
        learner=learner,
        enrolment=Enrolment.objects.get(pk=enrolment.pk),
        reflection=Reflection.objects.filter(enrolment=enrolment).first(),
        submission=handed_in(learner, lesson),
        recording=make_recording(),
        award=award,
        batch=given_together(award, by=people[f"coordinator_{name}"]),
        meeting=planned(cohort, session),
        intervision=with_room(cohort),
        asked=asked,
        mark=mark,
        call=CallRequest.objects.create(enrolment=enrolment, asked_at=START),
        undelivered=undelivered(learner, secrets[2]),
        talk=ActivityFactory(
            kind="dialogue", lesson=lesson, required=False, retired_at=START, fields=kemal()
        ),
        alias=learner.alias,
        secrets=secrets,
        people=people,
    )


def given_together(award: Award, *, by: User) -> Batch:
    """A batch with the learner's line, who had a certificate already; its zip file is not made."""
    return give_to_many(
        batch_id=uuid.uuid4(), course=award.enrolment.course, enrolments=[award.enrolment], by=by, now=START
    )


def undelivered(learner: User, words: str) -> OutboxMessage:
    """A message that was refused; its text is still there."""
    return OutboxMessage.objects.create(
        recipient=learner,
        kind="feedback",
        cause=f"refused:{learner.pk}",
        subject=words,
        text=words,
        state=OutboxMessage.State.DEAD,
        attempts=1,
        last_error="SMTPRecipientsRefused 550",
        due_at=START,
        created_at=START,
    )


def planned(cohort: Cohort, session: Session) -> Meeting:
    """The group's meeting of a session."""
    (meeting,) = plan_sessions(cohort=cohort, sessions=[session], moments=[START], minutes=150, now=START)
    return meeting


def with_room(cohort: Cohort) -> Meeting:
    """An intervision of the group, under way."""
    meeting = MeetingFactory(
        kind=Meeting.Kind.INTERVISION,
        organisation=cohort.course.programme.organisation,
        cohort=cohort,
        starts_at=START + timedelta(days=7),
    )
    room = open_room(meeting=meeting, method="five", now=START)
    work_clock(room=room, act=Act.START, step=room.step, now=meeting.starts_at)
    return meeting


def handed_in(learner: User, lesson: Lesson) -> Submission:
    """An assignment with a file, which is not in the lesson any more: the page and the course stay as they were."""
    activity = ActivityFactory(kind="assignment", lesson=lesson, required=False, fields=FIELDS["assignment"])
    answer_activity(
        learner=learner,
        activity_id=activity.pk,
        version_id=activity.versions.get().pk,
        data={"text": "Een gesprek over de bus."},
        file=SimpleUploadedFile("gesprek.txt", b"Over de bus."),
        uuid=uuid.uuid4(),
        now=START,
    )
    Activity.objects.filter(pk=activity.pk).update(retired_at=START)
    return Submission.objects.get(activity=activity)


def versions_of(course: Course) -> list[ActivityVersion]:
    """What can be done in a course today, in order: what is required and what is not."""
    activities = Activity.objects.filter(
        lesson__session__course=course, retired_at=None, lesson__archived_at=None
    )
    versions = source_versions(activities).select_related("activity__lesson")
    return sorted(versions, key=lambda version: (version.activity.lesson.position, version.activity.position))


def build_house() -> House:
    first, second = small_programmes()
    load_pages(first, second)
    course_a = Course.objects.select_related("programme__organisation").get(programme__key=first.key)
    course_b = Course.objects.select_related("programme__organisation").get(programme__key="tweede")
    assert required_versions(course_a).exists()
    a = build_side("a", course_a, "Zilverreiger")
    b = build_side("b", course_b, "Kwartelkoning")
    editor, superuser = person("redactie"), person("beheer", is_superuser=True, is_staff=True)
    grant_role(user=editor, role=Role.EDITOR, organisation=a.organisation, now=START)
    session_page = SessionPage.objects.get(translation_key=a.session.key)
    house = House(
        a=a,
        b=b,
        editor=editor,
        superuser=superuser,
        home=HomePage.objects.get(),
        catalogue=CataloguePage.objects.get(),
        standard=StandardPage.objects.first(),
        course_page=CoursePage.objects.get(translation_key=a.course.key),
        session_page=session_page,
        lesson_page=LessonPage.objects.get(translation_key=a.lesson.key),
    )
    house.people = {**a.people, **b.people, "editor": editor, "superuser": superuser}
    return house


@pytest.fixture(scope="module")
def house_of_the_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[House]:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path_factory.mktemp("private")}}
    with django_db_blocker.unblock(), override_settings(STORAGES={**settings.STORAGES, "private": private}):
        outer = transaction.atomic()
        outer._from_testcase = True  # as TestCase does: a durable transaction inside a test is not one
        outer.__enter__()
        try:
            yield build_house()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            cache.clear()


@pytest.fixture
def house(house_of_the_module: House, db: None) -> House:
    """The house as it was built, whatever other tests did to it."""
    return house_of_the_module


@pytest.fixture
def tree(db: None) -> SimpleNamespace:
    """A small site made by hand: one course, one session, lessons `one` and `two`."""
    ensure_roots()
    home, catalogue = made.make_site()
    course = made.make_course(catalogue)
    session = made.make_session(course, "Kennismaking")
    one = made.make_lesson(session, "Naast iemand staan", made.text(), made.choice(), made.reading("Gelezen"))
    two = made.make_lesson(session, "Een zorg", made.reading("Ook gelezen"))
    return SimpleNamespace(home=home, catalogue=catalogue, course=course, session=session, one=one, two=two)
