"""Signing up and in, resets, codes; and one answer for everybody."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from people.models import OutboxMessage, SignIn, User
from people.queries import browser_in_words, recent_sign_ins
from people.services.messages import deliver
from people.services.retention import clear_expired
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "nog-een-goed-geheim-43"
KNOWN, UNKNOWN = "anna.b@example.org", "niemand@example.org"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0"


class CountingHasher(MD5PasswordHasher):
    runs = 0

    def encode(self, password, salt):
        type(self).runs += 1
        return super().encode(password, salt)


@pytest.fixture
def hashing(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def runs(action):
        before = CountingHasher.runs
        action()
        return CountingHasher.runs - before

    return runs


@pytest.fixture
def person():
    return PersonFactory(email=KNOWN, alias="Anna B")


def page(response, email):
    """A page without what differs by itself: the token, and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return (
        response.status_code,
        response.redirect_chain if hasattr(response, "redirect_chain") else [],
        text.replace(email, "@"),
    )


def post(client, name, **data):
    return client.post(reverse(name), data, follow=True)


def code_sent():
    """Deliver what waits, and read the code as the person would."""
    for message in OutboxMessage.objects.filter(state="waiting"):
        deliver(message_id=message.pk, now=datetime.now(UTC))
    return re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body)[0]


def sign_in(client, email=KNOWN, password=PASSWORD, **data):
    return client.post(
        reverse("account_login"), {"login": email, "password": password, **data}, HTTP_USER_AGENT=FIREFOX
    )


# --- signing up -----------------------------------------------------------------------------------------------------
def sign_up(client, email=KNOWN, alias="Anna B", password=PASSWORD):
    return post(client, "account_signup", email=email, alias=alias, password1=password)


def test_a_new_person_signs_up_with_a_code_and_is_signed_in(client):
    sign_up(client, alias="  Anna\u202e\x00 B ")
    response = post(client, "account_email_verification_sent", code=code_sent())
    assert response.redirect_chain[-1][0] == reverse("leerplek")
    person = User.objects.get()
    assert (person.email, person.alias, person.legal_name) == (KNOWN, "Anna B", "")
    assert person.emailaddress_set.get().verified is True


def test_nobody_is_signed_in_before_the_address_is_confirmed(client):
    sign_up(client)
    assert client.get(reverse("account_email")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_mail_says_nothing_about_the_site(client):
    sign_up(client)
    code = code_sent()
    (sent,) = mail.outbox
    assert sent.subject in {"Je code", "Your code"}
    assert sent.from_email == "Leerhuis <post@localhost>"
    everything = f"{sent.subject} {sent.body} {sent.alternatives[0][0]}".lower()
    assert [
        word for word in ("geweld", "violence", "maatje", "training", "http", "anna") if word in everything
    ] == []
    assert code in sent.alternatives[0][0]


def test_signing_up_twice_at_once_makes_one_account(client):
    sign_up(client)
    sign_up(Client())
    assert User.objects.count() == 1


# --- one answer for all ---------------------------------------------------------------------------------------------
def test_a_wrong_password_is_answered_alike(person):
    answers = [page(sign_in(Client(), email, "verkeerd-geheim"), email) for email in (KNOWN, UNKNOWN)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 200


def test_a_wrong_password_costs_the_same_work(person, hashing):
    person.set_password(PASSWORD)
    person.save()
    work = [hashing(lambda: sign_in(Client(), email, "verkeerd-geheim")) for email in (KNOWN, UNKNOWN)]  # noqa: B023
    assert work == [1, 1]


@pytest.mark.parametrize(
    ("ask", "confirm"),
    [
        ("account_request_login_code", "account_confirm_login_code"),
        ("account_reset_password", "account_confirm_password_reset_code"),
    ],
)
def test_asking_for_a_code_is_answered_alike_to_the_end(person, ask, confirm):
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        steps = [post(client, ask, email=email)]
        steps += [post(client, confirm, code="BBBB-BBBB") for _attempt in range(4)]
        answers.append([page(step, email) for step in steps])
    assert answers[0] == answers[1]
    assert OutboxMessage.objects.count() == 1


def test_signing_up_is_answered_alike_to_the_end(person):
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        steps = [sign_up(client, email)]
        steps += [post(client, "account_email_verification_sent", code="BBBB-BBBB") for _attempt in range(4)]
        answers.append([page(step, email) for step in steps])
    assert answers[0] == answers[1]
    assert sorted(OutboxMessage.objects.values_list("kind", flat=True)) == [
        "account.account_already_exists",
        "account.email_confirmation_signup",
    ]


def test_signing_up_costs_the_same_work(person, hashing):
    work = [hashing(lambda: sign_up(Client(), email)) for email in (KNOWN, UNKNOWN)]  # noqa: B023
    assert work[0] == work[1]


def test_recovery_is_answered_alike_and_costs_the_same_work(person, hashing):
    answers, work = [], []
    for email in (KNOWN, UNKNOWN):
        form = {"email": email, "code": "BBBBB-BBBBB", "password": NEW_PASSWORD}
        work.append(hashing(lambda: answers.append(page(post(Client(), "recovery", **form), email))))  # noqa: B023
    assert answers[0] == answers[1]
    assert work == [1, 1]


def test_an_unsafe_mailbox_gets_no_mail_and_nobody_can_tell(person):
    person.mailbox_unsafe = True
    person.save()
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        steps = [
            post(client, "account_request_login_code", email=email),
            post(client, "account_reset_password", email=email),
        ]
        answers.append([page(step, email) for step in steps])
    assert answers[0] == answers[1]
    assert list(OutboxMessage.objects.values_list("state", "text")) == [("withheld", "")] * 2


# --- signing in -----------------------------------------------------------------------------------------------------
def test_signing_in_with_a_code(client, person):
    post(client, "account_request_login_code", email=KNOWN)
    response = post(client, "account_confirm_login_code", code=code_sent().lower().replace("-", " "))
    assert response.redirect_chain[-1][0] == reverse("leerplek")


def test_the_session_gets_a_new_key_at_sign_in(client, person):
    planted = client.session  # as an attacker would leave it in the browser
    planted["mine"] = "x"
    planted.save()
    before = planted.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert Session.objects.filter(session_key=before).exists() is False


def test_the_sixth_wrong_password_gets_the_page_that_says_wait(person):
    answers = [sign_in(Client(), password=f"verkeerd-{number}").status_code for number in range(6)]
    assert answers == [200] * 5 + [429]
    assert sign_in(Client()).status_code == 429  # the right one has to wait as well
    unknown = [sign_in(Client(), UNKNOWN, f"verkeerd-{number}").status_code for number in range(6)]
    assert unknown == answers


def test_after_five_minutes_one_may_try_again(person, time_machine):
    time_machine.move_to(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
    for number in range(6):
        sign_in(Client(), password=f"verkeerd-{number}")
    time_machine.shift(timedelta(seconds=301))
    assert sign_in(Client()).status_code == 302


def test_a_fourth_code_within_five_minutes_is_not_sent(person):
    for _request in range(4):
        Client().post(reverse("account_request_login_code"), {"email": KNOWN})
    assert OutboxMessage.objects.count() == 3


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\x00"]
)
def test_no_address_sends_somebody_elsewhere(client, person, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == reverse("leerplek")
    response = client.post(reverse("account_logout"), {"next": elsewhere})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    response = client.post(
        reverse("set_language"), {"language": "en", "next": elsewhere}, HTTP_REFERER=elsewhere
    )
    assert response.headers["Location"] in {"/", "/en/"}


def test_the_language_changes_by_post_only(client):
    assert client.get(reverse("set_language"), {"language": "en"}).status_code == 405
    response = client.post(reverse("set_language"), {"language": "en", "next": reverse("account_login")})
    assert response.headers["Location"] == "/en/account/login/"


def test_a_forged_host_is_refused(client):
    assert client.get(reverse("account_login"), HTTP_HOST="evil.example").status_code == 400


def test_only_the_addresses_that_we_chose_exist(client):
    for path in (
        "signup/passkey/",
        "phone/verify/",
        "confirm-email/abc/",
        "password/reset/key/1-abc/",
        "social/signup/",
    ):
        assert client.get(f"/account/{path}").status_code == 404


# --- passwords and sessions -----------------------------------------------------------------------------------------
def is_signed_in(client):
    return client.get(reverse("usersessions_list")).status_code == 200


def test_a_new_password_ends_all_other_sessions(person):
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser)
    post(
        here, "account_change_password", oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD
    )
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert Session.objects.count() == 1


def test_a_reset_with_a_code_ends_all_sessions(person):
    old, new = Client(), Client()
    sign_in(old)
    post(new, "account_reset_password", email=KNOWN)
    post(new, "account_confirm_password_reset_code", code=code_sent())
    post(new, "account_complete_password_reset", password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    assert is_signed_in(old) is False
    assert sign_in(Client(), password=PASSWORD).status_code == 200
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302


def test_signing_out_everywhere_else(person):
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser)
    here.post(reverse("usersessions_list"))
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)


def test_changing_the_address_asks_for_the_password_again(client, person):
    sign_in(client)
    response = client.post(reverse("account_email"), {"action_add": "", "email": "nieuw@example.org"})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert OutboxMessage.objects.count() == 0
    post(client, "account_reauthenticate", password=PASSWORD, next=reverse("account_email"))
    assert OutboxMessage.objects.get().address == "nieuw@example.org"
    post(client, "account_email_verification_sent", code=code_sent())
    person.refresh_from_db()
    assert (person.email, mail.outbox[-1].to) == ("nieuw@example.org", ["nieuw@example.org"])


def test_sign_ins_are_shown_by_time_and_browser_for_thirty_days(client, person, time_machine):
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    sign_in(client)
    assert [(row.at, row.browser) for row in recent_sign_ins(person)] == [(now, "Firefox (Android)")]
    client.post(reverse("account_logout"))
    assert len(recent_sign_ins(person)) == 1  # also who has left again
    clear_expired(now=now + timedelta(days=30))
    assert SignIn.objects.count() == 1
    clear_expired(now=now + timedelta(days=30, seconds=1))
    assert SignIn.objects.count() == 0


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox (Android)"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari (iPhone)",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge (Windows)",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome (Linux)"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_in_words(user_agent, words):
    assert browser_in_words(user_agent) == words


# --- the exit -------------------------------------------------------------------------------------------------------
def test_the_exit_ends_the_session_and_leaves_nothing(person, settings):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    response = client.post(reverse("exit"))
    assert (response.status_code, response.headers["Location"]) == (303, settings.EXIT_URL)
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.headers["Cache-Control"] == "no-store"
    assert (Session.objects.count(), person.usersession_set.count()) == (0, 0)
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_the_exit_works_for_strangers_and_with_a_stale_session(client, settings):
    assert client.post(reverse("exit")).status_code == 303
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert client.post(reverse("exit")).status_code == 303


def test_looking_at_the_exit_signs_nobody_out(client, person):
    client.force_login(person)
    response = client.get(reverse("exit"))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert is_signed_in(client)


def test_the_exit_removes_the_session_from_the_list(person):
    client = Client()
    sign_in(client)
    assert person.usersession_set.count() == 1
    client.post(reverse("exit"))
    assert (Session.objects.count(), person.usersession_set.count()) == (0, 0)


def test_the_list_of_sessions_shows_browsers_in_words_and_no_address(client, person):
    sign_in(client)
    shown = client.get(reverse("usersessions_list")).content.decode()
    assert ("Firefox, Android" in shown, "127.0.0.1" in shown, "Mozilla" in shown) == (True, False, False)
