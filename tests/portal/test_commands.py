"""The clock's round and the demo accounts."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certification.models import Award, Register
from certification.registers import rule_in_words
from courses.models import Cohort, Enrolment, Lesson
from courses.services.enrolments import enrol
from courses.services.reflections import keep_reflection
from meetings.models import LearningPoint, Room
from meetings.services.rooms import open_room
from people.models import Lease, Membership, User
from people.services.sealing import seal, unseal
from portal.management.commands import clock
from tests.cms import made_pages as made
from tests.factories import ActivityFactory, LessonFactory, MeetingFactory

pytestmark = pytest.mark.django_db
# A round begins by dropping connections that have grown old.
commits = pytest.mark.django_db(transaction=True)


@commits
def test_a_round_publishes_what_is_due_and_completes_what_is_finished(learner, site, send):
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting[:-1]:
        send(activity)
    made.change(site.two, made.reflection())
    session = site.one.get_parent().specific
    page = made.make_lesson(session, "Later", made.reading(), live=False)
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=2)):
        page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
        page.save_revision().publish()
    assert Lesson.objects.filter(title="Later").count() == 0
    call_command("clock", once=True)
    assert (Enrolment.objects.get().status, Award.objects.count()) == ("completed", 1)
    assert Lesson.objects.get(title="Later").archived_at is None


@commits
def test_while_one_clock_works_another_does_not(monkeypatch):
    Lease.objects.create(
        name="clock", holder="elders:1", until=timezone.now() + datetime.timedelta(minutes=5)
    )
    ran = []
    monkeypatch.setattr(clock, "JOBS", (lambda *, now: ran.append(now),))
    call_command("clock", once=True)
    assert ran == []


@commits
def test_a_job_that_fails_does_not_keep_the_others_from_running(monkeypatch, caplog):
    ran = []

    def fail(*, now):
        raise RuntimeError("broken")

    monkeypatch.setattr(clock, "JOBS", (fail, lambda *, now: ran.append(now)))
    call_command("clock", once=True)
    assert len(ran) == 1
    failures = [record.message for record in caplog.records if record.name == clock.__name__]
    assert failures == ["the clock's job fail failed"]


def test_demo_accounts_are_one_per_role_and_can_sign_in(site, settings):
    settings.DEMO_PASSWORD = "rustig-leren-2026"
    said = StringIO()
    for _time in range(2):
        call_command("load_demo", stdout=said)
    assert sorted(User.objects.values_list("email", flat=True)) == [
        "coordinator@example.org",
        "editor@example.org",
        "trainee@example.org",
        "trainer@example.org",
    ]
    assert Membership.objects.count() == 4
    cohort = Cohort.objects.get()
    assert [trainer.email for trainer in cohort.trainers.all()] == ["trainer@example.org"]
    client = Client()
    client.post(reverse("account_login"), {"login": "trainee@example.org", "password": "rustig-leren-2026"})
    assert client.get(reverse("leerplek")).status_code == 200


def test_the_demo_has_registers_with_their_rule_and_leaves_what_an_editor_made_of_them(site, settings):
    settings.DEMO_PASSWORD = "rustig-leren-2026"
    call_command("load_demo", stdout=StringIO())
    assert [(rule_in_words(each), each.period_months) for each in Register.objects.all()] == [
        ("Een nummer van Registerplein heeft 6 tot 12 cijfers, zoals 012345678901.", 60),
        ("Een nummer van SKJ heeft 9 cijfers, zoals 012345678.", 60),
    ]
    Register.objects.filter(name="SKJ").update(points_needed=60, digits_most=10)
    call_command("load_demo", stdout=StringIO())
    assert Register.objects.values_list("points_needed", "digits_most").get(name="SKJ") == (60, 10)


def test_without_a_password_there_are_no_demo_accounts(site, settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("load_demo")
    assert User.objects.count() == 0


def test_one_command_rotates_whatever_is_kept_encrypted_and_says_what_no_key_opens(learner, now, settings):
    old = list(settings.REFLECTION_KEYS)
    lesson = LessonFactory()
    enrolment = enrol(learner=learner, course=lesson.session.course, alias="Maan", now=now)
    room = open_room(meeting=MeetingFactory(kind="intervision"), method="five", now=now)
    Room.objects.filter(pk=room.pk).update(
        case=seal("Een casus"), case_until=now + datetime.timedelta(hours=1)
    )
    point = LearningPoint.objects.create(
        meeting=room.meeting, person=learner, ciphertext=seal("Een punt"), written_at=now
    )
    reflection = keep_reflection(
        enrolment=enrolment,
        version=ActivityFactory(kind="reflection", lesson=lesson).versions.get(),
        text="Een tekst",
        now=now,
    )

    def rotate():
        out = StringIO()
        call_command("rotate_reflection_keys", stdout=out)
        return out.getvalue().splitlines()

    settings.REFLECTION_KEYS = ["een nieuwe", *old]
    assert rotate() == [
        "1 private texts written under the first key, 0 that no key opens",
        "1 learning points written under the first key, 0 that no key opens",
        "1 cases written under the first key, 0 that no key opens",
        "If every process has the new key in front by now, the keys behind it may go.",
    ]
    settings.REFLECTION_KEYS = ["een nieuwe"]
    for kept in (room, point, reflection):
        kept.refresh_from_db()
    assert [unseal(room.case), unseal(point.ciphertext), unseal(reflection.ciphertext)] == [
        "Een casus",
        "Een punt",
        "Een tekst",
    ]
    settings.REFLECTION_KEYS = ["zonder het oude slot"]
    assert rotate() == [
        "0 private texts written under the first key, 1 that no key opens",
        "0 learning points written under the first key, 1 that no key opens",
        "0 cases written under the first key, 1 that no key opens",
        "Put the key back that is missing and run this again, or accept that these stay closed.",
    ]
