"""Messages about meetings and places: which are needed, which are nice to have, and when one is too late to help."""

from collections.abc import Iterable
from datetime import datetime

from meetings import wording
from meetings.models import GroupPlace, Meeting, Place
from people.flows import send_message
from people.models import OutboxMessage, User
from people.services.messages import withdraw_messages


def tell(
    people: Iterable[User],
    words: wording.Wording,
    *,
    kind: str,
    cause: str,
    now: datetime,
    optional: bool = False,
    useless_from: datetime | None = None,
) -> int:
    """One message for each, once per `cause` and person. How many are to be told.

    Nobody is told something when it is `useless_from` before they may be written to, such as a reminder afterwards.
    """
    told = 0
    for person in people:
        message = send_message(
            recipient=person,
            kind=kind,
            cause=f"{cause}:{person.pk}",
            subject=words.subject,
            text=words.text,
            now=now,
            joinable=True,
            optional=optional,
            useless_from=useless_from,
        )
        told += message.state != OutboxMessage.State.WITHHELD
    return told


def tell_of_offers(offered: Iterable[Place], *, now: datetime) -> None:
    """That a place is theirs if they say so before it runs out."""
    for place in offered:
        assert place.offer_expires_at is not None
        with wording.in_our_language():
            page = (
                wording.address_of("leerplek")
                if isinstance(place, GroupPlace)
                else wording.address_of("meeting", place.meeting_id)
            )
            words = wording.place_free(place.offer_expires_at, page)
        # By when it was offered: where a meeting is near, two offers to one person end at the same moment.
        cause = f"{_offers(place)}{place.changed_at:%Y%m%d%H%M%S%f}"
        tell([place.person], words, kind="offer", cause=cause, now=now, useless_from=place.offer_expires_at)


def take_back_offers(offered: Iterable[Place]) -> None:
    """What waits and says that a place is theirs is not sent: it can be taken no more."""
    for place in offered:
        withdraw_messages(causes=_offers(place))


def _offers(place: Place) -> str:
    """How the causes of messages begin that offer a place."""
    return f"offer:{type(place).__name__}:{place.pk}:"


def take_back_words_about(meeting: Meeting) -> None:
    """What waits for a safe hour and says another time than the meeting has now is not sent: one mail would hold both."""
    for kind in ("reminder", "moved", "planned"):
        withdraw_messages(causes=f"{kind}:{meeting.pk}:")


def tell_of_meeting(
    people: Iterable[User],
    meeting: Meeting,
    kind: str,
    *,
    now: datetime,
    was_at: datetime | None = None,
) -> int:
    """Planned, moved, cancelled, reminder, catch-up: once per edition of the meeting. What it says of a meeting ahead holds until it begins.

    `was_at` is when a meeting that moved would have begun: where it comes earlier now, somebody might still go there then.
    """
    with wording.in_our_language():
        words = {
            "planned": wording.planned,
            "moved": wording.moved,
            "cancelled": wording.cancelled,
            "reminder": wording.reminder,
            "catch_up": wording.catch_up,
        }[kind](meeting)
    return tell(
        people,
        words,
        kind=kind,
        cause=f"{kind}:{meeting.pk}:{meeting.sequence}",
        now=now,
        optional=kind in {"reminder", "catch_up"},
        useless_from=None if kind == "catch_up" else max(meeting.starts_at, was_at or meeting.starts_at),
    )
