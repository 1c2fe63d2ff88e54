"""Safe hours, and who may do what."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from people import rules
from people.models import Membership, Organisation, User
from people.services.roles import grant_role, revoke_role
from tests.factories import OrganisationFactory, PersonFactory

HOME = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def home(*parts, fold=0):
    return datetime(*parts, tzinfo=HOME, fold=fold)


@pytest.mark.parametrize(
    ("at", "begins", "ends", "expected"),
    [
        (home(2026, 3, 2, 12), None, None, home(2026, 3, 2, 12)),
        (home(2026, 3, 2, 12), time(9), time(17), home(2026, 3, 2, 12)),
        (home(2026, 3, 2, 8, 59), time(9), time(17), home(2026, 3, 2, 9)),
        (home(2026, 3, 2, 17), time(9), time(17), home(2026, 3, 3, 9)),
        (home(2026, 3, 2, 23), time(22), time(2), home(2026, 3, 2, 23)),  # over midnight
        (home(2026, 3, 3, 1, 59), time(22), time(2), home(2026, 3, 3, 1, 59)),
        (home(2026, 3, 3, 2), time(22), time(2), home(2026, 3, 3, 22)),
        (
            home(2026, 3, 28, 20),
            time(19),
            time(20),
            home(2026, 3, 29, 19),
        ),  # 19:00 stays 19:00 when the clock goes on
        (home(2026, 10, 24, 20), time(19), time(20), home(2026, 10, 25, 19)),  # and when it goes back
        (
            home(2026, 3, 29, 1),
            time(2),
            time(3),
            home(2026, 3, 30, 2),
        ),  # a window in the hour that is skipped
        (home(2026, 10, 25, 1), time(2), time(3), home(2026, 10, 25, 2)),  # in the hour that comes twice
        (home(2026, 10, 25, 2, 30, fold=1), time(2), time(3), home(2026, 10, 25, 2, 30, fold=1)),
        (home(2026, 3, 2, 12), time(9), time(9), home(2026, 3, 2, 12)),  # a window without length is none
    ],
)
def test_the_next_safe_moment(at, begins, ends, expected):
    moment = rules.next_safe_moment(at, safe_from=begins, safe_until=ends)
    assert moment.astimezone(UTC) == expected.astimezone(UTC)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 -- given by timezones
    begins=st.times(),
    ends=st.times(),
)
def test_the_next_safe_moment_is_safe_and_not_before(at, begins, ends):
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    moment = rules.next_safe_moment(at, safe_from=begins, safe_until=ends)
    assert moment >= at
    assert rules.is_safe_hour(moment, safe_from=begins, safe_until=ends)


@pytest.mark.django_db
def test_a_role_is_a_membership_and_a_group():
    person, organisation = PersonFactory(), OrganisationFactory()
    membership = grant_role(user=person, role="trainer", organisation=organisation, now=NOW)
    assert grant_role(user=person, role="trainer", organisation=organisation, now=NOW) == membership
    assert list(person.groups.values_list("name", flat=True)) == ["trainer"]
    assert (rules.is_trainer(person), rules.is_coordinator(person), rules.is_trainee(person)) == (
        True,
        False,
        False,
    )
    assert rules.is_trainer(AnonymousUser()) is False
    with pytest.raises(ValueError, match="boss"):
        grant_role(user=person, role="boss", organisation=organisation, now=NOW)


@pytest.mark.django_db
def test_the_group_goes_with_the_last_membership_of_that_role():
    person, here, there = PersonFactory(), OrganisationFactory(), OrganisationFactory()
    first, second = (
        grant_role(user=person, role="trainer", organisation=place, now=NOW) for place in (here, there)
    )
    revoke_role(membership=first)
    assert person.groups.count() == 1
    revoke_role(membership=second)
    assert person.groups.count() == 0


@pytest.fixture
def region():
    """A coordinator of Utrecht in one organisation, and people around them."""
    here, elsewhere = OrganisationFactory(), OrganisationFactory()
    people = {
        name: PersonFactory(alias=name)
        for name in ("coordinator", "utrecht", "zeist", "whole", "other", "alone")
    }
    grant_role(user=people["coordinator"], role="coordinator", organisation=here, region="Utrecht", now=NOW)
    grant_role(user=people["utrecht"], role="trainee", organisation=here, region="Utrecht", now=NOW)
    grant_role(user=people["zeist"], role="trainee", organisation=here, region="Zeist", now=NOW)
    grant_role(user=people["whole"], role="coordinator", organisation=here, now=NOW)
    grant_role(user=people["other"], role="trainee", organisation=elsewhere, region="Utrecht", now=NOW)
    return people | {"here": here}


def seen(queryset):
    return {person.alias for person in queryset}


@pytest.mark.django_db
def test_who_sees_whom(region):
    assert seen(User.objects.visible_to(region["coordinator"])) == {"coordinator", "utrecht"}
    assert seen(User.objects.visible_to(region["whole"])) == {"coordinator", "utrecht", "zeist", "whole"}
    assert seen(User.objects.visible_to(region["zeist"])) == {"zeist"}
    assert seen(User.objects.visible_to(AnonymousUser())) == set()
    assert len(User.objects.visible_to(PersonFactory(is_superuser=True))) == 7


@pytest.mark.django_db
def test_who_sees_which_organisations_and_memberships(region):
    assert list(Organisation.objects.visible_to(region["coordinator"])) == [region["here"]]
    assert list(Organisation.objects.visible_to(region["alone"])) == []
    assert list(Organisation.objects.visible_to(AnonymousUser())) == []
    memberships = Membership.objects.visible_to(region["coordinator"])
    assert {row.user.alias for row in memberships} == {"coordinator", "utrecht"}


@pytest.mark.django_db
def test_who_may_hand_out_a_recovery_code(region):
    coordinator = region["coordinator"]
    assert rules.may_recover(coordinator, region["utrecht"]) is True
    assert rules.may_recover(coordinator, region["zeist"]) is False
    assert rules.may_recover(coordinator, region["alone"]) is False
    assert rules.may_recover(coordinator, region["alone"], learns_here=True) is True
    assert rules.may_recover(region["utrecht"], region["coordinator"]) is False
    assert rules.may_recover(coordinator, coordinator) is False
    assert rules.may_recover(AnonymousUser(), region["utrecht"]) is False


@pytest.mark.django_db
@pytest.mark.parametrize("higher", ["is_superuser", "is_staff"])
def test_nobody_recovers_an_administrator(region, higher):
    setattr(region["utrecht"], higher, True)
    assert rules.may_recover(region["whole"], region["utrecht"]) is False


@pytest.mark.django_db
def test_taking_over_an_account_is_no_way_up(region):
    assert rules.may_recover(region["coordinator"], region["whole"], learns_here=True) is False
    trainer = region["utrecht"]
    grant_role(user=trainer, role="trainer", organisation=region["here"], region="Utrecht", now=NOW)
    assert rules.may_recover(region["coordinator"], trainer) is True
    grant_role(user=trainer, role="trainer", organisation=OrganisationFactory(), now=NOW)
    assert rules.may_recover(region["coordinator"], trainer) is False
