"""Meetings as calendars read them (RFC 5545): neutral titles, one identity for ever, an edition number, the house's time zone."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from meetings.models import Meeting, Registration
from people.rules import HOME

# Summer time in Europe since 1996: from the last Sunday of March until the last one of October. Written as a rule: some
# calendars read only the first of many dates, and are an hour off from the second year on.
_TURNS = (
    (TimezoneDaylight, "CEST", datetime(1996, 3, 31, 2), 3, timedelta(hours=1), timedelta(hours=2)),  # noqa: DTZ001 -- on the wall
    (TimezoneStandard, "CET", datetime(1996, 10, 27, 3), 10, timedelta(hours=2), timedelta(hours=1)),  # noqa: DTZ001
)
REFRESH = "PT1H"


def calendar_of_one(meeting: Meeting, *, place: Registration | None = None) -> bytes:
    """The file of one meeting, for who has `place` in it; of a cancelled one it takes the entry out of the calendar."""
    method = "CANCEL" if _is_gone(meeting, place) else "PUBLISH"
    return _calendar([_event(meeting, place)], method=method)


def feed(
    meetings: Iterable[Meeting],
    *,
    places: Mapping[Any, Registration] | None = None,
    full_titles: bool = False,
) -> bytes:
    """What a subscribed calendar shows: everything of one person. Cancelled meetings stay in it and say so.

    `places`: theirs, by meeting.
    """
    by_meeting = places or {}
    events = [_event(meeting, by_meeting.get(meeting.pk), full_title=full_titles) for meeting in meetings]
    return _calendar(events, method="PUBLISH")


def _calendar(events: list[Event], *, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Leerhuis//Agenda//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", "Agenda")
    calendar.add("refresh-interval;value=duration", REFRESH)
    calendar.add("x-published-ttl", REFRESH)
    calendar.add_component(_zone())
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _zone() -> Timezone:
    zone = Timezone()
    zone.add("tzid", HOME.key)
    for kind, name, first, month, before, after in _TURNS:
        turn = kind()
        turn.add("dtstart", first)
        turn.add("tzname", name)
        turn.add("tzoffsetfrom", before)
        turn.add("tzoffsetto", after)
        turn.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(turn)
    return zone


def _is_gone(meeting: Meeting, place: Registration | None) -> bool:
    """Whether it is off, or one of their group that this person cannot come to."""
    return meeting.cancelled_at is not None or (place is not None and place.is_signed_off(meeting))


def _event(meeting: Meeting, place: Registration | None, *, full_title: bool = False) -> Event:
    event, cancelled = Event(), _is_gone(meeting, place)
    # Signing off and on is no other edition of the meeting. Of one edition calendars keep what was written last.
    changed_at = max(meeting.changed_at, place.changed_at) if place is not None else meeting.changed_at
    event.add("uid", f"{meeting.uid.hex}@{_host()}")
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", meeting.sequence)
    event.add("summary", meeting.title if full_title else meeting.discreet_title)
    event.add("dtstart", _at_home(meeting.starts_at))
    event.add("dtend", _at_home(meeting.ends_at))
    # Others who share the calendar see that somebody is busy, no more.
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if meeting.place and not cancelled:
        event.add("location", meeting.place)
    elif meeting.online_link and not cancelled:
        # The link itself stays behind the sign-in: a calendar is shared more easily than a password.
        with translation.override(settings.LANGUAGE_CODE):
            event.add("location", _("online"))
    return event


def _at_home(moment: datetime) -> datetime:
    return moment.astimezone(HOME)


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
