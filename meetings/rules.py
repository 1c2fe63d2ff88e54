"""When meetings are, on the clock on the wall at home; and what may happen around them. Knows no database."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from people.rules import HOME

# An offer of a place stands for two days, and never longer than until the meeting begins.
OFFER_STANDS = timedelta(hours=48)
INVITATION_STANDS = timedelta(days=30)
# Attendance can be written down, and people can check in, from this long before a meeting begins.
DOORS_OPEN = timedelta(minutes=60)
# A meeting that has begun and was put down with a wrong date is put right up to so much before the date it had.
PUT_RIGHT = timedelta(days=14)
# Checking in ends with the meeting; attendance is corrected for as long as the register wants it.
MOST_INVITED = 200


def at_home(day: date, clock: time) -> datetime:
    """A moment by the clock on the wall. An hour that the clock skips in March becomes the one after it."""
    return datetime.combine(day, clock, HOME).astimezone(UTC)


def wall_clock(moment: datetime) -> tuple[date, time]:
    """Day and time on the wall at home."""
    there = moment.astimezone(HOME)
    return there.date(), there.time().replace(microsecond=0)


def weekly(first: date, clock: time, *, count: int, every: int = 1) -> list[datetime]:
    """`count` moments, `every` so many weeks, at the same time on the wall whatever the clock does."""
    return [at_home(first + timedelta(weeks=every * number), clock) for number in range(count)]


@functools.lru_cache(maxsize=8)
def _holidays(year: int) -> Mapping[date, str]:
    # 8 MB, which only who plans meetings pays.
    import holidays  # noqa: PLC0415 -- see above

    return dict(
        holidays.country_holidays("NL", years=year, language="nl", categories=("public", "optional")).items()
    )


def holiday_on(day: date) -> str:
    """The Dutch holiday of a day, by its Dutch name; empty for an ordinary day."""
    return _holidays(day.year).get(day, "")


@dataclass(frozen=True)
class Shift:
    """How far a meeting moves on the clock on the wall, and how long it lasts then."""

    days: int
    # The time of day the moved meeting got; others that began at `clock_before` go along.
    clock_before: time
    clock: time
    length: timedelta

    @classmethod
    def between(cls, before: datetime, starts_at: datetime, ends_at: datetime) -> "Shift":
        (day_before, clock_before), (day, clock) = wall_clock(before), wall_clock(starts_at)
        return cls((day - day_before).days, clock_before, clock, ends_at - starts_at)

    def moves(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """Where a later meeting comes to lie. One that had a time and length of its own keeps them."""
        day, clock = wall_clock(starts_at)
        same = clock == self.clock_before
        moved = at_home(day + timedelta(days=self.days), self.clock if same else clock)
        return moved, moved + (self.length if same else ends_at - starts_at)


def offer_ends(now: datetime, *, starts_at: datetime | None) -> datetime:
    """Until when a place that came free is somebody's."""
    ends = now + OFFER_STANDS
    return min(ends, starts_at) if starts_at is not None else ends


def lies_behind(moment: datetime, now: datetime) -> bool:
    """Whether it was on a day before today."""
    return wall_clock(moment)[0] < wall_clock(now)[0]


def doors_open(now: datetime, *, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether people can check in: from an hour before a meeting until it ends."""
    return starts_at - DOORS_OPEN <= now < ends_at


def may_be_recorded(now: datetime, *, starts_at: datetime) -> bool:
    """Whether attendance can be written down: never of what is still to come."""
    return now >= starts_at - DOORS_OPEN


def homework_window(
    starts_at: datetime, *, days: int, next_starts_at: datetime | None
) -> tuple[date, date | None]:
    """From which day the online part before a meeting is suggested, and until which day that after it."""
    day, _clock = wall_clock(starts_at)
    until = wall_clock(next_starts_at)[0] if next_starts_at is not None else None
    return day - timedelta(days=days), until


# Words that tell why people come. Stems: "maatje" is also "maatjes".
TELLING = (
    "geweld",
    "maatje",
    "huiselijk",
    "pleger",
    "dader",
    "slachtoffer",
    "mishandel",
    "misbruik",
    "ervaringsdeskundig",
    "lotgenoot",
    "lotgenot",
    "veilig thuis",
    "meldcode",
    "violence",
    "abuse",
    "victim",
    "perpetrator",
    "buddy",
)


def is_neutral(text: str) -> bool:
    """Whether a text may stand where somebody else reads along."""
    words = text.casefold()
    return not any(word in words for word in TELLING)
