"""Places that are counted: in a meeting, or in a group. Everything here happens under the lock of what is counted.

A place that comes free is offered to who waits longest, for a while; nobody is put in unasked, and nobody is passed over.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from courses.models import Cohort, Course, Enrolment
from meetings.models import Attendance, GroupPlace, Meeting, Place, Registration
from meetings.rules import offer_ends
from people.models import User

Status = Place.Status
Host = Meeting | Cohort
# What may become a place again when somebody asks anew.
ENDED = (Status.CANCELLED, Status.DECLINED, Status.EXPIRED, Status.NOT_YET)


class PlaceRefused(Exception):
    """The person cannot have, keep or give up this place. The message is for them."""


@dataclass
class Change:
    """What came of it: the person's place (if they have one), and to whom a place is on offer now."""

    place: Place | None
    offered: list[Place] = field(default_factory=list)


@transaction.atomic
def ask_for_place(
    *, host: Host, person: User, now: datetime, alias: str = "", intake: bool = False
) -> Change:
    """A place where there is one and nobody waits for it, else a turn on the waiting list. Asking twice changes nothing.

    `intake`: wait for an intake talk first (groups). Raises `PlaceRefused` where the host takes nobody any more.
    """
    host = lock(host)
    _check_open(host, now)
    offered = _let_run_out(host, now)
    place = _places(host).filter(person=person).first()
    if place is not None and place.status not in {*ENDED, Status.ASKED}:
        return Change(place, offered)
    if intake:
        return Change(_put(host, person, place, Status.ASKED, now, alias=alias), offered)
    # Who came into the group by another door has their place: they wait for nothing.
    status = Status.REGISTERED if _is_inside(host, person) or has_room(host) else Status.WAITING
    return Change(_put(host, person, place, status, now, alias=alias), offered)


def has_room(host: Host) -> bool:
    """Whether who asks now gets a place at once. Read without the lock it is what holds now, and a promise to nobody."""
    if _places(host).filter(status=Status.WAITING).exists():
        return False
    free = _free(host)
    return free is None or free > 0


@transaction.atomic
def answer_offer(*, host: Host, person: User, accept: bool, now: datetime) -> Change:
    """Take an offered place, or leave it to the next. Too late: the place is `EXPIRED`, and the next one has it."""
    host = lock(host)
    place = _places(host).filter(person=person, status=Status.OFFERED).first()
    if place is None:
        _check_open(host, now)
        raise PlaceRefused(_("There is no place on offer for you any more."))
    if not place.is_offered(now):
        return Change(place, _let_run_out(host, now, answered=place))
    if accept:
        _check_open(host, now)
        _set(place, Status.REGISTERED, now)
        _hold(host)
        return Change(place)
    _set(place, Status.DECLINED, now)
    return Change(place, _offer_free_places(host, now))


@transaction.atomic
def give_up_place(*, host: Host, person: User, now: datetime) -> Change:
    """Take oneself off a list, wherever on it one stands; the place goes to who waits. Without a place nothing changes."""
    host = lock(host)
    place = _places(host).filter(person=person).exclude(status__in=ENDED).first()
    if place is None:
        return Change(None)
    if isinstance(host, Meeting):
        if host.starts_at <= now:
            raise PlaceRefused(_("This meeting has begun already."))
        _check_not_there(host, person)
    _set(place, Status.CANCELLED, now)
    return Change(place, _offer_free_places(host, now))


@transaction.atomic
def sign_off(*, meeting: Meeting, person: User, coming: bool, now: datetime) -> Registration:
    """Of a group's meeting: cannot come, or (`coming`) can after all. Nobody else gets the chair."""
    meeting = lock(meeting)
    if meeting.cohort_id is None:
        raise ValueError("a place in a meeting without a group is given up")
    _check_open(meeting, now)
    if not coming:
        _check_not_there(meeting, person)
    place = _places(meeting).filter(person=person).first()
    return _put(meeting, person, place, Status.REGISTERED if coming else Status.CANCELLED, now)


@transaction.atomic
def put_on_list(*, meeting: Meeting, person: User, now: datetime) -> Registration:
    """For who leads a closed list: put somebody on it. Raises `PlaceRefused` where it is full."""
    meeting = lock(meeting)
    _check_open(meeting, now)
    place = _places(meeting).filter(person=person).first()
    if place is not None and place.status == Status.REGISTERED:
        return place
    if not has_room(meeting):
        raise PlaceRefused(_("There is no place left."))
    return _put(meeting, person, place, Status.REGISTERED, now)


@transaction.atomic
def decide_intake(
    *, cohort: Cohort, person_id: Any, welcome: bool, by: User, now: datetime
) -> GroupPlace | None:
    """Keep the outcome of an intake talk, by whom and when; nothing of the talk. Welcome goes on to a place or a turn.

    None where that person does not wait for a talk. Raises `PlaceRefused`, for who decides, where the group is put away.
    """
    cohort = lock(cohort)
    if cohort.archived_at is not None:
        raise PlaceRefused(_("This group is put away and takes nobody any more. Take it back first."))
    decidable = _places(cohort).filter(person=person_id, status__in=[Status.ASKED, Status.NOT_YET])
    place = decidable.first()
    if place is None:
        return None
    place.decided_at, place.decided_by = now, by
    place.save(update_fields=["decided_at", "decided_by"])
    if not welcome:
        _set(place, Status.NOT_YET, now)
    elif has_room(cohort):
        _set(place, Status.REGISTERED, now)
    else:
        _set(place, Status.WAITING, now, position=_next_position(cohort))
    return place


@transaction.atomic
def offer_places(*, host: Host, now: datetime) -> list[Place]:
    """Let offers run out that are past their time, and offer what is free to who waits. To whom, now."""
    host = lock(host)
    if isinstance(host, Meeting) and (host.cancelled_at or host.starts_at <= now):
        return []
    return _let_run_out(host, now) + _offer_free_places(host, now)


@transaction.atomic
def let_wait_again(*, cohort: Cohort, now: datetime) -> list[GroupPlace]:
    """Of a group that was put away: who has a place on offer waits again, before those who waited behind them. Who that is.

    What is past its time has run out. Nobody is offered anything until the group is taken back.
    """
    cohort = lock(cohort)
    _let_run_out(cohort, now)
    # An offer keeps no turn. Who had one stood before all who wait still, and was offered a place in turn.
    offered = list(_places(cohort).filter(status=Status.OFFERED).order_by("changed_at", "created_at", "pk"))
    waiting = _places(cohort).filter(status=Status.WAITING).order_by("-position")
    # From the last one on, so that no two have one turn.
    for place in waiting if offered else ():
        place.position += len(offered)
        place.save(update_fields=["position"])
    for turn, place in enumerate(offered, start=1):
        _set(place, Status.WAITING, now, position=turn)
    _hold(cohort)
    return offered


@transaction.atomic
def end_waiting(*, meeting: Meeting, now: datetime) -> list[Registration]:
    """Of a meeting that was called off: nobody waits for a place any more, or has one on offer. Who did.

    Who was in stays in: that is whose calendar says that it is off.
    """
    meeting = lock(meeting)
    awaited = list(_places(meeting).filter(status__in=[Status.WAITING, Status.OFFERED]))
    for place in awaited:
        _set(place, Status.CANCELLED, now)
    return awaited


def hosts_with_offers_due(now: datetime) -> list[Host]:
    """For the clock: whatever has an offer that may have run out, or somebody waiting. Two queries.

    A group that holds a place is among them even where nobody is left to have it: they were erased.
    """
    waits = Q(places__status__in=[Status.WAITING, Status.OFFERED])
    meetings = Meeting.objects.filter(waits, starts_at__gt=now, cancelled_at=None).distinct()
    cohorts = Cohort.objects.filter(waits | Q(held__gt=0), archived_at=None).distinct()
    return [*meetings, *cohorts]


def lock(host: Host) -> Any:
    """The host as it is now, locked until the transaction ends. A group's lock is its course's, which enrolling takes too."""
    if isinstance(host, Meeting):
        return Meeting.objects.select_for_update().get(pk=host.pk)
    Course.objects.select_for_update().get(pk=host.course_id)
    return Cohort.objects.select_related("course__programme").get(pk=host.pk)


def _places(host: Host) -> Any:
    return (Registration if isinstance(host, Meeting) else GroupPlace).objects.filter(**_whose(host))


def _whose(host: Host) -> dict[str, Host]:
    return {"meeting": host} if isinstance(host, Meeting) else {"cohort": host}


def _check_open(host: Host, now: datetime) -> None:
    if isinstance(host, Cohort):
        if host.archived_at is not None:
            raise PlaceRefused(_("This group takes nobody any more."))
        return
    if host.cancelled_at is not None:
        raise PlaceRefused(_("This meeting is cancelled."))
    if host.starts_at <= now:
        raise PlaceRefused(_("This meeting has begun already."))


def _check_not_there(meeting: Meeting, person: User) -> None:
    """Attendance is written under the same lock: nobody is both there and signed off."""
    there = Attendance.objects.current().filter(status__in=Attendance.THERE)
    if there.filter(meeting=meeting, person=person).exists():
        raise PlaceRefused(_("Whoever is there already cannot sign off any more."))


def _free(host: Host) -> int | None:
    """Places that nobody has and that are on offer to nobody; None without a limit."""
    if host.capacity is None:
        return None
    held = _places(host).filter(status=Status.OFFERED).count()
    if isinstance(host, Cohort):
        taken = host.enrolments.exclude(status=Enrolment.Status.WITHDRAWN).count()
    else:
        taken = _places(host).filter(status=Status.REGISTERED).count()
    return host.capacity - taken - held


def _is_inside(host: Host, person: User) -> bool:
    if not isinstance(host, Cohort):
        return False
    return host.enrolments.exclude(status=Enrolment.Status.WITHDRAWN).filter(learner=person).exists()


def _next_position(host: Host) -> int:
    last = _places(host).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _put(
    host: Host, person: User, place: Any, status: Place.Status, now: datetime, *, alias: str = ""
) -> Any:
    position = _next_position(host) if status == Status.WAITING else None
    if place is not None:
        return _set(place, status, now, position=position)
    model = Registration if isinstance(host, Meeting) else GroupPlace
    named = {"alias": alias or person.alias} if isinstance(host, Cohort) else {}
    return model.objects.create(
        **_whose(host),
        **named,
        person=person,
        status=status,
        position=position,
        created_at=now,
        changed_at=now,
    )


def _set(
    place: Any,
    status: Place.Status,
    now: datetime,
    *,
    position: int | None = None,
    ends: datetime | None = None,
) -> Any:
    place.status, place.position, place.offer_expires_at, place.changed_at = status, position, ends, now
    place.save(update_fields=["status", "position", "offer_expires_at", "changed_at"])
    return place


def _let_run_out(host: Host, now: datetime, answered: Place | None = None) -> list[Place]:
    late = list(_places(host).filter(status=Status.OFFERED, offer_expires_at__lte=now))
    for place in late:
        # The caller holds one of these rows: it reads there what became of it.
        _set(answered if answered is not None and answered.pk == place.pk else place, Status.EXPIRED, now)
    return _offer_free_places(host, now) if late else []


def _offer_free_places(host: Host, now: datetime) -> list[Place]:
    free = 0 if _is_closed(host, now) else _free(host)
    waiting = _places(host).filter(status=Status.WAITING).order_by("position")
    offered = []
    for place in waiting if free is None else waiting[: max(0, free)]:
        starts_at = host.starts_at if isinstance(host, Meeting) else None
        offered.append(_set(place, Status.OFFERED, now, ends=offer_ends(now, starts_at=starts_at)))
    _hold(host)
    return offered


def _is_closed(host: Host, now: datetime) -> bool:
    if isinstance(host, Cohort):
        return host.archived_at is not None
    return host.cancelled_at is not None or host.starts_at <= now


def _hold(host: Host) -> None:
    """A group's enrolling counts places on offer as taken, and knows no waiting list: it reads the number here."""
    if isinstance(host, Cohort):
        host.held = _places(host).filter(status=Status.OFFERED).count()
        host.save(update_fields=["held"])
