"""Making a group by one form, and what is done with it afterwards."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Cohort, Course
from meetings.forms.fields import (
    RHYTHMS,
    check_in_field,
    clock_field,
    day_field,
    link_field,
    minutes_field,
    place_field,
    places_field,
    reminder_field,
    short_number,
)
from meetings.queries.groups import plannable_courses, possible_trainers
from meetings.rules import is_neutral
from people.forms import LineField, alias_field
from people.models import User

LARGEST_LIST = 2_000_000  # bytes


class GroupFields(forms.Form):
    """What a group has from the first day on and may change later."""

    name = LineField(
        label=gettext_lazy("Name of the group"),
        max_length=120,
        help_text=gettext_lazy("For example “Utrecht, spring”. Who is in the group sees it."),
    )
    trainers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Trainers"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    region = LineField(label=gettext_lazy("Region"), max_length=80, required=False)
    capacity = places_field()
    way_in = forms.ChoiceField(label=gettext_lazy("How do people come in?"), choices=Cohort.WayIn.choices)
    code = LineField(
        label=gettext_lazy("Code"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Only where people come in with a code. Not a word that can be guessed."),
    )
    homework_days = forms.IntegerField(
        label=gettext_lazy("Online part from how many days before"),
        min_value=0,
        max_value=60,
        initial=7,
        widget=short_number(),
        help_text=gettext_lazy("A suggestion on the page of a session. Nothing closes."),
    )

    def __init__(self, *args: Any, planner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainers"].queryset = possible_trainers(planner)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way_in") == Cohort.WayIn.CODE and not cleaned.get("code"):
            self.add_error("code", _("Choose a code, or another way in."))
        return cleaned


class GroupForm(GroupFields):
    """All that makes a group with its dates. The cleaned data are the arguments of `make_group`."""

    course = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=Course.objects.none())
    first = day_field(
        gettext_lazy("First meeting"),
        help_text=gettext_lazy("Of a group that is under way already: up to a year back."),
    )
    clock = clock_field()
    every = forms.TypedChoiceField(label=gettext_lazy("Rhythm"), choices=list(RHYTHMS.items()), coerce=int)
    minutes = minutes_field()
    place = place_field()
    online_link = link_field()
    reminder_minutes = reminder_field()
    self_check_in = check_in_field()

    field_order = [
        "course",
        "name",
        "trainers",
        "region",
        "first",
        "clock",
        "every",
        "minutes",
        "place",
        "online_link",
        "capacity",
        "way_in",
        "code",
        "reminder_minutes",
        "self_check_in",
        "homework_days",
    ]

    def __init__(self, *args: Any, planner: User, **kwargs: Any) -> None:
        super().__init__(*args, planner=planner, **kwargs)
        self.fields["course"].queryset = plannable_courses(planner)
        self.fields["course"].label_from_instance = lambda course: course.local_title

    def clean_first(self) -> Any:
        first = self.cleaned_data["first"]
        today = timezone.localdate()
        if not today - timedelta(days=366) <= first <= today + timedelta(days=3 * 366):
            raise ValidationError(_("Choose a day that is not years away."))
        return first

    def clean_place(self) -> str:
        place = self.cleaned_data["place"]
        if not is_neutral(place):
            raise ValidationError(
                _("This also stands in people’s calendars. Leave out what tells why they come.")
            )
        return place


class ChangeGroupForm(GroupFields):
    """The group as it is, to change. Its dates are changed at each meeting."""

    def __init__(self, *args: Any, cohort: Cohort, members: int, **kwargs: Any) -> None:
        kept = {name: getattr(cohort, name) for name in GroupFields.base_fields if name != "trainers"}
        super().__init__(*args, initial={**kept, "trainers": cohort.trainers.all()}, **kwargs)
        self.members = members

    def clean_capacity(self) -> int | None:
        capacity = self.cleaned_data["capacity"]
        if capacity is not None and capacity < self.members:
            raise ValidationError(
                ngettext(
                    "%(number)d person is in already.", "%(number)d people are in already.", self.members
                )
                % {"number": self.members}
            )
        return capacity


class InviteForm(forms.Form):
    """A pasted list, or a file. It is read and reported on; the same list comes back to be confirmed."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("One on each line. You may paste a column from a spreadsheet."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"),
        required=False,
        help_text=gettext_lazy("Of each line the e-mail address counts; names are not read."),
    )

    def clean_file(self) -> str:
        """The file's text, whichever of the usual ways it was written in."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > LARGEST_LIST:
            raise ValidationError(_("This file is too large. At most 2 MB."))
        data = file.read()
        if data[:2] == b"PK" or b"\x00" in data[:1000].replace(b"\xff\xfe", b""):
            raise ValidationError(_("This is no text. Save the sheet as CSV first."))
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252", errors="replace")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("addresses", "").strip() or cleaned.get("file", "").strip()):
            raise ValidationError(_("Paste addresses, or choose a file."))
        return cleaned

    @property
    def text(self) -> str:
        return f"{self.cleaned_data['addresses']}\n{self.cleaned_data['file']}".strip()


class JoinForm(forms.Form):
    """Coming into a group: the name the others see."""

    alias = alias_field()


class ChecklistForm(forms.Form):
    intake_checklist = forms.CharField(
        label=gettext_lazy("What an intake talk goes by"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One point on each line. What somebody answers is written down nowhere."),
    )


class KeepApartForm(forms.Form):
    """Two people of a group's list, by the names the group knows."""

    one = forms.ChoiceField(label=gettext_lazy("This person"))
    other = forms.ChoiceField(label=gettext_lazy("and this person"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and cleaned["one"] == cleaned["other"]:
            raise ValidationError(_("Choose two different people."))
        return cleaned
