"""What people fill in, and what others send."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from people.forms import ContactForm, ProfileForm, SignupForm
from people.models import ContactPreference
from people.services.profiles import clean_line, save_contact, save_profile
from tests.factories import PASSWORD, PersonFactory

CONTACT = {"channel": "mail", "safe_from": "", "safe_until": "", "person_name": "", "person_phone": ""}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna   B ", "Anna B"),
        ("Anna\x00B", "AnnaB"),
        ("Anna\r\nBcc: x@example.org", "Anna Bcc: x@example.org"),
        ("\u202eannA\u202c", "annA"),
        ("\u200bAn\u2066na\ufeff", "Anna"),
        ("Anna\ud800", "Anna"),
        ("A\u0308nna", "Änna"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner that Persian needs
        ("\u200d\u200c", ""),
        ("\u2028\u2029", ""),
        ("<b>Anna</b>", "<b>Anna</b>"),  # templates escape
        ("👩‍🌾", "👩‍🌾"),
    ],
)
def test_a_line_loses_what_does_not_show(typed, kept):
    assert clean_line(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed):
    assert clean_line(clean_line(typed)) == clean_line(typed)


@pytest.mark.django_db
def test_the_profile_keeps_what_was_filled_in():
    person = PersonFactory(alias="Anna")
    form = ProfileForm.of(person, QueryDict("alias=Bea&legal_name=Bea+de+Wit&mailbox_unsafe=on"))
    assert form.is_valid()
    save_profile(user=person, **form.cleaned_data)
    person.refresh_from_db()
    assert (person.alias, person.legal_name, person.mailbox_unsafe) == ("Bea", "Bea de Wit", True)


@pytest.mark.django_db
def test_an_alias_of_nothing_visible_is_refused():
    person = PersonFactory(alias="Anna")
    assert list(ProfileForm.of(person, {"alias": "\u202e\u200b"}).errors) == ["alias"]
    with pytest.raises(ValueError, match="alias"):
        save_profile(user=person, alias="\u202e")
    person.refresh_from_db()
    assert person.alias == "Anna"


@pytest.mark.django_db
def test_saving_a_name_touches_nothing_else():
    person = PersonFactory(alias="Anna", mailbox_unsafe=True)
    save_profile(user=person, legal_name="Anna Bos")
    person.refresh_from_db()
    assert (person.alias, person.legal_name, person.mailbox_unsafe) == ("Anna", "Anna Bos", True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"safe_from": "19:00", "safe_until": "21:00"}, []),
        ({"safe_from": "22:00", "safe_until": "02:00"}, []),
        ({"safe_from": "19:00"}, ["safe_until"]),
        ({"safe_until": "19:00"}, ["safe_from"]),
        ({"safe_from": "19:00", "safe_until": "19:00"}, ["safe_until"]),
        ({"safe_from": "99:99", "safe_until": "21:00"}, ["safe_from"]),
        ({"channel": "pigeon"}, ["channel"]),
        ({"person_phone": "06-12 34 56 78"}, []),
        ({"person_phone": "javascript:alert(1)"}, ["person_phone"]),
        ({"person_name": "x" * 81}, ["person_name"]),
    ],
)
def test_contact_preferences(changes, wrong):
    form = ContactForm.of(PersonFactory(), CONTACT | changes)
    assert list(form.errors) == wrong


@pytest.mark.django_db
def test_half_a_window_never_reaches_the_database():
    person = PersonFactory()
    with pytest.raises(ValueError, match="beginning and an end"):
        save_contact(user=person, channel="mail", safe_from=None, safe_until="10:00")
    assert ContactPreference.objects.count() == 0


@pytest.mark.django_db
def test_contact_preferences_are_kept_and_shown_again():
    person = PersonFactory()
    form = ContactForm.of(
        person, CONTACT | {"channel": "none", "person_name": "Tante Jo", "person_phone": "06 1"}
    )
    assert form.is_valid()
    save_contact(user=person, **form.cleaned_data)
    person.refresh_from_db()
    assert ContactForm.of(person).initial["person_name"] == "Tante Jo"
    assert (person.contact.channel, person.contact.person_phone) == ("none", "06 1")


@pytest.mark.django_db
def test_an_address_longer_than_any_is_refused_and_not_cut():
    address = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.org"
    form = SignupForm({"email": address, "alias": "Anna", "password1": PASSWORD})
    assert (len(address) > 254, list(form.errors)) == (True, ["email"])


FORMS = {
    "account_login": ("login", "password", "next"),
    "account_request_login_code": ("email", "next"),
    "account_signup": ("email", "alias", "password1", "next"),
    "account_reset_password": ("email",),
    "recovery": ("email", "code", "password"),
    "set_language": ("language", "next"),
    "exit": ("anything",),
    "account_logout": ("next",),
    "account_change_password": ("oldpassword", "password1", "password2"),
    "account_email": ("action_add", "email"),
    "account_reauthenticate": ("password",),
    "usersessions_list": ("anything",),
    "account_confirm_login_code": ("code",),
    "account_email_verification_sent": ("code", "action"),
    "account_confirm_password_reset_code": ("code",),
    "account_complete_password_reset": ("password1", "password2"),
}
BAD = {
    "nul": b"a%00b@example.org",
    "surrogate": b"%ED%A0%80@example.org",
    "bad utf-8": b"%FF%FE@example.org",
    "bidi": b"%E2%80%AEanna@example.org",
    "newline": b"anna@example.org%0D%0ABcc:x@example.org",
    "long": b"a" * 100_000 + b"@example.org",
    "number": b"9" * 5_000,
    "list": b"[]&%s=x",
    "empty": b"",
}


@pytest.mark.django_db
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_form_breaks_on_bad_input(name, bad, signed_in, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client(raise_request_exception=False)
    person = PersonFactory()
    if signed_in:
        client.force_login(person)
    else:
        # Half-way: a code was asked for, so that the forms for codes are open.
        step = {"account_confirm_login_code": "account_request_login_code"}.get(
            name, "account_reset_password"
        )
        client.post(reverse(step), {"email": person.email})
    body = b"&".join(field.encode() + b"=" + BAD[bad] for field in FORMS[name])
    response = client.post(reverse(name), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code < 500
    assert client.get(f"{reverse(name)}?next=%00%ED%A0%80&email=%00").status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie", ['"\\000aaaaaaaaaaaaaaa"', "x" * 4_000, '"\\355\\240\\200aaaaaaaa"', "../../etc/passwd"]
)
def test_a_forged_session_cookie_is_no_session(cookie, settings):
    client = Client(raise_request_exception=False)
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response = client.get(reverse("account_login"), headers={"cookie": f"{name}={cookie}"})
        assert response.status_code == 200
