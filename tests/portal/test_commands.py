"""The clock's round and the demo accounts."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certification.models import Award
from courses.models import Cohort, Enrolment, Lesson
from people.models import Lease, Membership, User
from portal.management.commands import clock
from tests.cms import made_pages as made

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


def test_without_a_password_there_are_no_demo_accounts(site, settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("load_demo")
    assert User.objects.count() == 0
