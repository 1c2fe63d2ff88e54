"""What meetings hold about people. Attendance stays for the register, under a random key."""

from meetings.models import KeepApart, Room
from meetings.services.learning_points import in_words
from meetings.services.rooms import erase_case_of
from people import privacy
from people.privacy import Holding, Personal
from people.services.sealing import unseal

REGISTER = "the register's term (7 years)"
COURSE = "the course + 2 years"
ROOM = "until the room ends, at most 12 hours after the meeting"
POINT = "the writer's own; at most 2 years"
PLACE_PLAIN = {"id"}


def _that_there_is_a_mark(mark: KeepApart) -> str:
    """What the law makes us tell the person: that it exists and since when. With whom would tell about somebody else."""
    return f"a trainer noted on {mark.made_at:%Y-%m-%d} which group is not for you; with whom is not told"


def _case_in_words(room: Room) -> str:
    return "" if room.case is None else unseal(room.case)


def _place_fields(retention: str) -> dict[str, Personal]:
    return {
        "person": Personal("whose place it is", retention, "deleted"),
        "status": Personal("whether somebody comes", retention, "deleted"),
        "position": Personal("the turn on the waiting list", retention, "deleted"),
        "offer_expires_at": Personal("until when a place is kept", retention, "deleted"),
        "created_at": Personal("when somebody asked", retention, "deleted"),
        "changed_at": Personal("when it changed last", retention, "deleted"),
    }


privacy.declare(
    Holding(
        model="meetings.LearningPoint",
        person="person",
        fields={
            "person": Personal("whose it is", POINT, "deleted"),
            "ciphertext": Personal("what somebody takes along", POINT, "deleted", export=in_words),
            "written_at": Personal("when it was written", POINT, "deleted"),
        },
        plain={"id", "meeting"},
    ),
    Holding(
        model="meetings.Seat",
        person="person",
        fields={
            "person": Personal("who is in the room", ROOM, "deleted"),
            "role": Personal("who does what", ROOM, "deleted"),
            "came_at": Personal("that somebody came in", ROOM, "deleted"),
        },
        plain={"id", "room"},
    ),
    Holding(
        model="meetings.Room",
        person="case_by",
        fields={
            "case_by": Personal("who brought the case", ROOM, "cleared"),
            "case": Personal("what is talked about, without names", ROOM, "cleared", export=_case_in_words),
            "case_until": Personal("when it goes at the latest", ROOM, "cleared"),
        },
        plain={
            "meeting",
            "method",
            "turn",
            "step",
            "opened_at",
            "started_at",
            "phase",
            "phase_ends_at",
            "seconds_left",
            "ended_at",
        },
        erase=erase_case_of,
    ),
    Holding(
        model="meetings.CheckIn",
        person="person",
        fields={
            "person": Personal("who checked in", COURSE, "deleted"),
            "nonce": Personal("that a code is used once", COURSE, "deleted", export=False),
            "at": Personal("when somebody checked in", COURSE, "deleted"),
        },
        plain={"id", "meeting"},
    ),
    Holding(
        model="meetings.Attendance",
        person="person",
        fields={
            "person": Personal("who was there", REGISTER, "cleared"),
            "remark": Personal("what a trainer noted about it", REGISTER, "cleared"),
            "subject": Personal("counts one person's meetings once the name is gone", REGISTER, "kept"),
            "status": Personal("whether somebody was there", REGISTER, "kept"),
            "minutes": Personal("study hours", REGISTER, "kept"),
            "recorded_at": Personal("when it was written down", REGISTER, "kept"),
            "by_self": Personal("who says so", REGISTER, "kept"),
        },
        plain={"id", "meeting", "replaces"},
    ),
    Holding(
        model="meetings.Attendance",
        person="recorded_by",
        fields={"recorded_by": Personal("who answers for it", REGISTER, "cleared")},
    ),
    Holding(
        model="meetings.Registration",
        person="person",
        fields=_place_fields(COURSE),
        plain={*PLACE_PLAIN, "meeting"},
    ),
    Holding(
        model="meetings.GroupPlace",
        person="person",
        fields={
            **_place_fields(COURSE),
            "alias": Personal("what the group calls them", COURSE, "deleted"),
            "decided_at": Personal("when an intake talk came to an end", COURSE, "deleted"),
        },
        plain={*PLACE_PLAIN, "cohort"},
    ),
    Holding(
        model="meetings.GroupPlace",
        person="decided_by",
        fields={"decided_by": Personal("who answers for the outcome", COURSE, "cleared")},
    ),
    Holding(
        model="meetings.Invitation",
        person="accepted_by",
        fields={
            "accepted_by": Personal("who came by this invitation", COURSE, "deleted"),
            "email": Personal("where an invitation goes", "until it is used, at most 30 days", "deleted"),
            "token_digest": Personal("to know the link again", COURSE, "deleted", export=False),
            "invited_at": Personal("when somebody was invited", COURSE, "deleted"),
            "accepted_at": Personal("when somebody came", COURSE, "deleted"),
        },
        plain={"id", "cohort", "expires_at", "withdrawn_at"},
    ),
    Holding(
        model="meetings.Invitation",
        person="invited_by",
        fields={"invited_by": Personal("who answers for it", COURSE, "cleared")},
    ),
    Holding(
        model="meetings.KeepApart",
        person="one",
        fields={
            "one": Personal(
                "that two people do not come into one group", COURSE, "deleted", export=_that_there_is_a_mark
            ),
            "made_at": Personal("since when", COURSE, "deleted", export=False),
        },
        plain={"organisation"},
    ),
    Holding(
        model="meetings.KeepApart",
        person="other",
        fields={
            "other": Personal(
                "that two people do not come into one group", COURSE, "deleted", export=_that_there_is_a_mark
            ),
            "id": Personal("the mark's own key", COURSE, "deleted", export=False),
        },
    ),
    Holding(
        model="meetings.KeepApart",
        person="made_by",
        fields={"made_by": Personal("who answers for it", COURSE, "cleared")},
    ),
    Holding(
        model="meetings.CalendarFeed",
        person="person",
        fields={
            "person": Personal("whose calendar it is", "until taken back", "deleted"),
            "token_digest": Personal(
                "to know the address again", "until taken back", "deleted", export=False
            ),
            "full_titles": Personal("what the calendar shows", "until taken back", "deleted"),
            "created_at": Personal("since when", "until taken back", "deleted"),
        },
    ),
    Holding(
        model="meetings.Meeting",
        person="leaders",
        fields={"leaders": Personal("who runs a meeting", "as long as the meeting is kept", "cleared")},
        plain={
            "id",
            "uid",
            "sequence",
            "kind",
            "organisation",
            "cohort",
            "session",
            "title",
            "discreet_title",
            "starts_at",
            "ends_at",
            "place",
            "online_link",
            "capacity",
            "audience",
            "region",
            "closed_list",
            "reminder_minutes",
            "reminded_at",
            "self_check_in",
            "guests",
            "series",
            "cancelled_at",
            "created_at",
            "changed_at",
        },
        erase=lambda *, user, now: user.meetings_led.clear(),
    ),
)
