"""What people fill in about themselves. Names lose what does not show before anybody else reads them."""

from typing import Any, Self

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal import flows
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from people.models import ContactPreference, User
from people.queries import contact_of
from people.services.profiles import clean_line


class LineField(forms.CharField):
    """One line of text, cleaned of control, bidi and other characters that do not show."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value))


def alias_field() -> LineField:
    return LineField(
        label=_("Name in the group"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        help_text=_("What others in the group call you. It need not be your own name."),
    )


class SignupForm(AllauthSignupForm):
    """E-mail address, name in the group, password."""

    field_order = ["email", "alias", "password1"]
    alias = alias_field()

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # The same work as for a new account, so that the clock does not tell which address is known.
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # Somebody signed up with this address a moment ago: two clicks, or two people.
            self.account_already_exists = True
            return None, flows.signup.prevent_enumeration(request, email=self.cleaned_data["email"])


class ProfileForm(forms.Form):
    """One's own name and mailbox. Its cleaned data are the arguments of `profiles.save_profile`."""

    alias = alias_field()
    legal_name = LineField(
        label=_("Full name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_(
            "Only your trainer sees it, and it stands on your certificate. You can fill it in later."
        ),
    )
    mailbox_unsafe = forms.BooleanField(
        label=_("Somebody can read my e-mail"),
        required=False,
        help_text=_(
            "Then we send no codes and no links to your mailbox any more. Remember your password well: without e-mail "
            "your coordinator helps you back in, in person. You see here when somebody logs in to your account."
        ),
    )

    @classmethod
    def of(cls, user: User, data: Any = None) -> Self:
        """The form with what somebody has now."""
        kept = {name: getattr(user, name) for name in cls.base_fields}
        return cls(data, initial=kept)


class ContactForm(forms.Form):
    """How somebody may be reached. Its cleaned data are the arguments of `profiles.save_contact`."""

    channel = forms.ChoiceField(
        label=_("How may we reach you?"),
        choices=ContactPreference.Channel.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "If you choose “only on this site”, we send no e-mail at all: no reminder, and no code to log in either."
        ),
    )
    only_needed = forms.BooleanField(
        label=_("Only messages I need"),
        required=False,
        help_text=_(
            "No reminders. You still hear when something moves, is off, or when there is a place for you."
        ),
    )
    safe_from = forms.TimeField(
        label=_("Safe from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_(
            "Is there a time of day at which e-mail is safe? Then our e-mails come only between these hours."
        ),
    )
    safe_until = forms.TimeField(
        label=_("Safe until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    person_name = LineField(
        label=_("Your own contact person"),
        max_length=80,
        required=False,
        help_text=_(
            "Somebody you trust. Only you see the name and number: they stand with the helplines on every page."
        ),
    )
    person_phone = LineField(
        label=_("Their phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    @classmethod
    def of(cls, user: User, data: Any = None) -> Self:
        """The form with what somebody chose, or the defaults."""
        contact = contact_of(user)
        return cls(data, initial={name: getattr(contact, name) for name in cls.base_fields})

    def clean_person_phone(self) -> str:
        phone = self.cleaned_data["person_phone"]
        if phone and not all(mark.isascii() and (mark.isdigit() or mark in "+-() .") for mark in phone):
            raise ValidationError(_("Write a phone number with digits, for example 06 1234 5678."))
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("safe_from"), cleaned.get("safe_until")
        if "safe_from" in cleaned and "safe_until" in cleaned:
            if (begins is None) != (ends is None):
                empty = "safe_from" if begins is None else "safe_until"
                self.add_error(empty, _("Fill in both times, or leave both empty."))
            elif begins is not None and begins == ends:
                self.add_error(
                    "safe_until", _("These are the same time. Choose a later one, or leave both empty.")
                )
        return cleaned


class RecoveryForm(forms.Form):
    """The code that a coordinator handed over, and a new password."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    code = LineField(
        label=_("Code from your coordinator"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )

    def clean_password(self) -> str:
        # Compared with the address that was typed, never with an account: the answer must not tell whether there is one.
        password = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password
