"""Messages that could not be delivered: who sees which, what is told of them, and what can be done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from courses.models import Cohort
from courses.services.enrolments import enrol
from people.models import OutboxMessage, Role
from people.services.roles import grant_role
from portal.wording import KINDS_OF_MESSAGES, kind_of_message, lies_with_address, why_undelivered
from tests.factories import OrganisationFactory, PersonFactory
from tests.portal.test_kinds_of_messages import KINDS

pytestmark = pytest.mark.django_db
SECRET = "Aan de kauwtjes op het dak"


def somebody(role, organisation, now, region=""):
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=organisation, region=region, now=now)
    return person


def dead(recipient, now, **fields):
    values = {
        "kind": "moved",
        "subject": SECRET,
        "text": SECRET,
        "state": "dead",
        "attempts": 8,
        "last_error": "TimeoutError",
        "due_at": now,
        "created_at": now,
    }
    return OutboxMessage.objects.create(recipient=recipient, cause=str(uuid4()), **values | fields)


@pytest.fixture
def organisation(site):
    return site.course.programme.organisation


@pytest.fixture
def coordinator(organisation, now):
    return somebody(Role.COORDINATOR, organisation, now)


@pytest.fixture
def administrator(db):
    return PersonFactory(is_superuser=True, is_staff=True)


@pytest.fixture
def post(site, organisation, now):
    """A message each to a learner, a trainer of the organisation, a stranger, and an address without an account."""
    cohort = Cohort.objects.create(course=site.course, name="Ede", region="Ede")
    people = {name: PersonFactory(alias=name) for name in ("Roos", "Maan", "Ster")}
    enrol(learner=people["Roos"], course=site.course, cohort=cohort, alias="Roos in de groep", now=now)
    grant_role(user=people["Maan"], role=Role.TRAINER, organisation=organisation, now=now)
    grant_role(user=people["Ster"], role=Role.TRAINER, organisation=OrganisationFactory(), now=now)
    sent = {name: dead(person, now) for name, person in people.items()}
    return sent | {"gast": dead(None, now, kind="invitation", address="gast@example.org")}


def names(client):
    """To whom the messages in the table are, in its order."""
    html = client.get(reverse("undelivered")).content.decode()
    label = re.escape(gettext("To whom"))
    return sorted(re.findall(rf'<td data-label="{label}">([^<]+)</td>', html))


@pytest.mark.parametrize(("region", "seen"), [("", ["Maan", "Roos"]), ("Ede", ["Roos"]), ("Arnhem", [])])
def test_a_coordinator_sees_those_to_members_and_learners_of_what_they_coordinate(
    post, organisation, client, now, region, seen
):
    client.force_login(somebody(Role.COORDINATOR, organisation, now, region))
    assert names(client) == seen
    reachable = [
        name
        for name, message in post.items()
        if client.get(reverse("undelivered_message", args=[message.pk])).status_code == 200
    ]
    assert sorted(reachable) == seen


def test_an_administrator_sees_all_and_nobody_else_has_the_screen(
    post, administrator, organisation, client, now
):
    client.force_login(administrator)
    assert names(client) == ["Maan", "Roos", "Ster", gettext("somebody without an account")]
    for other in (post["Roos"].recipient, post["Maan"].recipient, somebody(Role.EDITOR, organisation, now)):
        client.force_login(other)
        assert client.get(reverse("undelivered")).status_code == 404
        assert client.post(reverse("send_all_again")).status_code == 404
        assert client.post(reverse("send_one_again", args=[post["Roos"].pk])).status_code == 404
    assert OutboxMessage.objects.undelivered().count() == 4


def test_neither_words_nor_addresses_are_shown(post, administrator, client):
    client.force_login(administrator)
    addresses = ["gast@example.org", *(each.recipient.email for each in post.values() if each.recipient)]
    pages = [
        reverse("undelivered"),
        *(reverse("undelivered_message", args=[each.pk]) for each in post.values()),
    ]
    for page in pages:
        html = client.get(page).content.decode()
        assert [word for word in (SECRET, *addresses) if word in html] == []


def test_a_coordinator_sends_again_what_is_theirs_alone(post, coordinator, client):
    client.force_login(coordinator)
    assert client.post(reverse("send_all_again")).status_code == 302
    assert {name: OutboxMessage.objects.get(pk=each.pk).state for name, each in post.items()} == {
        "Roos": "waiting",
        "Maan": "waiting",
        "Ster": "dead",
        "gast": "dead",
    }
    assert client.post(reverse("send_one_again", args=[post["Ster"].pk])).status_code == 404
    assert (
        client.post(reverse("undelivered_message", args=[post["Ster"].pk]), {"note": "x"}).status_code == 404
    )
    assert OutboxMessage.objects.get(pk=post["Ster"].pk).state == "dead"


def test_one_is_sent_again_and_a_second_press_is_told_so(post, coordinator, client):
    client.force_login(coordinator)
    again = reverse("send_one_again", args=[post["Roos"].pk])
    told = [
        [str(each) for each in client.post(again, follow=True).context["messages"]] for _twice in range(2)
    ]
    assert told == [
        [gettext("It leaves again, within a minute or in the person's next safe hour.")],
        [gettext("Nothing to send: somebody saw to it, or it is too late for it.")],
    ]
    assert names(client) == ["Maan"]


def test_putting_aside_asks_for_a_note_and_shows_it_afterwards(post, coordinator, client):
    client.force_login(coordinator)
    page = reverse("undelivered_message", args=[post["Roos"].pk])
    response = client.post(page, {"note": " "})
    assert response.status_code == 422
    assert "field-errors" in response.content.decode()
    assert OutboxMessage.objects.get(pk=post["Roos"].pk).state == "dead"
    html = client.post(page, {"note": "Gebeld <b>"}, follow=True).content.decode()
    assert f'<td data-label="{gettext("What was done")}">Gebeld &lt;b&gt;</td>' in html
    assert client.get(page).status_code == 302  # somebody saw to it


def test_what_cannot_go_again_says_so_instead_of_offering_it(post, coordinator, client, now):
    client.force_login(coordinator)
    late = dead(post["Roos"].recipient, now, kind="reminder", useless_from=now - timedelta(days=1))
    offered = {
        message: reverse("send_one_again", args=[message.pk])
        in client.get(reverse("undelivered_message", args=[message.pk])).content.decode()
        for message in (late, post["Roos"])
    }
    assert offered == {late: False, post["Roos"]: True}


def test_only_who_may_be_helped_back_in_has_a_link_to_it(post, coordinator, client):
    client.force_login(coordinator)
    linked = {
        name: reverse("recovery_code", args=[post[name].recipient_id])
        in client.get(reverse("undelivered_message", args=[post[name].pk])).content.decode()
        for name in ("Roos", "Maan")
    }
    assert linked == {"Roos": True, "Maan": False}


def test_the_list_of_learners_says_how_many_there_are(post, coordinator, client, now):
    client.force_login(coordinator)
    assert client.get(reverse("learners")).context["undelivered"] == 2
    link = f'href="{reverse("undelivered")}"'
    assert link in client.get(reverse("learners")).content.decode()
    OutboxMessage.objects.update(state="sent")
    assert link not in client.get(reverse("learners")).content.decode()


def test_with_nothing_undelivered_the_screen_says_so(coordinator, client):
    client.force_login(coordinator)
    html = client.get(reverse("undelivered")).content.decode()
    assert gettext("Everything was delivered. What could not be will stand here.") in html
    assert reverse("send_all_again") not in html


@pytest.mark.parametrize("sort", ["kind", "-recipient", "why", "created_at", "attempts"])
def test_many_cost_as_many_queries_as_one_in_any_order(coordinator, organisation, client, now, sort):
    client.force_login(coordinator)

    def cost(number):
        for _each in range(number):
            person = somebody(Role.TRAINEE, organisation, now)
            dead(person, now)
            dead(person, now, state="withheld", last_error="put aside: gebeld")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("undelivered"), {"sort": sort}).status_code == 200
        return len(queries)

    client.get(reverse("undelivered"))
    # Session, user, roles; the counts, what can go again, the two tables with their people.
    assert (cost(1), cost(30)) == (7, 7)


@pytest.mark.parametrize(
    "kind", sorted({*KINDS, "document_ready", "renewal", "invitation", "intake", "later"})
)
def test_every_kind_of_message_has_words(kind):
    assert kind_of_message(OutboxMessage(kind=kind)) == str(KINDS_OF_MESSAGES[kind])


@pytest.mark.parametrize(
    ("error", "words", "of_address"),
    [
        ("", "Sending broke off each time. Whether it arrived is not known.", False),
        ("SMTPRecipientsRefused 550", "The mailbox does not exist or refuses our mail.", True),
        ("SMTPRecipientsRefused 452", "The mailbox did not take it. It may be full.", True),
        ("SMTPRecipientsRefused 552", "The mailbox did not take it. It may be full.", True),
        ("SMTPRecipientsRefused", "The mailbox did not take it. It may be full.", True),
        (
            "SMTPAuthenticationError 535",
            "The mail server did not let us send. Its settings need a look.",
            False,
        ),
        ("SMTPDataError 554", "The mail server refused the message.", False),
        ("ValueError", "No mail can be sent to an address that is written like this.", True),
        ("ConnectionRefusedError", "The mail server could not be reached.", False),
    ],
)
def test_the_reason_is_told_in_words_and_whether_the_address_is_to_be_asked_about(error, words, of_address):
    message = OutboxMessage(last_error=error)
    assert (why_undelivered(message), lies_with_address(message)) == (gettext(words), of_address)
