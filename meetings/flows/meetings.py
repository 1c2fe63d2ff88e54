"""Coming to a meeting or not, and moving or cancelling one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from courses.models import Cohort
from meetings.flows.telling import (
    take_back_offers,
    take_back_words_about,
    tell_of_meeting,
    tell_of_offers,
)
from meetings.models import Meeting, Place, Room
from meetings.queries.participants import awaiting, leaders_of, people_of
from meetings.services import planning
from meetings.services.places import (
    answer_offer,
    ask_for_place,
    end_waiting,
    give_up_place,
    lock,
    offer_places,
    sign_off,
)
from meetings.services.rooms import end_room
from people.models import User


@transaction.atomic
def register(*, meeting: Meeting, person: User, now: datetime) -> Place:
    """Come to a meeting: of one's group after all, else by a place or a turn on the waiting list."""
    if meeting.cohort_id is not None:
        return sign_off(meeting=meeting, person=person, coming=True, now=now)
    change = ask_for_place(host=meeting, person=person, now=now)
    tell_of_offers(change.offered, now=now)
    assert change.place is not None
    return change.place


@transaction.atomic
def take_off(*, meeting: Meeting, person: User, now: datetime) -> None:
    """Not come: the chair in one's group stays one's own, a place elsewhere goes to who waits."""
    if meeting.cohort_id is not None:
        sign_off(meeting=meeting, person=person, coming=False, now=now)
        return
    change = give_up_place(host=meeting, person=person, now=now)
    tell_of_offers(change.offered, now=now)


@transaction.atomic
def answer_meeting_offer(*, meeting: Meeting, person: User, accept: bool, now: datetime) -> Place:
    """Take the place that came free, or leave it to the next. Too late: `EXPIRED`, and the next one is told."""
    change = answer_offer(host=meeting, person=person, accept=accept, now=now)
    tell_of_offers(change.offered, now=now)
    assert change.place is not None
    return change.place


@transaction.atomic
def change_and_tell(
    *, meeting: Meeting, state: str, by: User, now: datetime, and_later: bool = False, **changes: Any
) -> list[Meeting]:
    """Change a meeting, and those after it if asked. Who comes or waits, and who leads it, is told of what still lies ahead, in one mail.

    Not who changed it (`by`): they know. Places that were added are offered to who waits.
    """
    was_at = {each.pk: each.starts_at for each in [meeting, *planning.later_meetings(meeting)]}
    changed = planning.change_meeting(meeting=meeting, state=state, now=now, and_later=and_later, **changes)
    for each in changed:
        take_back_words_about(each)
        if each.starts_at > now:
            tell_of_meeting(_concerned(each, but=by), each, "moved", was_at=was_at.get(each.pk), now=now)
    if "capacity" in changes:
        tell_of_offers(offer_places(host=meeting, now=now), now=now)
    return changed


@transaction.atomic
def cancel_and_tell(*, meeting: Meeting, by: User, now: datetime) -> bool:
    """Cancel a meeting and tell who would have come, waited or led it; its room ends, and so do offers of a place in it.

    False where it was cancelled already.
    """
    if not planning.cancel_meeting(meeting=meeting, now=now):
        return False
    # Under its lock, and before they wait no more.
    people = _concerned(meeting, but=by)
    take_back_offers(end_waiting(meeting=meeting, now=now))
    for room in Room.objects.open().filter(meeting=meeting):
        end_room(room=room, now=now)
    meeting.refresh_from_db()
    take_back_words_about(meeting)
    if meeting.starts_at > now:
        tell_of_meeting(people, meeting, "cancelled", now=now)
    return True


@transaction.atomic
def plan_again_and_tell(*, meeting: Meeting, by: User, now: datetime, **fields: Any) -> Meeting:
    """Plan the session of a meeting that is off anew; who comes, and who leads it, is told. Not who planned it (`by`)."""
    planned = planning.plan_again(meeting=meeting, now=now, **fields)
    _tell_of_planned(planned, by=by, now=now)
    return planned


@transaction.atomic
def plan_in_group_and_tell(*, cohort: Cohort, by: User, now: datetime, **fields: Any) -> list[Meeting]:
    """Plan meetings beside a group's training sessions; its people and trainers are told. Not who planned them (`by`)."""
    planned = planning.plan_in_group(cohort=lock(cohort), now=now, **fields)
    for meeting in planned:
        _tell_of_planned(meeting, by=by, now=now)
    return planned


def _tell_of_planned(meeting: Meeting, *, by: User, now: datetime) -> None:
    if meeting.starts_at > now:
        tell_of_meeting(_concerned(meeting, but=by), meeting, "planned", now=now)


def _concerned(meeting: Meeting, *, but: User) -> list[User]:
    everybody = [*people_of(meeting), *awaiting(meeting), *leaders_of(meeting)]
    people = {person.pk: person for person in everybody}
    people.pop(but.pk, None)
    return list(people.values())
