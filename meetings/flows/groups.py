"""Making a group, and coming into it: by invitation, after an intake talk, from the waiting list."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from courses.models import Cohort, Course, Enrolment
from courses.services.enrolments import enrol, withdraw
from courses.services.teams import assign_trainers
from meetings import wording
from meetings.flows.meetings import cancel_and_tell
from meetings.flows.telling import take_back_offers, tell, tell_of_offers
from meetings.models import GroupPlace, Invitation, Meeting
from meetings.queries.groups import sessions_with_meeting, still_to_come
from meetings.rules import weekly
from meetings.services import invitations
from meetings.services.places import (
    Change,
    answer_offer,
    ask_for_place,
    decide_intake,
    give_up_place,
    let_wait_again,
    lock,
    offer_places,
)
from meetings.services.planning import archive_group, plan_sessions
from people.flows import send_message
from people.models import User
from people.services.messages import withdraw_message

Status = GroupPlace.Status


@transaction.atomic
def make_group(
    *,
    course: Course,
    trainers: Sequence[User],
    first: date,
    clock: time,
    every: int,
    minutes: int,
    place: str,
    online_link: str,
    reminder_minutes: int | None,
    now: datetime,
    self_check_in: bool = False,
    **fields: Any,
) -> tuple[Cohort, list[Meeting]]:
    """A group with a dated meeting for each session that has one: `every` so many weeks from `first`, at `clock` at home."""
    sessions = list(sessions_with_meeting(course))
    moments = weekly(first, clock, count=len(sessions), every=every)
    cohort = Cohort.objects.create(
        course=course,
        starts_on=first,
        ends_on=moments[-1].date() if moments else None,
        **fields,
    )
    assign_trainers(cohort=cohort, trainers=trainers, now=now)
    meetings = plan_sessions(
        cohort=cohort,
        sessions=sessions,
        moments=moments,
        minutes=minutes,
        place=place,
        online_link=online_link,
        reminder_minutes=reminder_minutes,
        self_check_in=self_check_in,
        now=now,
    )
    return cohort, meetings


@transaction.atomic
def keep_group(*, cohort: Cohort, trainers: Sequence[User], now: datetime, **fields: Any) -> None:
    """Change a group. Places that were added are offered to who waits."""
    cohort = lock(cohort)
    for name, value in fields.items():
        setattr(cohort, name, value)
    cohort.save(update_fields=list(fields))
    assign_trainers(cohort=cohort, trainers=trainers, now=now)
    tell_of_offers(offer_places(host=cohort, now=now), now=now)


@transaction.atomic
def put_group_away(*, cohort: Cohort, by: User, now: datetime) -> None:
    """Nobody comes in any more, and what is still to come is off; who would have come is told. The record stays.

    What waits and invites or offers a place is not sent: it would lead nowhere. Who takes the group back can invite them anew.
    Whoever was offered a place waits again, in their turn.
    """
    cohort = lock(cohort)
    coming = list(still_to_come(cohort, now=now))
    archive_group(cohort=cohort, now=now)
    for meeting in coming:
        cancel_and_tell(meeting=meeting, by=by, now=now)
    for invitation in Invitation.objects.open().filter(cohort=cohort):
        if withdraw_message(cause=_invites(invitation)):
            invitations.withdraw_invitation(invitation=invitation, now=now)
    take_back_offers(let_wait_again(cohort=cohort, now=now))


@transaction.atomic
def take_group_back(*, cohort: Cohort, now: datetime) -> None:
    """People come in again, and what is free is offered to who waits. Meetings that were called off stay so: they were told."""
    cohort = lock(cohort)
    cohort.archived_at = None
    cohort.save(update_fields=["archived_at"])
    tell_of_offers(offer_places(host=cohort, now=now), now=now)


@transaction.atomic
def invite(*, cohort: Cohort, emails: Sequence[str], by: User, now: datetime) -> int:
    """Write invitations and queue their mails. How many."""
    known = {user.email.casefold(): user for user in User.objects.filter(email__in=emails, is_active=True)}
    made = invitations.write_invitations(cohort=cohort, emails=emails, by=by, now=now)
    for invitation, secret in made:
        person = known.get(invitation.email.casefold())
        with wording.in_our_language():
            words = wording.invitation(secret)
            send_message(
                recipient=person,
                address="" if person else invitation.email,
                kind="invitation",
                cause=_invites(invitation),
                subject=words.subject,
                text=words.text,
                now=now,
            )
    return len(made)


def _invites(invitation: Invitation) -> str:
    """The cause of the mail of an invitation."""
    return f"invitation:{invitation.pk}"


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, person: User, alias: str, now: datetime
) -> GroupPlace | None:
    """Into the group, or onto its waiting list. None where the link was used a moment ago.

    Raises `EnrolmentRefused` and `PlaceRefused`; the link then still works.
    """
    if not invitations.use_invitation(invitation=invitation, person=person, now=now):
        return None
    return wait_for_group(cohort=invitation.cohort, person=person, alias=alias, now=now)


@transaction.atomic
def wait_for_group(*, cohort: Cohort, person: User, alias: str, now: datetime) -> GroupPlace:
    """A place in a group where there is one, else a turn on its waiting list; for who may come in."""
    change = ask_for_place(host=cohort, person=person, alias=alias, now=now)
    return _settled(change, now=now)


@transaction.atomic
def ask_to_join(*, cohort: Cohort, person: User, alias: str, now: datetime) -> GroupPlace:
    """Ask for an intake talk. Nothing is said and nothing kept but that somebody asked."""
    change = ask_for_place(host=cohort, person=person, alias=alias, intake=True, now=now)
    tell_of_offers(change.offered, now=now)
    assert isinstance(change.place, GroupPlace)
    return change.place


@transaction.atomic
def decide_on_intake(
    *, cohort: Cohort, person_id: Any, welcome: bool, by: User, now: datetime
) -> GroupPlace | None:
    """The outcome of an intake talk; who is welcome comes in, or waits. They are told that there is an answer."""
    place = decide_intake(cohort=cohort, person_id=person_id, welcome=welcome, by=by, now=now)
    if place is None:
        return None
    place = _settled(Change(place), now=now)
    with wording.in_our_language():
        words = wording.welcome()
    tell([place.person], words, kind="intake", cause=f"intake:{place.pk}:{now:%Y%m%d%H%M%S}", now=now)
    return place


@transaction.atomic
def answer_group_offer(*, cohort: Cohort, person: User, accept: bool, now: datetime) -> GroupPlace:
    """Take the place that came free, or leave it to the next. Too late: `EXPIRED`, and the next one is told."""
    return _settled(answer_offer(host=cohort, person=person, accept=accept, now=now), now=now)


@transaction.atomic
def leave_waiting_list(*, cohort: Cohort, person: User, now: datetime) -> None:
    """Want no place in a group any more; what was on offer goes to the next. Whoever is in leaves by `leave_group`."""
    cohort = lock(cohort)
    waits = GroupPlace.objects.filter(cohort=cohort, person=person)
    if waits.filter(status__in=[Status.ASKED, Status.WAITING, Status.OFFERED]).exists():
        tell_of_offers(give_up_place(host=cohort, person=person, now=now).offered, now=now)


@transaction.atomic
def leave_group(*, enrolment: Enrolment, now: datetime) -> None:
    """Stop a course; the place in its group goes to who waits longest."""
    withdraw(enrolment=enrolment, now=now)
    if enrolment.cohort is None:
        return
    change = give_up_place(host=enrolment.cohort, person=enrolment.learner, now=now)
    offered = change.offered or offer_places(host=enrolment.cohort, now=now)
    tell_of_offers(offered, now=now)


def _settled(change: Change, *, now: datetime) -> GroupPlace:
    """A place in a group is an enrolment in its course: made here, in the transaction of the place."""
    tell_of_offers(change.offered, now=now)
    place = change.place
    assert isinstance(place, GroupPlace)
    if place.status == Status.REGISTERED:
        enrol(
            learner=place.person,
            course=place.cohort.course,
            cohort=place.cohort,
            alias=place.alias,
            admitted=True,
            now=now,
        )
    return place
