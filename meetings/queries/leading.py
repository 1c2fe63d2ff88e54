"""What waits for who leads meetings: the evening that is on, one that nobody wrote down, and whom to call after a heavy one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import CheckIn, Cohort, Enrolment, Session
from courses.queries.care import who_did
from meetings.models import Attendance, Meeting
from meetings.rules import DOORS_OPEN

# What was not written down by then, nobody remembers well.
REMEMBERED = timedelta(days=14)
# After a heavy session everybody is called within so long. Whoever was not stays on the list for as long again and more.
CALLED_WITHIN = timedelta(hours=48)
STILL_CALLED = timedelta(days=7)


@dataclass(frozen=True)
class AtHand:
    """`to_write`: meetings of which attendance can be written down now. `following`: the next one after them."""

    to_write: list[Meeting]
    following: Meeting | None


def at_hand(leader: Any, *, now: datetime) -> AtHand:
    """What somebody leads tonight, what they led lately without writing it down, and what comes then. Two queries."""
    led = Meeting.objects.led_by(leader).standing().select_related("cohort", "session")
    opens = now + DOORS_OPEN
    written = Attendance.objects.filter(meeting=OuterRef("pk"))
    open_ones = led.filter(starts_at__lte=opens, ends_at__gt=now - REMEMBERED).filter(
        Q(ends_at__gt=now) | ~Exists(written)
    )
    following = led.filter(starts_at__gt=opens).order_by("starts_at", "pk").first()
    return AtHand(list(open_ones.annotate(is_written=Exists(written)).order_by("starts_at", "pk")), following)


@dataclass(frozen=True)
class Calling:
    """After a heavy meeting: how many of the group were not called yet, and until when they should be."""

    meeting: Meeting
    left: int
    until: datetime
    is_late: bool


def to_call(trainer: Any, *, now: datetime) -> list[Calling]:
    """The heavy meetings of somebody's groups after which people are still to be called, the longest ago first. One query."""
    heavy = (
        Meeting.objects.standing()
        .filter(
            cohort__trainers=trainer,
            session__heavy=True,
            session__archived_at=None,
            ends_at__lte=now,
            ends_at__gt=now - STILL_CALLED,
        )
        .select_related("cohort", "session")
    )
    members = _members().filter(cohort=OuterRef("cohort")).exclude(learner=trainer)
    called = CheckIn.objects.filter(enrolment__in=_members().exclude(learner=trainer)).filter(
        session=OuterRef("session"), enrolment__cohort=OuterRef("cohort")
    )
    left = _number(members, "cohort") - _number(called, "session")
    found = heavy.annotate(left=left).filter(left__gt=0).order_by("ends_at", "pk")
    return [
        Calling(meeting, meeting.left, meeting.ends_at + CALLED_WITHIN, now > meeting.ends_at + CALLED_WITHIN)
        for meeting in found
    ]


def with_meeting(sessions: QuerySet[Session], cohort: Cohort) -> QuerySet[Session]:
    """Each with `begins_at`: when this group meets about it. None where no meeting stands: people do it on their own."""
    standing = Meeting.objects.standing().filter(cohort=cohort, session=OuterRef("pk"))
    return sessions.annotate(begins_at=Subquery(standing.values("starts_at")[:1]))


def to_be_called(
    *, session: Session, meeting: Meeting | None, enrolments: QuerySet[Enrolment], now: datetime
) -> QuerySet[Enrolment]:
    """Who of a group is called after a heavy session: everybody once they met about it, nobody before.

    Where the group does not meet about it: each who did the session, with `did_at`.
    """
    if meeting is None:
        return who_did(session, enrolments)
    return enrolments if meeting.starts_at <= now else enrolments.none()


def _members() -> QuerySet[Enrolment]:
    return Enrolment.objects.exclude(status=Enrolment.Status.WITHDRAWN)


def _number(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
