"""Inviting people into a group: what a list of addresses comes to, and what is sent."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from meetings.flows import invite
from meetings.models import Invitation
from meetings.rules import INVITATION_STANDS
from meetings.services.invitations import let_invitations_run_out, read_list
from people.models import OutboxMessage

pytestmark = pytest.mark.django_db


LIST = """Naam;E-mail
Anna;anna@example.org
"Bert, de";BERT@example.org
=HYPERLINK("x");boef
=cmd|' /C calc'!A0@example.org
Anna nog eens;Anna@Example.org
geen adres
Cora <cora@example.org>
"""


def test_every_line_of_a_list_is_accounted_for(circle):
    report = read_list(LIST, cohort=circle.cohort)
    assert [(line.number, line.verdict) for line in report.lines] == [
        (2, "ok"),
        (3, "ok"),
        (4, "formula"),
        (5, "formula"),
        (6, "double"),
        (7, "bad"),
        (8, "ok"),
    ]
    assert report.emails == ["anna@example.org", "bert@example.org", "cora@example.org"]


def test_an_address_that_is_too_long_is_refused_by_itself(circle, trainer):
    """The check of addresses takes 320 characters, what keeps them 254."""
    domain = "@" + ".".join(["a" * 63] * 3) + ".nl"
    fits, too_long = ("b" * (number - len(domain)) + domain for number in (254, 255))
    lines = f"{fits}\n{too_long}\nanna@example.org"
    report = read_list(lines, cohort=circle.cohort)
    assert [line.verdict for line in report.lines] == ["ok", "too_long", "ok"]
    address = reverse("invite", args=[circle.cohort.pk])
    assert "is langer dan een e-mailadres kan zijn" in trainer.post(address, {"addresses": lines}).text
    trainer.post(address, {"addresses": lines, "confirm": "yes"})
    assert set(Invitation.objects.values_list("email", flat=True)) == {fits, "anna@example.org"}


def test_who_is_in_or_invited_already_is_not_invited_again(circle, trainer):
    inside = circle.people[0].email
    address = reverse("invite", args=[circle.cohort.pk])
    trainer.post(address, {"addresses": "nieuw@example.org", "confirm": "yes"})
    report = read_list(f"{inside}\nnieuw@example.org", cohort=circle.cohort)
    assert [line.verdict for line in report.lines] == ["inside", "invited"]


def test_ten_thousand_lines_are_read_with_two_queries_and_reported(
    trainer, circle, django_assert_num_queries
):
    lines = "\n".join(f"persoon{number}@example.net" for number in range(10_000))
    with django_assert_num_queries(2):
        report = read_list(lines, cohort=circle.cohort)
    assert (report.counts["ok"], report.counts["too_many"]) == (200, 9800)
    response = trainer.post(reverse("invite", args=[circle.cohort.pk]), {"addresses": lines})
    assert response.status_code == 200
    assert len(response.content) < 200_000
    assert Invitation.objects.count() == 0


def test_nothing_is_sent_before_it_is_confirmed(trainer, circle):
    address = reverse("invite", args=[circle.cohort.pk])
    file = io.BytesIO(LIST.encode("cp1252"))
    file.name = "lijst.csv"
    preview = trainer.post(address, {"addresses": "", "file": file})
    assert (preview.status_code, Invitation.objects.count(), OutboxMessage.objects.count()) == (200, 0, 0)
    assert b"3 mensen krijgen een uitnodiging" in preview.content
    response = trainer.post(address, {"addresses": "anna@example.org\nbert@example.org", "confirm": "yes"})
    assert response.status_code == 302
    assert sorted(OutboxMessage.objects.values_list("address", flat=True)) == [
        "anna@example.org",
        "bert@example.org",
    ]
    trainer.post(address, {"addresses": "anna@example.org", "confirm": "yes"})
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04zip", b"\x00\x01\x02", b""], ids=["a sheet", "binary", "empty"]
)
def test_a_file_that_is_no_list_is_refused_in_words(trainer, circle, content):
    file = io.BytesIO(content)
    file.name = "lijst.csv"
    response = trainer.post(reverse("invite", args=[circle.cohort.pk]), {"addresses": "", "file": file})
    assert response.status_code == 422


def test_who_let_an_invitation_run_out_can_be_invited_again_and_their_address_is_gone(circle, now):
    emails = ["laat@example.org"]
    invite(cohort=circle.cohort, emails=emails, by=circle.trainer, now=now)
    invite(cohort=circle.cohort, emails=["later@example.org"], by=circle.trainer, now=now + timedelta(days=1))
    ends = now + INVITATION_STANDS
    assert let_invitations_run_out(now=ends - timedelta(seconds=1)) == 0
    assert let_invitations_run_out(now=ends) == 1
    assert set(Invitation.objects.values_list("email", flat=True)) == {"", "later@example.org"}
    assert [line.verdict for line in read_list(emails[0], cohort=circle.cohort).lines] == ["ok"]
    assert invite(cohort=circle.cohort, emails=emails, by=circle.trainer, now=ends) == 1


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "a" * 100_000,
        '"' * 5000,
        "é@é.é",
        "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        ";;;;",
        "\u202eanna@example.org",
    ],
)
def test_odd_lines_break_nothing(circle, text):
    report = read_list(text, cohort=circle.cohort)
    assert report.emails in ([], ["é@é.é"])
