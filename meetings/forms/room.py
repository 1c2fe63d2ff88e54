"""What is filled in around the room for intervision."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.forms.attending import AttendanceForm
from meetings.identifying import Kind
from meetings.methods import METHODS
from meetings.models import Attendance, Seat
from meetings.queries.participants import Participant
from meetings.queries.rooms import Guest
from meetings.services.anonymity import MayNameSomebody, PointsAtSomebody
from meetings.services.learning_points import LONGEST_POINT
from meetings.services.rooms import LONGEST_CASE, Act

KINDS = {
    Kind.BSN: gettext_lazy("a citizen service number (BSN)"),
    Kind.PHONE: gettext_lazy("a telephone number"),
    Kind.EMAIL: gettext_lazy("an e-mail address"),
    Kind.POSTCODE: gettext_lazy("a postcode"),
    Kind.IBAN: gettext_lazy("a bank account number (IBAN)"),
}


class MethodForm(forms.Form):
    method = forms.ChoiceField(
        label=gettext_lazy("Method"),
        choices=[(method.key, method.title) for method in METHODS.values()],
        widget=forms.RadioSelect,
    )


class ClockForm(forms.Form):
    """A press on a button of the clock, and on which step of it."""

    act = forms.TypedChoiceField(choices=[(act.value, act.name) for act in Act], coerce=Act)
    step = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class RolesForm(forms.Form):
    """For each person on the list what they do."""

    def __init__(self, data: Any = None, *, guests: Sequence[Guest]) -> None:
        super().__init__(data)
        self.guests = guests
        for guest in guests:
            self.fields[f"role-{guest.person_id.hex}"] = forms.ChoiceField(
                label=guest.alias, choices=Seat.Role.choices, initial=guest.role
            )

    @property
    def roles(self) -> dict[UUID, str]:
        return {guest.person_id: self.cleaned_data[f"role-{guest.person_id.hex}"] for guest in self.guests}


class AnonymousTextForm(forms.Form):
    """A text in which nobody may be recognised. What looks like a name is asked about once, and then taken as said."""

    text = forms.CharField(required=False, strip=True, widget=forms.Textarea(attrs={"rows": 8}))
    # What the writer was asked about, and their tick: another name asks again.
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    confirm = forms.BooleanField(
        label=gettext_lazy("I looked at it: nobody can be recognised by this."), required=False
    )

    def __init__(
        self, data: Any = None, *, label: Any, longest: int, kept: str = "", auto_id: str = "id_%s"
    ) -> None:
        super().__init__(data, initial={"text": kept}, auto_id=auto_id)
        self.fields["text"].label = label
        self.fields["text"].max_length = longest
        self.fields["text"].validators.append(forms.fields.validators.MaxLengthValidator(longest))
        self.fields["text"].widget.attrs |= {"maxlength": str(longest), "autocomplete": "off"}
        self.names: list[str] = []

    @property
    def confirmed(self) -> Collection[str]:
        return self.cleaned_data["asked"].split("|") if self.cleaned_data["confirm"] else ()

    def refuse(self, refusal: PointsAtSomebody | MayNameSomebody) -> None:
        """Say what has to go, or ask about what may be a name."""
        if isinstance(refusal, PointsAtSomebody):
            found = ", ".join(str(KINDS[kind]) for kind in refusal.kinds)
            self.add_error(
                "text",
                _("By this somebody can be found: %(found)s. Take it out; until then nothing is kept.")
                % {"found": found},
            )
            return
        self.names = refusal.names
        self.data = self.data.copy()
        self.data["asked"] = "|".join(refusal.names)
        self.data.pop("confirm", None)
        self.add_error(
            "text",
            _(
                "This looks like a name, a place or a birthday: %(names)s. Write “a man”, “her sister”, “a town” "
                "instead. Is it nobody’s? Tick that you looked at it, and keep it once more."
            )
            % {"names": ", ".join(refusal.names)},
        )


def case_form(data: Any = None, *, kept: str = "") -> AnonymousTextForm:
    return AnonymousTextForm(
        data, label=gettext_lazy("The case, in your own words"), longest=LONGEST_CASE, kept=kept
    )


def learning_point_form(data: Any = None, *, kept: str = "") -> AnonymousTextForm:
    form = AnonymousTextForm(
        data, label=gettext_lazy("What do you take along?"), longest=LONGEST_POINT, kept=kept
    )
    form.fields["text"].widget.attrs["rows"] = 4
    return form


class CloseRoomForm(AttendanceForm):
    """Who was there, as on the list of attendance; who came in is taken to have been there, for as long as it lasted."""

    def __init__(
        self,
        data: Any = None,
        *,
        participants: Sequence[Participant],
        came: Collection[UUID],
        minutes: int,
        guests: int,
    ) -> None:
        super().__init__(data, participants=participants, minutes=minutes, guests=guests)
        for each in self.participants:
            if each.attendance is None and not each.signed_off and each.person_id not in came:
                self.fields[f"status-{each.person_id.hex}"].initial = Attendance.Status.ABSENT.value
