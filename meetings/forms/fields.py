"""Fields that several forms about meetings share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from meetings.rules import is_neutral
from people.forms import LineField

REMINDERS = {
    "": _("no reminder"),
    str(24 * 60): _("a day before"),
    str(2 * 24 * 60): _("two days before"),
    str(7 * 24 * 60): _("a week before"),
    "120": _("two hours before"),
}
RHYTHMS = {
    "1": _("every week"),
    "2": _("every two weeks"),
    "3": _("every three weeks"),
    "4": _("every four weeks"),
}


def title_field() -> LineField:
    return LineField(label=_("Title"), max_length=160, help_text=_("Who may come sees it on the site."))


def audience_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("For whom"), choices=Meeting.Audience.choices, required=False, **options)


def region_field() -> LineField:
    return LineField(
        label=_("Region"), max_length=80, required=False, help_text=_("Empty: for every region.")
    )


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date", "class": "short-input"}, format="%Y-%m-%d"),
        **options,
    )


def clock_field() -> forms.TimeField:
    return forms.TimeField(
        label=_("Begins at"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "short-input"}, format="%H:%M"),
        help_text=_("As on the clock on the wall, in summer and in winter."),
    )


def minutes_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many minutes"), min_value=15, max_value=600, initial=150, widget=short_number()
    )


def short_number() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "short-input"})


def place_field() -> LineField:
    return LineField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_(
            "Street and room. It also stands in people’s calendars: no name that tells why they come."
        ),
    )


def link_field() -> forms.URLField:
    return forms.URLField(
        label=_("Online link"),
        max_length=400,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Copy the whole address, from https:// on.")},
        help_text=_("Only who is in sees it."),
    )


def reminder_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Reminder"),
        choices=list(REMINDERS.items()),
        coerce=int,
        empty_value=None,
        required=False,
        initial=str(24 * 60),
    )


def check_in_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("People may check in themselves with a code on your screen"), required=False
    )


class NeutralField(LineField):
    """A title that somebody may read over a shoulder."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_neutral(value):
            raise ValidationError(
                _(
                    "This title tells too much: it stands in calendars and messages. Choose ordinary words, such as “Avondcursus”."
                )
            )


def places_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many places"),
        min_value=1,
        max_value=1000,
        required=False,
        widget=short_number(),
        help_text=_("Empty: as many as come. Whoever comes after that goes on the waiting list."),
    )
