"""What trainers and coordinators see of learners, and how a coordinator helps somebody back in."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol, withdraw
from people.models import RecoveryCode, Role
from people.services.roles import grant_role
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
SECRET = "Aan de kauwtjes op het dak"


def body(response):
    return response.content.decode()


def somebody(role, organisation, now, region=""):
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=organisation, region=region, now=now)
    return person


@pytest.fixture
def groups(site, now):
    """Groups in Ede and Arnhem with a learner each, and one who learns alone."""
    cohorts = {
        name: Cohort.objects.create(course=site.course, name=name, region=name) for name in ("Ede", "Arnhem")
    }
    people = {name: PersonFactory(legal_name=f"{name} voluit") for name in ("Roos", "Maan", "Ster")}
    for (alias, person), cohort in zip(people.items(), [*cohorts.values(), None], strict=True):
        enrol(learner=person, course=site.course, cohort=cohort, alias=alias, now=now)
    return people, cohorts


@pytest.fixture
def organisation(site):
    return site.course.programme.organisation


def aliases(client, query=""):
    """The names in the table, in its order."""
    html = body(client.get(reverse("learners") + query))
    return re.findall(r'<th scope="row">(\w+)</th>', html)


def test_a_trainer_sees_who_is_in_their_groups(groups, organisation, client, now):
    trainer = somebody(Role.TRAINER, organisation, now)
    groups[1]["Ede"].trainers.add(trainer)
    client.force_login(trainer)
    assert aliases(client) == ["Roos"]


def test_a_trainer_without_groups_sees_an_empty_table(groups, organisation, client, now):
    client.force_login(somebody(Role.TRAINER, organisation, now))
    assert aliases(client) == []
    assert client.get(reverse("learners")).status_code == 200


def test_a_coordinator_sees_the_organisation_or_the_region(groups, organisation, client, now):
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    assert aliases(client) == ["Maan", "Roos", "Ster"]
    client.force_login(somebody(Role.COORDINATOR, organisation, now, region="Arnhem"))
    assert aliases(client) == ["Maan"]
    client.force_login(somebody(Role.COORDINATOR, OrganisationFactory(), now))
    assert aliases(client) == []


def test_who_stopped_is_not_shown(groups, organisation, client, now):
    withdraw(enrolment=Enrolment.objects.get(alias="Roos"), now=now)
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    assert aliases(client) == ["Maan", "Ster"]


@pytest.mark.parametrize("role", [None, Role.TRAINEE, Role.EDITOR])
def test_nobody_else_finds_the_table(role, groups, organisation, client, now):
    client.force_login(somebody(role, organisation, now) if role else PersonFactory())
    assert client.get(reverse("learners")).status_code == 404


def test_the_table_shows_aliases_and_progress_and_nothing_private(
    groups, organisation, client, now, send, site
):
    client.force_login(groups[0]["Roos"])
    send(site.text, data={"text": SECRET})
    send(site.question)
    send(site.button)
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    html = body(client.get(reverse("learners")))
    assert 'value="1" max="2"' in html
    for person in groups[0].values():
        assert (person.email in html, person.legal_name in html) == (False, False)
    assert SECRET not in html


def test_the_table_can_be_sorted_and_strange_wishes_are_left_out(groups, organisation, client, now):
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    assert aliases(client, "?sort=-alias") == ["Ster", "Roos", "Maan"]
    assert aliases(client, "?sort=cohort&sort=alias")[-2:] != []
    for strange in ("learner__password", "-learner__email", "?", "progress", "\x00", "alias;DROP"):
        assert aliases(client, f"?sort={strange}") == ["Maan", "Roos", "Ster"]


def test_many_learners_come_on_pages(groups, organisation, client, now, site):
    for number in range(60):
        enrol(learner=PersonFactory(verified=False), course=site.course, alias=f"A{number:02}", now=now)
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    first, second = aliases(client), aliases(client, "?page=2")
    assert (len(first), len(second)) == (50, 13)
    assert len(set(first) | set(second)) == 63
    for strange in ("0", "-1", "99", "x", "9" * 400):
        assert aliases(client, f"?page={strange}") in (first, second)


def test_markup_in_an_alias_stays_words(groups, organisation, client, now):
    Enrolment.objects.filter(alias="Roos").update(alias="<script>x</script>")
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    assert "<script>x" not in body(client.get(reverse("learners")))


@pytest.mark.parametrize("more", [0, 12])
def test_the_table_costs_the_same_with_few_and_with_many(more, groups, organisation, client, now, site):
    for number in range(more):
        enrol(learner=PersonFactory(verified=False), course=site.course, alias=f"A{number}", now=now)
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    client.get(reverse("learners"))
    with CaptureQueriesContext(connection) as queries:
        assert len(aliases(client)) == 3 + more
    assert len(queries) == 9
    # 1 who is signed in  2 their roles  3 how many  4 the learners of this page  5 what is required
    # 6 what is done  7 the lessons  8 the tests of their courses


# --- back in --------------------------------------------------------------------------------------------------------
def test_a_coordinator_hands_over_a_code_that_works_once(groups, organisation, client, now):
    person = groups[0]["Roos"]
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    address = reverse("recovery_code", args=[person.pk])
    assert address in body(client.get(reverse("learners")))
    assert client.get(address).status_code == 200
    assert RecoveryCode.objects.count() == 0
    response = client.post(address)
    (code,) = re.findall(r'class="code code-large">([^<]+)<', body(response))
    assert RecoveryCode.objects.get().user == person
    assert code not in body(client.get(address))
    assert response["Cache-Control"] == "no-store"


def test_a_trainer_hands_over_no_codes(groups, organisation, client, now):
    trainer = somebody(Role.TRAINER, organisation, now)
    groups[1]["Ede"].trainers.add(trainer)
    client.force_login(trainer)
    address = reverse("recovery_code", args=[groups[0]["Roos"].pk])
    assert address not in body(client.get(reverse("learners")))
    assert client.post(address).status_code == 404


def test_codes_are_for_ones_own_learners_only(groups, organisation, client, now):
    client.force_login(somebody(Role.COORDINATOR, organisation, now, region="Ede"))
    assert client.post(reverse("recovery_code", args=[groups[0]["Maan"].pk])).status_code == 404
    assert client.post(reverse("recovery_code", args=[PersonFactory().pk])).status_code == 404
    assert RecoveryCode.objects.count() == 0


def test_no_code_takes_over_somebody_who_may_do_more(groups, organisation, client, now):
    other = somebody(Role.EDITOR, organisation, now)
    enrol(learner=other, course=Enrolment.objects.first().course, alias="Redacteur", now=now)
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    assert client.post(reverse("recovery_code", args=[other.pk])).status_code == 404
    assert RecoveryCode.objects.count() == 0


def test_the_titles_are_neutral(groups, organisation, client, now, title_of):
    client.force_login(somebody(Role.COORDINATOR, organisation, now))
    pages = [
        client.get(reverse("learners")),
        client.get(reverse("recovery_code", args=[groups[0]["Roos"].pk])),
    ]
    words = ("Geweld en herstel", "Programma", "Roos", "Ede")
    assert [word for page in pages for word in words if word in title_of(page)] == []
