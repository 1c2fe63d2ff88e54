"""Back in without the mailbox."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from people.models import RecoveryCode
from people.services.recovery import issue_recovery_code, recover_account
from people.services.roles import grant_role
from tests.factories import PASSWORD, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEW_PASSWORD = "nog-een-goed-geheim-43"


@pytest.fixture
def coordinator():
    person = PersonFactory()
    grant_role(user=person, role="coordinator", organisation=OrganisationFactory(), now=NOW)
    return person


@pytest.fixture
def person(coordinator):
    learner = PersonFactory(email="anna@example.org", mailbox_unsafe=True)
    grant_role(user=learner, role="trainee", organisation=coordinator.memberships.get().organisation, now=NOW)
    return learner


def recover(code, *, minutes=1, email="anna@example.org"):
    return recover_account(
        email=email, code=code, password=NEW_PASSWORD, now=NOW + timedelta(minutes=minutes)
    )


def test_a_code_sets_a_new_password_once_and_ends_all_sessions(coordinator, person):
    browser = Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    code = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    assert recover(code.lower().replace("-", " ")) is True
    assert browser.get(reverse("usersessions_list")).status_code == 302
    assert person.usersession_set.count() == 0
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD) is True
    assert recover(code) is False


def test_only_the_hash_of_a_code_is_kept(coordinator, person):
    code = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    assert code.replace("-", "") not in RecoveryCode.objects.get().code_hash
    assert RecoveryCode.objects.get().issued_by == coordinator


def test_a_code_holds_for_thirty_minutes(coordinator, person):
    code = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    assert recover(code, minutes=30) is False
    assert recover(code, minutes=29) is True


def test_five_failures_burn_a_code(coordinator, person):
    code = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    assert [recover("BBBBB-BBBBB") for _attempt in range(5)] == [False] * 5
    assert recover(code) is False


def test_a_new_code_ends_the_earlier_one(coordinator, person):
    first = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    second = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    assert [recover(first), recover(second)] == [False, True]


def test_a_code_is_for_one_person(coordinator, person):
    PersonFactory(email="other@example.org")
    code = issue_recovery_code(coordinator=coordinator, person=person, now=NOW)
    assert recover(code, email="other@example.org") is False
    assert recover(code, email="nobody@example.org") is False
    person.is_active = False
    person.save()
    assert recover(code) is False


def test_who_does_not_coordinate_a_person_gets_no_code(coordinator, person):
    with pytest.raises(PermissionDenied):
        issue_recovery_code(coordinator=person, person=coordinator, now=NOW)
    with pytest.raises(PermissionDenied):
        issue_recovery_code(coordinator=coordinator, person=PersonFactory(), now=NOW)
    assert RecoveryCode.objects.count() == 0


def test_the_page_lets_somebody_back_in(client, coordinator, person):
    code = issue_recovery_code(coordinator=coordinator, person=person, now=datetime.now(UTC))
    form = {"email": "Anna@Example.org", "code": code, "password": NEW_PASSWORD}
    response = client.post(reverse("recovery"), form)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("account_login"))
    assert client.login(email=person.email, password=NEW_PASSWORD) is True


def test_the_page_refuses_a_weak_password_and_keeps_the_code(client, coordinator, person):
    code = issue_recovery_code(coordinator=coordinator, person=person, now=datetime.now(UTC))
    response = client.post(reverse("recovery"), {"email": person.email, "code": code, "password": "kort"})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["password"])
    assert RecoveryCode.objects.get().used_at is None


def test_the_eleventh_try_within_a_minute_has_to_wait(client, person):
    form = {"email": person.email, "code": "BBBBB-BBBBB", "password": NEW_PASSWORD}
    assert [client.post(reverse("recovery"), form).status_code for _try in range(11)] == [200] * 10 + [429]
