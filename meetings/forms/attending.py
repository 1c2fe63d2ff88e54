"""Who was there: a choice per person, for a thumb."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Attendance
from meetings.queries.participants import Participant
from meetings.services.attendance import Mark

Status = Attendance.Status
CHOICES = (
    (Status.PRESENT.value, gettext_lazy("Is here")),
    (Status.LATE.value, gettext_lazy("Later")),
    (Status.NOTICE.value, gettext_lazy("Signed off")),
    (Status.ABSENT.value, gettext_lazy("Missing")),
)
CAUGHT_UP = (Status.CAUGHT_UP.value, gettext_lazy("Caught up"))


class AttendanceForm(forms.Form):
    """Guests, and for each person a status, and where it is needed minutes and a remark.

    Of who was not on the page that is sent it says nothing: they came into the group, or caught up, while it was open.
    """

    guests = forms.IntegerField(
        label=gettext_lazy("Guests"),
        min_value=0,
        max_value=500,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short-input"}),
        help_text=gettext_lazy("How many. Nobody needs to know who."),
    )

    def __init__(
        self, data: Any = None, *, participants: Sequence[Participant], minutes: int, guests: int
    ) -> None:
        super().__init__(data, initial={"guests": guests})
        # Nobody at all is no page of ours: everybody is asked for.
        self.participants = [each for each in participants if self._was_on_the_page(each)] or participants
        self.minutes = minutes
        for each in self.participants:
            before = each.attendance
            # What was written down may be more than there is by now: a room closes early, a meeting was made shorter.
            kept = min(before.minutes, minutes) if before and before.status in Attendance.THERE else minutes
            status = Status.NOTICE if each.signed_off else Status.PRESENT
            choices, is_old = CHOICES, before is not None and self._showed_another(each)
            if before is not None:
                status = Status(before.status)
                if status == Status.CAUGHT_UP or is_old:
                    choices = (*CHOICES, CAUGHT_UP)
            key = each.person_id.hex
            # The page may stay open for long: what is written down meanwhile is told apart from what it showed.
            self.fields[f"shown-{key}"] = forms.IntegerField(
                required=False, min_value=0, initial=before.pk if before else 0, widget=forms.HiddenInput
            )
            self.fields[f"status-{key}"] = forms.ChoiceField(
                label=each.alias, choices=choices, initial=status.value, widget=forms.RadioSelect
            )
            self.fields[f"minutes-{key}"] = forms.IntegerField(
                label=_("Minutes of %(name)s") % {"name": each.alias},
                min_value=0,
                max_value=None if is_old else minutes,
                required=False,
                initial=kept if kept != minutes else None,
                widget=forms.NumberInput(attrs={"class": "short-input", "placeholder": str(minutes)}),
            )
            self.fields[f"remark-{key}"] = forms.CharField(
                label=_("Remark about %(name)s") % {"name": each.alias},
                max_length=200,
                required=False,
                initial=before.remark if before else "",
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the screen draws per person."""
        return [
            {
                "person": each,
                "shown": self[f"shown-{each.person_id.hex}"],
                "status": self[f"status-{each.person_id.hex}"],
                "minutes": self[f"minutes-{each.person_id.hex}"],
                "remark": self[f"remark-{each.person_id.hex}"],
            }
            for each in self.participants
        ]

    @property
    def marks(self) -> list[Mark]:
        return [self._mark(each.person_id) for each in self.participants]

    def _was_on_the_page(self, person: Participant) -> bool:
        key = person.person_id.hex
        return not self.is_bound or any(f"{name}-{key}" in self.data for name in ("shown", "status"))

    def _showed_another(self, person: Participant) -> bool:
        """Whether the page showed another row of somebody than holds: it may say then what cannot be said any more."""
        shown = self.data.get(f"shown-{person.person_id.hex}", "")
        return shown.isascii() and shown.isdecimal() and shown.lstrip("0") != str(person.attendance.pk)

    def _mark(self, person_id: UUID) -> Mark:
        key = person_id.hex
        minutes = self.cleaned_data[f"minutes-{key}"]
        return Mark(
            person_id,
            self.cleaned_data[f"status-{key}"],
            self.minutes if minutes is None else minutes,
            self.cleaned_data[f"remark-{key}"],
            self.cleaned_data[f"shown-{key}"],
        )
