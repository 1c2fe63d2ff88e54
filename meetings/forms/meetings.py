"""One meeting: changing it, or planning one without a group."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Cohort
from meetings.forms.fields import (
    RHYTHMS,
    NeutralField,
    audience_field,
    check_in_field,
    clock_field,
    day_field,
    link_field,
    minutes_field,
    place_field,
    places_field,
    region_field,
    reminder_field,
    short_number,
    title_field,
)
from meetings.models import Meeting
from meetings.queries.groups import PLANNERS, possible_trainers
from meetings.rules import at_home, is_neutral, wall_clock, weekly
from meetings.services.planning import PlanningRefused, check_moment, state_of
from people.models import Organisation, User


class MeetingFields(forms.Form):
    day = day_field(gettext_lazy("Day"))
    clock = clock_field()
    minutes = minutes_field()
    place = place_field()
    online_link = link_field()
    discreet_title = NeutralField(
        label=gettext_lazy("Neutral title"),
        max_length=80,
        help_text=gettext_lazy("All that calendars and messages say."),
    )
    reminder_minutes = reminder_field()
    self_check_in = check_in_field()

    # When the meeting that is changed would begin; None: there is none yet.
    was_at: datetime | None = None
    # Of what cannot move at all, that is said instead, where it is kept.
    movable = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "clock" in cleaned:
            starts_at = at_home(cleaned["day"], cleaned["clock"])
            if self.movable and starts_at != self.was_at:
                self._check_moment(starts_at)
        return cleaned

    def _check_moment(self, starts_at: datetime) -> None:
        try:
            check_moment(starts_at, now=timezone.now(), was_at=self.was_at)
        except PlanningRefused as refused:
            self.add_error("day", str(refused))

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not 2020 <= day.year <= 2037:  # noqa: PLR2004 -- the years our calendars know summer time for
            raise ValidationError(_("Choose a day that is not years away."))
        return day

    def clean_place(self) -> str:
        place = self.cleaned_data["place"]
        if not is_neutral(place):
            raise ValidationError(
                _("This also stands in people’s calendars. Leave out what tells why they come.")
            )
        return place


def _kept(meeting: Meeting) -> dict[str, Any]:
    """What a form starts with of a meeting as it is; without its day."""
    names = ("minutes", "place", "online_link", "discreet_title", "reminder_minutes", "self_check_in")
    _day, clock = wall_clock(meeting.starts_at)
    return {**{name: getattr(meeting, name) for name in names}, "clock": clock}


def _in_words(field: forms.Field, value: Any) -> str:
    """What is kept in a field, as its form would say it."""
    if isinstance(value, bool):
        return yesno(value)
    text = "" if value is None else str(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(text, text))
    return text or _("empty")


class ChangeMeetingForm(MeetingFields):
    """A meeting as it is, to change. `state` says on which state of it."""

    capacity = places_field()
    title = title_field()
    audience = audience_field(
        help_text=gettext_lazy(
            "Whoever is in, waits or was offered a place keeps it, also if the meeting is no longer meant for them."
        )
    )
    region = region_field()
    state = forms.CharField(widget=forms.HiddenInput, max_length=64)

    field_order = [
        "day",
        "clock",
        "minutes",
        "place",
        "online_link",
        "capacity",
        "title",
        "discreet_title",
        "audience",
        "region",
    ]
    WHEN = ("day", "clock", "minutes")
    # Of a meeting without a group; for whom a group's is, and how many, the group says.
    WITHOUT_GROUP = ("capacity", "audience", "region")
    BESIDES = ("title", *WITHOUT_GROUP, "reminder_minutes", "self_check_in")

    @classmethod
    def of(cls, meeting: Meeting, data: Any = None, *, movable: bool = True) -> "ChangeMeetingForm":
        """`movable`: whether it may get another time; else when it was can be read only."""
        day, _clock = wall_clock(meeting.starts_at)
        own = {name: getattr(meeting, name) for name in ("title", *cls.WITHOUT_GROUP)}
        form = cls(data, initial={**_kept(meeting), **own, "day": day, "state": state_of(meeting)})
        form.was_at, form.movable = meeting.starts_at, movable
        for name in cls.WITHOUT_GROUP if meeting.cohort_id is not None else ():
            del form.fields[name]
        if meeting.session_id is not None:
            del form.fields["title"]  # its session's
        if not movable:
            for name in cls.WHEN:
                form.fields[name].widget.attrs["readonly"] = True
        return form

    @classmethod
    def again(cls, meeting: Meeting, data: Mapping[str, Any], *, movable: bool) -> "ChangeMeetingForm":
        """What was filled in and not kept. What cannot change any more stands as it is: nobody could put it right."""
        stands = {} if movable else cls.of(meeting).initial
        return cls.of(
            meeting, {**data, **{name: stands[name] for name in cls.WHEN if stands}}, movable=movable
        )

    @property
    def besides(self) -> list[tuple[str, str]]:
        """How the meeting stands besides when and where: what a field is called, and what is kept in it."""
        return [
            (str(self.fields[name].label), _in_words(self.fields[name], self.initial[name]))
            for name in self.BESIDES
            if name in self.fields
        ]

    @property
    def changes(self) -> dict[str, Any]:
        """The meeting's own fields."""
        data = dict(self.cleaned_data)
        data.pop("state")
        starts_at: datetime = at_home(data.pop("day"), data.pop("clock"))
        ends_at = starts_at + timedelta(minutes=data.pop("minutes"))
        return {**data, "starts_at": starts_at, "ends_at": ends_at}


class PlanAgainForm(MeetingFields):
    """A meeting that is off, on another day. The cleaned data are the arguments of `plan_again`."""

    @classmethod
    def of(cls, meeting: Meeting, data: Any = None) -> "PlanAgainForm":
        return cls(data, initial=_kept(meeting))

    @property
    def plan(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"starts_at": at_home(data.pop("day"), data.pop("clock")), **data}


class RepeatedFields(MeetingFields):
    """A meeting of no session, once or repeated."""

    kind = forms.ChoiceField(label=gettext_lazy("What kind of meeting?"))
    title = title_field()
    count = forms.IntegerField(
        label=gettext_lazy("How many times"), min_value=1, max_value=30, initial=1, widget=short_number()
    )
    every = forms.TypedChoiceField(
        label=gettext_lazy("Rhythm"), choices=list(RHYTHMS.items()), coerce=int, required=False, empty_value=1
    )

    kinds: ClassVar[Sequence[Meeting.Kind]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in self.kinds]

    @property
    def plan(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        moments = weekly(data.pop("day"), data.pop("clock"), count=data.pop("count"), every=data.pop("every"))
        return {**data, "moments": moments}


class GroupMeetingForm(RepeatedFields):
    """A meeting beside a group's training sessions. The cleaned data are the arguments of `plan_in_group`."""

    kinds = Meeting.BESIDE_SESSIONS

    field_order = [
        "kind",
        "title",
        "discreet_title",
        "day",
        "clock",
        "minutes",
        "count",
        "every",
        "place",
        "online_link",
        "reminder_minutes",
        "self_check_in",
    ]

    @classmethod
    def of(cls, cohort: Cohort, data: Any = None) -> "GroupMeetingForm":
        """Under the neutral name that the group's other meetings have in calendars."""
        return cls(data, initial={"discreet_title": cohort.course.programme.neutral_name[:80]})


class OpenMeetingForm(RepeatedFields):
    """A meeting without a group, once or repeated. The cleaned data are the arguments of `plan_meetings`."""

    kinds = tuple(kind for kind in Meeting.Kind if kind != Meeting.Kind.TRAINING)

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none()
    )
    leaders = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who leads it"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    capacity = places_field()
    audience = audience_field()
    region = region_field()
    closed_list = forms.BooleanField(
        label=gettext_lazy("Closed list: nobody registers, you put people on it"),
        required=False,
        help_text=gettext_lazy("A support group always has a closed list. Only who leads it sees who is in."),
    )

    field_order = [
        "kind",
        "title",
        "discreet_title",
        "organisation",
        "leaders",
        "audience",
        "region",
        "day",
        "clock",
        "minutes",
        "count",
        "every",
        "place",
        "online_link",
        "capacity",
        "closed_list",
        "reminder_minutes",
        "self_check_in",
    ]

    def __init__(self, *args: Any, planner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = planner.memberships.filter(role__in=PLANNERS).values("organisation")
        organisations = Organisation.objects.filter(pk__in=theirs)
        self.fields["organisation"].queryset = organisations
        self.fields["organisation"].initial = organisations.first()
        self.fields["leaders"].queryset = (
            possible_trainers(planner) | User.objects.filter(pk=planner.pk)
        ).distinct()
        self.fields["leaders"].initial = [planner.pk]


class OnListForm(forms.Form):
    """Put somebody on a closed list, by the address of their account."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of their account"), max_length=254)
