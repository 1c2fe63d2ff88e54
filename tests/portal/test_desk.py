"""Trainersplein: who needs a trainer and why, who is where, and the list taken along as a file."""

import csv
import io
import re
from datetime import timedelta

import pytest
import tablib
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from courses.models import ActivityState, Enrolment
from courses.services.care import ask_for_call
from courses.services.enrolments import withdraw
from meetings.models import Attendance, Meeting
from people.models import Role, User
from people.services.roles import grant_role
from portal.exports import harmless
from tests.factories import OrganisationFactory, PersonFactory
from tests.figures import figure
from tests.portal.desk import group_of, many_members, member, trainer_of

pytestmark = pytest.mark.django_db


def seen(alias, days):
    """Somebody was last here so many days ago, and began before that."""
    moment = timezone.now() - timedelta(days=days)
    enrolment = Enrolment.objects.get(alias=alias)
    User.objects.filter(pk=enrolment.learner_id).update(last_login=moment)
    Enrolment.objects.filter(pk=enrolment.pk).update(started_at=moment - timedelta(days=1))


def shown(response):
    """The names in the table, in its order; what is drawn per session comes below it."""
    table = response.text.partition('id="per-sessie"')[0]
    return re.findall(r'<th scope="row">([^<]*)</th>', table)


def rows(client, cohort, query="", file_format="csv"):
    response = client.get(reverse("cohort_file", args=[cohort.pk, file_format]) + query)
    if file_format == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    data = tablib.Dataset().load(response.content, "xlsx")
    return [data.headers, *(list(row) for row in data)]


# --- who needs somebody ---------------------------------------------------------------------------------------------
def test_silence_and_nothing_but_silence_puts_somebody_on_the_list(trainer, client, address, settings):
    settings.QUIET_DAYS = 10
    seen("Maan", 12)
    seen("Wilg", 9)
    html = client.get(address).text
    assert "12 dagen niet gezien" in html
    assert re.findall(r"<h3>(\w+)</h3>", html) == ["Maan"]
    Enrolment.objects.filter(alias="Maan").update(status="completed", completed_at=timezone.now())
    assert re.findall(r"<h3>(\w+)</h3>", client.get(address).text) == []


def test_an_answer_ends_the_silence(trainer, client, address, site, send):
    seen("Maan", 12)
    client.force_login(Enrolment.objects.get(alias="Maan").learner)
    send(site.button)
    User.objects.filter(alias="Maan").update(last_login=timezone.now() - timedelta(days=12))
    client.force_login(trainer)
    assert re.findall(r"<h3>(\w+)</h3>", client.get(address).text) == []


@pytest.mark.parametrize(("tries", "stuck"), [(2, False), (3, True)])
def test_often_tried_without_success_is_stuck(tries, stuck, trainer, client, address, site, send):
    client.force_login(Enrolment.objects.get(alias="Wilg").learner)
    for _number in range(tries):
        send(site.question, right=False)
    client.force_login(trainer)
    html = client.get(address).text
    assert (f"{tries} keer" in html) == stuck
    client.force_login(Enrolment.objects.get(alias="Wilg").learner)
    send(site.question)
    client.force_login(trainer)
    assert "keer zonder" not in client.get(address).text


def test_who_asked_to_be_called_stands_first(trainer, client, address):
    seen("Maan", 30)
    ask_for_call(
        enrolment=Enrolment.objects.get(alias="Wilg"), moment="Di 10-12", phone="", now=timezone.now()
    )
    html = client.get(address).text
    assert re.findall(r"<h3>(\w+)</h3>", html) == ["Wilg", "Maan"]
    assert "Di 10-12" in html
    assert re.findall(r"<h3>(\w+)</h3>", client.get(reverse("training")).text)[-2:] != []


def test_who_stopped_and_the_trainer_who_learns_there_are_on_no_list(trainer, cohort, client, address):
    for alias in ("Maan", "Merel"):
        seen(alias, 30)
    withdraw(enrolment=Enrolment.objects.get(alias="Maan"), now=timezone.now())
    Enrolment.objects.filter(alias="Merel").update(learner=trainer)
    html = client.get(address).text
    assert [alias for alias in ("Maan", "Merel", "Wilg") if alias in html] == ["Wilg"]


@pytest.fixture
def write_down(cohort, trainer, site):
    """A meeting of the group so many days ago, and who was there."""

    def write(days, **statuses):
        starts_at = timezone.now() - timedelta(days=days)
        meeting = Meeting.objects.create(
            kind="training",
            organisation=site.course.programme.organisation,
            cohort=cohort,
            title="Avond",
            discreet_title="Avond",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            created_at=starts_at,
            changed_at=starts_at,
        )
        Attendance.objects.bulk_create(
            Attendance(
                meeting=meeting,
                person=Enrolment.objects.get(alias=alias).learner,
                status=status,
                recorded_at=timezone.now(),
            )
            for alias, status in statuses.items()
        )
        return meeting

    return write


def test_a_missed_meeting_puts_somebody_on_the_list_until_they_caught_up(write_down, client, address, cohort):
    write_down(40, Maan="absent", Wilg="absent", Merel="present")
    meeting = write_down(3, Maan="absent", Wilg="notice", Merel="late")
    html = client.get(address).text
    assert sorted(re.findall(r"<h3>(\w+)</h3>", html)) == ["Maan", "Wilg"]
    day = date_format(timezone.localdate(meeting.starts_at), "j F")
    assert html.count(f"Miste de bijeenkomst van {day}.") == 2
    assert [row[3] for row in rows(client, cohort)[1:]] == ["0 van 2", "2 van 2", "0 van 2"]
    missed = Attendance.objects.get(meeting=meeting, person__alias="Maan")
    Attendance.objects.create(
        meeting=meeting,
        person=missed.person,
        subject=missed.subject,
        status="caught_up",
        recorded_at=timezone.now(),
        replaces=missed,
    )
    assert re.findall(r"<h3>(\w+)</h3>", client.get(address).text) == ["Wilg"]
    assert "Miste de bijeenkomst" in client.get(reverse("training")).text


# --- who is where ---------------------------------------------------------------------------------------------------
def test_each_is_where_they_were_last_with_what_is_done(trainer, client, cohort, site, send, address):
    client.force_login(Enrolment.objects.get(alias="Maan").learner)
    client.get(reverse("lesson", args=[site.lesson.short_key]))
    for activity in site.counting[:2]:
        send(activity)
    client.force_login(trainer)
    head, *lines = rows(client, cohort)
    assert lines[0] == ["Maan", "Kennismaking: Naast iemand staan", "1 van 2 lessen", "–", "vandaag", "bezig"]
    assert lines[2][1] == "nog niet begonnen"
    assert len(head) == 6


def test_who_did_nothing_and_never_signed_in_was_not_seen(trainer, client, cohort, site, send):
    """That somebody was let in today is no sign of them. Signing in or answering is, whichever of the two there is."""
    client.force_login(Enrolment.objects.get(alias="Maan").learner)
    send(site.counting[0])
    User.objects.filter(enrolments__alias="Maan").update(last_login=None)
    User.objects.filter(enrolments__alias="Wilg").update(last_login=timezone.now() - timedelta(days=3))
    client.force_login(trainer)
    last_seen = {row[0]: row[4] for row in rows(client, cohort)[1:]}
    assert last_seen == {"Maan": "vandaag", "Merel": "nog niet begonnen", "Wilg": "3 dagen geleden"}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["Maan", "Merel", "Wilg"]),
        ("?sort=-alias", ["Wilg", "Merel", "Maan"]),
        ("?sort=ago", ["Merel", "Wilg", "Maan"]),
        ("?name=M&sort=-alias", ["Merel", "Maan"]),
        ("?quiet=7", ["Merel", "Wilg"]),
        ("?quiet=14&sort=ago", ["Merel"]),
        ("?status=completed", ["Wilg"]),
        ("?session=1000000", ["Maan", "Merel", "Wilg"]),
        ("?quiet=x&status=%00&sort=learner__password&page=99", ["Maan", "Merel", "Wilg"]),
        ("?name=%27%3B--", []),
    ],
)
def test_the_file_holds_what_the_screen_shows_in_its_order(query, wanted, trainer, client, cohort, address):
    for alias, days in (("Maan", 1), ("Wilg", 8), ("Merel", 20)):
        seen(alias, days)
    Enrolment.objects.filter(alias="Wilg").update(status="completed", completed_at=timezone.now())
    assert shown(client.get(address + query)) == wanted
    for file_format in ("csv", "xlsx"):
        assert [row[0] for row in rows(client, cohort, query, file_format)[1:]] == wanted


def test_it_is_drawn_how_many_did_all_of_a_session(trainer, client, site, send, address):
    client.force_login(Enrolment.objects.get(alias="Maan").learner)
    for activity in site.counting:
        send(activity)
    client.force_login(trainer)
    (session,) = client.get(address).context["per_session"]
    assert session == ("Kennismaking", 1, 3)
    assert '<progress class="bar" value="1" max="3"' in client.get(address).text
    assert client.get(address + "?name=niemand").context["per_session"] == []


def test_one_session_shows_who_was_last_in_it(trainer, client, cohort, site, address):
    Enrolment.objects.filter(alias="Wilg").update(here=site.lesson)
    query = f"?session={site.lesson.session_id}"
    assert shown(client.get(address + query)) == ["Wilg"]
    assert [row[0] for row in rows(client, cohort, query)[1:]] == ["Wilg"]


def test_a_file_holds_all_pages(trainer, client, cohort, address):
    many_members(cohort, 60, timezone.now())
    first = shown(client.get(address))
    second = shown(client.get(address + "?page=2"))
    assert [len(first), len(second)] == [50, 13]
    assert [row[0] for row in rows(client, cohort)[1:]] == first + second


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\u00a0="])
def test_nothing_in_a_file_is_a_formula(start, trainer, client, cohort):
    evil = f'{start}HYPERLINK("https://kwaad.example")'
    Enrolment.objects.filter(alias="Maan").update(alias=evil)
    for file_format in ("csv", "xlsx"):
        cells = {cell for row in rows(client, cohort, "", file_format) for cell in row}
        assert f"'{evil}" in cells
        assert evil not in cells
    assert harmless(3) == 3


def test_the_file_is_called_neutrally(trainer, client, cohort):
    response = client.get(reverse("cohort_file", args=[cohort.pk, "xlsx"]))
    assert response["Content-Disposition"] == 'attachment; filename="deelnemers.xlsx"'
    assert client.get(reverse("cohort_file", args=[cohort.pk, "pdf"])).status_code == 404


def test_groups_are_for_their_trainers_and_who_coordinates_them(trainer, cohort, client, address, site, now):
    organisation = site.course.programme.organisation
    cohort.region = "Noord"
    cohort.save()
    for region, place, status in [
        ("", organisation, 200),
        ("Noord", organisation, 200),
        ("Zuid", organisation, 404),
    ]:
        person = PersonFactory()
        grant_role(user=person, role=Role.COORDINATOR, organisation=place, region=region, now=now)
        client.force_login(person)
        assert client.get(address).status_code == status
    stranger = PersonFactory()
    grant_role(user=stranger, role=Role.COORDINATOR, organisation=OrganisationFactory(), now=now)
    for person in (stranger, trainer_of(group_of(site.course, now, name="Ander")[0], now, "Ander")):
        client.force_login(person)
        assert client.get(address).status_code == 404
        assert client.get(reverse("cohort_file", args=[cohort.pk, "csv"])).status_code == 404


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_group_of_five_hundred_costs_as_many_queries_as_one_of_ten(trainer, client, cohort, address):
    pages = [address, reverse("training"), reverse("cohort_file", args=[cohort.pk, "csv"])]
    many_members(cohort, 7, timezone.now())
    ten = [cost(client, page) for page in pages]
    many_members(cohort, 490, timezone.now() - timedelta(days=30))
    assert cohort.enrolments.count() == 500
    many = [cost(client, page) for page in pages]
    figure(
        f"trainers' desk on {connection.vendor}: {many} queries for group, desk and file at 500, {ten} at 10"
    )
    assert many == ten
    # 1 who is signed in  2 the group  3 the sessions  4 who came to the meetings  5 the learners  6 what is required
    # 7 what is done  8 the lessons  9 who asked for a call  10 who needs attention  11 the roles for the menu
    assert ten[0] == 11


# --- answers in own words -------------------------------------------------------------------------------------------
def test_an_answer_in_own_words_is_read_once_and_a_new_one_again(trainer, client, cohort, site, send):
    from tests.courses.activity_samples import FIELDS
    from tests.factories import ActivityFactory

    activity = ActivityFactory(lesson=site.lesson, kind="open", fields=FIELDS["open"])
    maan = Enrolment.objects.get(alias="Maan")

    def say(words):
        client.force_login(maan.learner)
        send(activity, data={"text": words})
        client.force_login(trainer)

    say("U houdt vol.")
    assert "U houdt vol." in client.get(reverse("answers")).text
    attempt = ActivityState.objects.get(activity=activity).last_attempt_id
    assert client.post(reverse("answer_seen", args=[attempt])).status_code == 302
    assert f"/{attempt}/gelezen/" not in client.get(reverse("answers")).text
    say("U bent moe.")
    html = client.get(reverse("answers")).text
    assert ("U bent moe." in html, "U houdt vol." in html) == (True, False)
    newer = ActivityState.objects.get(activity=activity).last_attempt_id
    assert f"/{newer}/gelezen/" in html
    client.force_login(trainer_of(group_of(site.course, timezone.now(), name="Ander")[0], timezone.now()))
    assert client.post(reverse("answer_seen", args=[newer])).status_code == 404
    assert "U bent moe." not in client.get(reverse("answers")).text


def test_the_titles_are_neutral(trainer, client, cohort, heavy, title_of, address):
    pages = [
        address,
        reverse("training"),
        reverse("calls"),
        reverse("answers"),
        reverse("shared_texts"),
        reverse("check_ins", args=[cohort.pk, heavy.short_key]),
    ]
    words = ("Geweld en herstel", "Programma", "Maan", "Noord", "Kennismaking")
    assert [word for page in pages for word in words if word in title_of(client.get(page))] == []


@pytest.mark.parametrize("name", ["calls", "answers", "shared_texts"])
def test_learners_have_no_desk(name, learner, client):
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("more", [1, 12])
def test_lists_to_read_cost_the_same_with_few_and_with_many(more, trainer, client, cohort, site, send, now):
    for number in range(more):
        ask_for_call(enrolment=member(cohort, f"A{number}", now), moment="", phone="", now=now)
    assert [cost(client, reverse(name)) for name in ("calls", "answers", "shared_texts")] == [3, 3, 3]
