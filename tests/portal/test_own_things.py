"""Profile, texts, and one's own data: to read, to change, to take along, to erase."""

import json

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from courses.models import Attempt, Enrolment, Reflection
from courses.services.enrolments import enrol
from courses.services.reflections import decrypt
from people.models import ContactPreference, User
from people.privacy.traces import find_traces
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
SECRET = "Aan de kauwtjes op het dak"


def body(response):
    return response.content.decode()


@pytest.fixture
def text(learner, site, send):
    send(site.text, data={"text": SECRET})
    return Reflection.objects.get()


# --- texts ----------------------------------------------------------------------------------------------------------
def test_the_list_names_the_question_and_not_the_text(text, client):
    html = body(client.get(reverse("reflections")))
    assert ("Waar merk je rust aan?" in html, SECRET in html) == (True, False)
    assert reverse("reflection", args=[text.pk]) in html


def test_without_texts_the_list_says_so(learner, client):
    assert body(client.get(reverse("reflections"))).count('class="empty') == 1


def test_a_text_is_read_and_changed(text, client, now):
    assert SECRET in body(client.get(reverse("reflection", args=[text.pk])))
    response = client.post(reverse("reflection", args=[text.pk]), {"text": "Aan iets anders"})
    assert (response.status_code, response.url) == (302, reverse("reflections"))
    text.refresh_from_db()
    assert decrypt(text) == "Aan iets anders"
    assert find_traces([SECRET, "iets anders"]) == []


@pytest.mark.parametrize("new", ["", "   ", "a" * 10_001])
def test_a_text_that_is_none_or_too_long_is_refused(new, text, client):
    assert client.post(reverse("reflection", args=[text.pk]), {"text": new}).status_code == 422
    text.refresh_from_db()
    assert decrypt(text) == SECRET


def test_a_text_is_erased_and_the_answer_stays_known(text, client):
    response = client.post(reverse("erase_reflection", args=[text.pk]))
    assert (response.status_code, Reflection.objects.count(), Attempt.objects.count()) == (302, 0, 1)
    assert client.get(reverse("reflection", args=[text.pk])).status_code == 404


def test_a_text_of_somebody_else_is_not_found(text, client):
    client.force_login(PersonFactory())
    assert client.get(reverse("reflection", args=[text.pk])).status_code == 404
    assert client.post(reverse("reflection", args=[text.pk]), {"text": "x"}).status_code == 404
    assert client.post(reverse("erase_reflection", args=[text.pk])).status_code == 404
    assert SECRET not in body(client.get(reverse("reflections")))
    assert decrypt(Reflection.objects.get()) == SECRET


def test_a_trainer_with_whom_it_is_shared_cannot_change_or_erase_it(text, client, now):
    trainer = PersonFactory()
    Reflection.objects.update(shared_at=now, shared_with=trainer)
    client.force_login(trainer)
    assert client.post(reverse("reflection", args=[text.pk]), {"text": "x"}).status_code == 404
    assert client.post(reverse("erase_reflection", args=[text.pk])).status_code == 404


def test_erasing_is_not_done_by_opening_an_address(text, client):
    assert client.get(reverse("erase_reflection", args=[text.pk])).status_code == 405


def test_a_text_of_a_course_that_was_stopped_can_still_be_read_and_erased(text, client, site):
    client.post(reverse("stop_course", args=[site.course.short_key]))
    assert SECRET in body(client.get(reverse("reflection", args=[text.pk])))
    client.post(reverse("erase_reflection", args=[text.pk]))
    assert Reflection.objects.count() == 0


# --- profile --------------------------------------------------------------------------------------------------------
def test_names_and_mailbox_are_kept(learner, client):
    fields = {"form": "profile", "alias": "Roos", "legal_name": "Maan de Vries", "mailbox_unsafe": "on"}
    assert client.post(reverse("profile"), fields).status_code == 302
    learner.refresh_from_db()
    assert (learner.alias, learner.legal_name, learner.mailbox_unsafe) == ("Roos", "Maan de Vries", True)


def test_a_contact_person_is_kept_and_stands_on_every_page(learner, client):
    fields = {
        "form": "contact",
        "channel": "mail",
        "person_name": "Tante Toos",
        "person_phone": "06 12345678",
    }
    assert client.post(reverse("profile"), fields).status_code == 302
    assert ContactPreference.objects.get().person_name == "Tante Toos"
    assert "Tante Toos" in body(client.get(reverse("leerplek")))


def test_taking_back_that_somebody_reads_ones_mail_asks_for_the_password(learner, client):
    User.objects.update(mailbox_unsafe=True)
    response = client.post(reverse("profile"), {"form": "profile", "alias": "Maan"})
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_reauthenticate"))
    learner.refresh_from_db()
    assert learner.mailbox_unsafe is True


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "profile", "alias": ""},
        {"form": "contact", "channel": "duif"},
        {"form": "contact", "channel": "mail", "safe_from": "09:00"},
        {"form": "iets anders"},
        {},
    ],
)
def test_what_cannot_be_kept_is_said_and_changes_nothing(fields, learner, client):
    response = client.post(reverse("profile"), fields)
    assert response.status_code == (422 if fields else 200)
    learner.refresh_from_db()
    assert (learner.alias, ContactPreference.objects.count()) == ("Maan", 0)


def test_nobody_gives_themselves_more_than_the_form_asks(learner, client):
    fields = {
        "form": "profile",
        "alias": "Roos",
        "is_superuser": "on",
        "is_staff": "on",
        "email": "x@example.org",
    }
    client.post(reverse("profile"), fields)
    before = learner.email
    learner.refresh_from_db()
    assert (learner.alias, learner.is_superuser, learner.is_staff, learner.email) == (
        "Roos",
        False,
        False,
        before,
    )


def test_markup_in_a_name_stays_words(learner, client):
    client.post(reverse("profile"), {"form": "profile", "alias": "<b>Roos</b>"})
    html = body(client.get(reverse("leerplek")))
    assert ("<b>Roos" in html, "&lt;b&gt;Roos" in html) == (False, True)


# --- one's data -----------------------------------------------------------------------------------------------------
def give_password(client):
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.fixture
def confirmed(learner, client):
    """Gave the password once more, a moment ago: taking along and erasing ask for it."""
    give_password(client)


@pytest.mark.parametrize("name", ["download_my_data", "erase_me"])
def test_somebody_at_an_open_screen_is_asked_for_the_password_first(name, text, learner, client):
    response = client.post(reverse(name), {"sure": "on"}, follow=True)
    last, status = response.redirect_chain[-1]
    assert (status, last.split("?")[0]) == (302, reverse("account_reauthenticate"))
    assert "attachment" not in response.get("Content-Disposition", "")
    assert User.objects.filter(pk=learner.pk).count() == 1


def test_after_the_password_the_page_says_that_the_file_can_come(text, learner, client):
    asked = client.post(reverse("download_my_data"), follow=True)
    question, _status = asked.redirect_chain[-1]
    page = client.post(question, {"password": PASSWORD}, follow=True)
    assert page.redirect_chain == [(reverse("my_data", query={"meenemen": 1}), 302)]
    assert gettext("Thank you, it is you. Press the button once more and the file comes.") in body(page)
    assert client.post(reverse("download_my_data"))["Content-Type"] == "application/json"


def test_no_page_says_so_without_the_password(learner, client):
    asked = client.get(reverse("my_data", query={"meenemen": 1}))
    assert (asked.status_code, asked.url.split("?")[0]) == (302, reverse("account_reauthenticate"))


def test_after_the_password_what_was_asked_for_goes_on(text, learner, client):
    asked = client.post(reverse("erase_me"), {"sure": "on"})
    client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert User.objects.filter(pk=learner.pk).count() == 0


def test_one_takes_along_everything_under_a_neutral_name(text, confirmed, learner, client):
    response = client.post(reverse("download_my_data"))
    assert response["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/json", "no-store")
    export = json.loads(response.content)
    assert export["account"] == learner.email
    assert export["holdings"]["courses.Reflection"][0]["ciphertext"] == SECRET
    assert [row["alias"] for row in export["holdings"]["courses.Enrolment"]] == ["Maan"]


def test_data_do_not_leave_by_opening_an_address(learner, client):
    assert client.get(reverse("download_my_data")).status_code == 405
    assert client.get(reverse("erase_me")).status_code == 405


def test_one_gets_nobody_elses_data(text, site, client, now):
    other = PersonFactory()
    enrol(learner=other, course=site.course, alias="Ster", now=now)
    client.force_login(other)
    give_password(client)
    response = client.post(reverse("download_my_data"))
    assert (response.status_code, SECRET in body(response)) == (200, False)


def test_erasing_oneself_has_to_be_meant(confirmed, learner, client):
    assert client.get(reverse("my_data")).status_code == 200
    assert client.post(reverse("erase_me")).status_code == 422
    assert User.objects.filter(pk=learner.pk).count() == 1
    assert client.get(reverse("leerplek")).status_code == 200


def test_one_erases_oneself_and_is_signed_out(text, confirmed, learner, client):
    key = learner.pk
    response = client.post(reverse("erase_me"), {"sure": "on"})
    assert (response.status_code, response.url) == (302, "/")
    assert (User.objects.filter(pk=key).count(), Enrolment.objects.count(), Reflection.objects.count()) == (
        0,
        0,
        0,
    )
    assert client.get(reverse("leerplek")).status_code == 302
    assert find_traces([learner.email, str(key), SECRET]) == []
