"""How allauth does things in this house: mail through the outbox, our own words, one answer for all."""

from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import respond_429
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import flows
from people.models import User
from people.services.profiles import clean_line
from people.services.sessions import end_sessions, note_sign_in

EMAIL_MAX_LENGTH = 254


def user_display(user: User) -> str:
    """The name others see; never the e-mail address."""
    return str(user)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your e-mail address already."),
        "email_password_mismatch": _(
            "This e-mail address and password do not belong together. Please try again."
        ),
        "email_taken": _("This e-mail address cannot be used. Please choose another one."),
        "enter_current_password": _("This is not the password you have now. Please try again."),
        "incorrect_code": _("This code is not right. Please look at the e-mail once more."),
        "incorrect_password": _("This password is not right. Please try again."),
        "too_many_login_attempts": _("That was tried too often. Wait five minutes and try again."),
        "rate_limited": _("That was very fast. Wait a moment and try again."),
        "same_as_current": _("This is the same as what you have now."),
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.alias = clean_line(form.cleaned_data.get("alias", ""))
        return super().save_user(request, user, form, commit)

    def clean_email(self, email: str) -> str:
        if len(email) > EMAIL_MAX_LENGTH:
            raise ValidationError(_("This e-mail address is too long."))
        return email

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Mail of the account: written down for whom it is, sent by the worker, withheld from an unsafe mailbox."""
        recipient = context.get("user") or next(
            iter(filter_users_by_email(email, prefer_verified=True)), None
        )
        words = {"organisation": settings.ORGANISATION_NAME, "code": context.get("code", "")}
        flows.send_message(
            recipient=recipient,
            address="" if recipient is not None and recipient.email == email else email,
            kind=f"account.{template_prefix.rpartition('/')[2]}"[:40],
            # Every request for a code is a code of its own.
            cause=f"{template_prefix}:{uuid4()}",
            subject=render_to_string(f"{template_prefix}_subject.txt", words),
            text=render_to_string(f"{template_prefix}_message.txt", words).strip() + "\n",
            html=render_to_string(f"{template_prefix}_message.html", words).strip(),
            urgent=True,
            now=timezone.now(),
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Too many wrong passwords get the page that says so, whether or not the account exists."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ImmediateHttpResponse(respond_429(request)) from None

    def post_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        note_sign_in(user=user, user_agent=request.headers.get("User-Agent", ""), now=timezone.now())
        return response

    def set_password(self, user: User, password: str) -> None:
        """A new password ends every session but the one in which it was chosen."""
        super().set_password(user, password)
        request = context.request
        here = request is not None and request.user.is_authenticated and request.user.pk == user.pk
        end_sessions(user=user, keep=request.session.session_key if here else None)
