"""Renewing a certificate on the screens of its holder, its coordinator and a stranger."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.flows import award_and_queue, say_ready
from certification.models import Award, Register, Scheme
from certification.services.corrections import revoke_award
from courses.models import Cohort, Course, Enrolment
from courses.services.enrolments import enrol
from people.models import Role
from people.services.roles import grant_role
from tests.factories import CourseFactory, PersonFactory

pytestmark = pytest.mark.django_db


def page_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def award(site, learner, send):
    """Somebody's certificate, which ends in sixty days."""
    learner.legal_name = "Maan de Vries"
    learner.save()
    Scheme.objects.create(course=site.course, requirements={"activities": {}}, valid_months=12)
    for activity in site.counting:
        send(activity)
    Award.objects.update(valid_until=timezone.localdate() + timedelta(days=60))
    return Award.objects.get()


@pytest.fixture
def start(site):
    return reverse("start_course", args=[site.course.short_key])


def test_before_the_window_the_holder_reads_when_it_opens_and_cannot_begin(award, site, client, start):
    Award.objects.update(valid_until=timezone.localdate() + timedelta(days=91))
    html = page_of(client.get(reverse("leerplek")))
    assert "kun je het verlengen:" in html
    assert start not in html
    assert client.get(start).url == reverse("my_course", args=[site.course.short_key])
    assert client.post(start, {"alias": "Ster"}).url == reverse("my_course", args=[site.course.short_key])
    assert Enrolment.objects.count() == 1


def test_the_holder_does_the_course_once_more_with_nothing_filled_in(award, site, client, start, send):
    assert f'<a href="{start}">door de cursus nog een keer te doen</a>' in page_of(
        client.get(reverse("leerplek"))
    )
    assert "Doe deze cursus nog een keer" in page_of(client.get(start))
    assert client.post(start, {"alias": "Ster"}).url == reverse("leerplek")
    again = Enrolment.objects.in_use().get()
    assert (again.alias, again.status, again.states.count()) == ("Ster", "active", 0)
    # A second press leads to what the first one made; the certificate stands where it stood.
    assert client.post(start, {"alias": "Ster"}).url == reverse("my_course", args=[site.course.short_key])
    assert award.serial in page_of(client.get(reverse("leerplek")))
    for activity in site.counting:
        send(activity)
    new = Award.objects.get(renews=award)
    html = page_of(client.get(reverse("leerplek")))
    assert f'<a href="#bewijs-{new.public_id}">Bekijk {new.serial}</a>' in html
    assert f"verlengt {award.serial}" in html
    assert start not in html.split(f'id="bewijs-{award.public_id}"')[1]


def test_a_renewal_under_way_is_said_and_led_to(award, site, client, start):
    running = reverse("my_course", args=[site.course.short_key])
    client.post(start, {"alias": "Ster"})
    (shown,) = page_of(client.get(reverse("leerplek"))).split(f'id="bewijs-{award.public_id}"')[1:]
    assert "Je bent het aan het verlengen:" in shown
    assert f'<a href="{running}">' in shown
    assert "Je kunt het nu verlengen" not in shown
    assert start not in shown
    # Who stops with it can begin again.
    Enrolment.objects.in_use().update(status="withdrawn")
    assert "Je kunt het nu verlengen" in page_of(client.get(reverse("leerplek")))


def test_a_shorter_course_under_way_is_said_beside_the_points(award, site, client, start, now):
    refresher = CourseFactory(programme=site.course.programme, title="Opfris", open_enrolment=True)
    skj = Register.objects.create(name="SKJ")
    Scheme.objects.update(refresher=refresher, renewal_register=skj, renewal_points=6)
    enrol(learner=award.holder, course=refresher, alias="Ster", now=now)
    (shown,) = page_of(client.get(reverse("leerplek"))).split(f'id="bewijs-{award.public_id}"')[1:]
    running = reverse("my_course", args=[refresher.short_key])
    assert f'<a href="{running}">ga verder met de cursus</a>, Opfris.' in shown
    assert "of met 6 punten in SKJ" in shown
    assert start not in shown


def test_what_was_renewed_is_not_listed_as_ending_soon(award, site, client, start, send, now):
    coordinator = PersonFactory()
    organisation = site.course.programme.organisation
    grant_role(user=coordinator, role=Role.COORDINATOR, organisation=organisation, now=now)
    holder = award.holder

    def ending():
        client.force_login(coordinator)
        table = client.get(reverse("certificates"), {"state": "soon"}).context["table"]
        client.force_login(holder)
        return [each.pk for each in table.data]

    assert ending() == [award.pk]
    client.post(start, {"alias": "Ster"})
    for activity in site.counting:
        send(activity)
    new = Award.objects.get(renews=award)
    assert ending() == []
    revoke_award(award=new, now=now)
    assert ending() == [award.pk]


@pytest.fixture
def unfinished(site, learner, enrolment):
    """A certificate that did not ask for the lessons, in the hands of who did none of them. It ends in sixty days."""
    learner.legal_name = "Maan de Vries"
    learner.save()
    Scheme.objects.create(course=site.course, requirements={"sign_off": {}}, valid_months=12)
    award = say_ready(enrolment=enrolment, by=PersonFactory(), ready=True, now=timezone.now())
    Award.objects.update(valid_until=timezone.localdate() + timedelta(days=60))
    return Award.objects.get(pk=award.pk)


def test_who_left_lessons_that_the_certificate_did_not_ask_for_renews_it_all_the_same(
    unfinished, enrolment, site, client, start
):
    assert start in page_of(client.get(reverse("leerplek")))
    assert "Doe deze cursus nog een keer" in page_of(client.get(start))
    assert client.post(start, {"alias": "Ster"}).url == reverse("leerplek")
    enrolment.refresh_from_db()
    again = Enrolment.objects.in_use().get()
    assert (enrolment.status, enrolment.begun_again_at is None) == ("completed", False)
    assert (again.alias, again.status) == ("Ster", "active")
    # A second press, with nothing earned the second time, leads to what the first one made.
    assert client.post(start, {"alias": "Zon"}).url == reverse("my_course", args=[site.course.short_key])
    assert Enrolment.objects.in_use().get() == again
    second = say_ready(enrolment=again, by=PersonFactory(), ready=True, now=timezone.now())
    assert second.renews == unfinished


@pytest.mark.parametrize("sent", [{"alias": "Ster", "code": "VERKEERD"}, {"alias": ""}])
def test_who_is_refused_leaves_the_first_time_as_it_was(unfinished, enrolment, client, start, sent):
    assert client.post(start, sent).status_code == 422
    enrolment.refresh_from_db()
    assert (enrolment.status, Enrolment.objects.count()) == ("active", 1)


def test_before_the_window_what_was_left_can_only_be_finished(unfinished, enrolment, site, client, start):
    Award.objects.update(valid_until=timezone.localdate() + timedelta(days=91))
    assert client.post(start, {"alias": "Ster"}).url == reverse("my_course", args=[site.course.short_key])
    enrolment.refresh_from_db()
    assert (enrolment.status, Enrolment.objects.count()) == ("active", 1)


def test_who_left_lessons_may_ask_for_a_place_in_a_group_or_be_invited_to_one(
    unfinished, enrolment, site, client, start
):
    Course.objects.update(open_enrolment=False)
    Cohort.objects.create(course=site.course, name="Ede", way_in="intake")
    ask = reverse("ask_to_join", args=[site.course.short_key])
    assert client.get(ask).status_code == 302
    assert '<button class="button button-quiet wide-on-phone" type="submit" name="ask">' in page_of(
        client.get(start)
    )
    assert client.post(start, {"ask": ""}).url == ask
    assert client.get(ask).status_code == 200
    invited_to = Cohort.objects.create(course=site.course, name="Arnhem", way_in="invitation")
    again = enrol(
        learner=enrolment.learner,
        course=site.course,
        cohort=invited_to,
        alias="Ster",
        admitted=True,
        now=timezone.now(),
    )
    assert Enrolment.objects.in_use().get() == again


def test_what_was_withdrawn_cannot_be_renewed(award, site, client, start):
    revoke_award(award=award, now=timezone.now())
    assert "verlengen:" not in page_of(client.get(reverse("leerplek")))
    assert client.get(start).url == reverse("my_course", args=[site.course.short_key])


def test_a_course_that_is_not_on_offer_any_more_is_no_way(award, site, client):
    Course.objects.update(archived_at=timezone.now())
    assert "verlengen:" not in page_of(client.get(reverse("leerplek")))


@pytest.fixture
def renewed(award, learner, site, send, client, start):
    client.post(start, {"alias": "Ster"})
    for activity in site.counting:
        send(activity)
    return Award.objects.get(renews=award)


def test_a_stranger_reads_the_line_without_its_numbers(award, renewed, client):
    client.logout()
    for one, other in ((award, renewed), (renewed, award)):
        html = page_of(client.get(reverse("proof", args=[one.public_id])))
        assert "Geldig" in html
        assert html.count("Afgegeven op") >= 2
        assert "<b>(dit)</b>" in html
        assert other.public_id not in html
        assert other.grouped_id not in html


def test_a_coordinator_reads_the_line_and_goes_along_it(award, renewed, site, client, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.COORDINATOR, organisation=site.course.programme.organisation, now=now)
    client.force_login(person)
    html = page_of(client.get(reverse("award_record", args=[award.public_id])))
    assert f'<a href="{reverse("award_record", args=[renewed.public_id])}">{renewed.serial}</a>' in html
    assert f"<b>{award.serial}</b>" in html


def test_who_is_in_a_group_only_by_a_talk_may_ask_to_do_it_once_more(award, site, client):
    Cohort.objects.create(course=site.course, name="Ede", way_in="intake")
    ask = reverse("ask_to_join", args=[site.course.short_key])
    assert client.get(ask).status_code == 200
    Enrolment.objects.update(status="active", completed_at=None)
    assert client.get(ask).status_code == 302


def test_somebody_elses_certificate_opens_nothing(award, site, client, start):
    other = PersonFactory()
    enrol(learner=other, course=site.course, alias="Zon", now=timezone.now())
    Enrolment.objects.filter(learner=other).update(status="completed", completed_at=timezone.now())
    client.force_login(other)
    assert client.get(start).status_code == 302
    assert award_and_queue(enrolment=Enrolment.objects.get(learner=other), now=timezone.now()) is None
