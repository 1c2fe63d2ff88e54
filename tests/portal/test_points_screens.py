"""My points, and the files for registers, on the screens."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certification.flows import award_and_queue
from certification.models import Accreditation, AwardAccess, Edition, Register, RegisterNumber, Scheme
from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol
from people.models import Role
from people.services.roles import grant_role
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


@pytest.fixture
def skj(db):
    return Register.objects.create(name="SKJ", digits_least=9, digits_most=9, points_needed=50)


@pytest.fixture
def run(site, learner, send, skj, now):
    """A group that ended yesterday, in which somebody earned points."""
    today = timezone.localdate()
    cohort = Cohort.objects.create(course=site.course, name="Ede", ends_on=today - timedelta(days=1))
    Enrolment.objects.update(cohort=cohort)
    accreditation = Accreditation.objects.create(
        scheme=Scheme.objects.create(course=site.course, requirements={"activities": {}}),
        register=skj,
        number="A1",
        points=Decimal("4"),
        valid_from=today - timedelta(days=999),
        valid_until=today + timedelta(days=999),
    )
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting:
        send(activity)
    award_and_queue(enrolment=Enrolment.objects.get(), now=now)
    return accreditation, cohort


@pytest.fixture
def coordinator(site, client, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.COORDINATOR, organisation=site.course.programme.organisation, now=now)
    return person


def keep(client, skj, number="123456789", **more):
    return client.post(reverse("my_points"), {"register": skj.pk, "typed": number, **more})


def test_a_number_is_kept_changed_and_forgotten(learner, client, skj):
    assert keep(client, skj).status_code == 302
    keep(client, skj, "987654321", period_from="2024-05-01")
    assert [(each.user, each.number) for each in RegisterNumber.objects.all()] == [(learner, "987654321")]
    assert "987654321" in body(client.get(reverse("my_points")))
    client.post(reverse("my_points"), {"forget": skj.pk})
    assert RegisterNumber.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"typed": "12"}, "Een nummer van SKJ heeft 9 cijfers, zoals 012345678."),
        ({"typed": ""}, "Dit moet je nog invullen."),
        ({"register": "999999999999999999999"}, "Dit kun je niet (meer) kiezen."),
        ({"period_from": "2999-01-01"}, "Kies een dag die geweest is."),
        ({"period_from": "0001-01-01"}, "Kies een dag die geweest is."),
        ({"period_from": "gisteren"}, "Dit is geen datum die bestaat."),
    ],
)
def test_a_wrong_number_is_refused_with_the_rule(learner, client, skj, data, words):
    response = client.post(reverse("my_points"), {"register": skj.pk, "typed": "123456789", **data})
    assert (response.status_code, words in body(response)) == (422, True)
    assert RegisterNumber.objects.count() == 0


@pytest.mark.parametrize("forget", ["x", "", "99999999999999999999"])
def test_forgetting_what_is_not_there_is_not_found(learner, client, skj, forget):
    assert client.post(reverse("my_points"), {"forget": forget}).status_code == 404


def test_points_stand_per_register(run, learner, client):
    html = body(client.get(reverse("my_points")))
    assert "<b>4</b> van de 50 punten" in html
    assert "Er zijn er nog 46 nodig." in html


def test_the_coordinator_is_told_who_got_points_of_the_same_course_twice(
    run, site, learner, send, coordinator, client, now
):
    group = Cohort.objects.create(course=site.course, name="Arnhem", way_in="invitation")
    enrol(learner=learner, course=site.course, cohort=group, alias="Maan weer", admitted=True, now=now)
    for activity in site.counting:
        send(activity)
    client.force_login(coordinator)
    html = body(client.get(reverse("register_runs")))
    ede, arnhem = (
        next(part for part in html.split("</section>") if f", {group}</h2>" in part)
        for group in ("Ede", "Arnhem")
    )
    said = "Kregen in dezelfde periode al eerder punten met deze cursus."
    assert (said in ede, said in arnhem, "Maan weer." in arnhem) == (False, True, True)


def test_from_the_number_of_the_run_to_the_file(run, learner, client, skj, coordinator):
    accreditation, cohort = run
    keep(client, skj, "000456789")
    client.force_login(coordinator)
    client.post(
        reverse("register_runs"), {"accreditation": accreditation.pk, "cohort": cohort.pk, "number": "71"}
    )
    edition = Edition.objects.get()
    assert "Maak het bestand (csv)" in body(client.get(reverse("register_runs")))
    response = client.post(reverse("run_download", args=[edition.pk]), {"kind": "csv"})
    assert "A1;71;000456789;" in response.content.decode()
    assert response["Content-Disposition"] == f'attachment; filename="uitvoering-{edition.pk}-1.csv"'
    assert [(each.by, each.what) for each in AwardAccess.objects.all()] == [(coordinator, "export")]
    again = client.post(reverse("run_download", args=[edition.pk]), {"kind": "csv", "part": "2"}, follow=True)
    assert "Niemand in deze groep heeft al een nummer" in body(again)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("=cmd|1", "Een nummer van een uitvoering heeft letters, cijfers en streepjes"),
        ("-71", "Een nummer van een uitvoering heeft letters, cijfers en streepjes"),
        ("7" * 31, "is hoogstens 30 tekens lang"),
        ("", "Dit moet je nog invullen."),
    ],
)
def test_what_is_no_number_of_a_run_is_refused_with_the_rule(run, client, coordinator, number, words):
    accreditation, cohort = run
    client.force_login(coordinator)
    data = {"accreditation": accreditation.pk, "cohort": cohort.pk, "number": number}
    response = client.post(reverse("register_runs"), data)
    assert (response.status_code, body(response).count(words)) == (422, 1)
    assert f'value="{number}" aria-invalid="true"' in body(response)
    assert Edition.objects.count() == 0


def test_a_run_that_has_not_ended_gives_no_file(run, learner, client, skj, coordinator):
    accreditation, cohort = run
    keep(client, skj)
    edition = Edition.objects.create(accreditation=accreditation, cohort=cohort, number="71")
    Cohort.objects.update(ends_on=timezone.localdate())
    client.force_login(coordinator)
    response = client.post(reverse("run_download", args=[edition.pk]), {"kind": "csv"}, follow=True)
    assert "pas na de laatste dag van de groep" in body(response)
    assert AwardAccess.objects.count() == 0


@pytest.mark.parametrize(
    "data", [{}, {"kind": "exe"}, {"kind": "csv", "part": "-1"}, {"kind": "csv", "part": "x"}]
)
def test_another_file_is_not_found(run, client, coordinator, data):
    accreditation, cohort = run
    edition = Edition.objects.create(accreditation=accreditation, cohort=cohort, number="71")
    client.force_login(coordinator)
    assert client.post(reverse("run_download", args=[edition.pk]), data).status_code == 404


def test_another_organisations_runs_are_not_found(run, client, site, now):
    accreditation, cohort = run
    edition = Edition.objects.create(accreditation=accreditation, cohort=cohort, number="71")
    elsewhere = PersonFactory()
    grant_role(user=elsewhere, role=Role.COORDINATOR, organisation=OrganisationFactory(), now=now)
    client.force_login(elsewhere)
    assert client.post(reverse("run_download", args=[edition.pk]), {"kind": "csv"}).status_code == 404
    data = {"accreditation": accreditation.pk, "cohort": cohort.pk, "number": "9"}
    assert client.post(reverse("register_runs"), data).status_code == 404
    assert Edition.objects.get().number == "71"


def test_the_runs_cost_the_same_for_one_and_for_many(run, client, coordinator):
    client.force_login(coordinator)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("register_runs"))
        return len(queries)

    cost()
    before = cost()
    accreditation, _cohort = run
    award = accreditation.points_earned.get()
    for number in range(3):
        other = Accreditation.objects.create(
            scheme=accreditation.scheme,
            register=accreditation.register,
            number=f"B{number}",
            points=1,
            valid_from=accreditation.valid_from,
            valid_until=accreditation.valid_until,
        )
        award.pk, award.accreditation, award.accreditation_number = None, other, other.number
        award.save()
    assert cost() == before
