"""Groups as trainers and coordinators see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from courses.models import Cohort, Course, Enrolment, Session
from meetings.models import Attendance, GroupPlace, Invitation, KeepApart, Meeting
from people.models import Membership, Role, User

PLANNERS = (Role.TRAINER, Role.COORDINATOR)


def groups_in_care(user: Any) -> QuerySet[Cohort]:
    """Somebody's groups with how many are in; those that go on first, the latest to start on top."""
    inside = Count("enrolments", filter=~Q(enrolments__status=Enrolment.Status.WITHDRAWN), distinct=True)
    planned = Count("meetings", filter=Q(meetings__cancelled_at=None), distinct=True)
    return (
        Cohort.objects.in_care_of(user)
        .select_related("course__programme__organisation")
        .annotate(inside=inside, planned=planned)
        .order_by("-archived_at", "-starts_on", "name", "pk")
    )


def plannable_courses(user: Any) -> QuerySet[Course]:
    """The courses somebody may make a group for: of the organisations in which they train or coordinate."""
    works = Membership.objects.filter(
        user=user, role__in=PLANNERS, organisation=OuterRef("programme__organisation")
    )
    return (
        Course.objects.filter(Exists(works), archived_at=None).select_related("programme").order_by("title")
    )


def possible_trainers(user: Any) -> QuerySet[User]:
    """The trainers of the organisations in which somebody plans."""
    organisations = Membership.objects.filter(user=user, role__in=PLANNERS).values("organisation")
    trains = Membership.objects.filter(role=Role.TRAINER, organisation__in=organisations, user=OuterRef("pk"))
    return User.objects.filter(Exists(trains), is_active=True).order_by("alias", "pk")


def sessions_with_meeting(course: Course) -> QuerySet[Session]:
    """The sessions of a course that have a live meeting, in order."""
    return course.sessions.filter(archived_at=None).exclude(meeting="").order_by("position", "pk")


@dataclass(frozen=True)
class Group:
    """All that a group's page shows. Aliases only."""

    cohort: Cohort
    meetings: list[Meeting]
    members: list[Enrolment]
    asked: list[GroupPlace]
    waiting: list[GroupPlace]
    not_yet: list[GroupPlace]
    invited: int
    apart: list[tuple[KeepApart, str, str]]

    @property
    def free(self) -> int | None:
        if self.cohort.capacity is None:
            return None
        return max(0, self.cohort.capacity - len(self.members) - self.cohort.held)


def group(cohort: Cohort) -> Group:
    """A group with its people and meetings. Five queries."""
    members = list(
        cohort.enrolments.exclude(status=Enrolment.Status.WITHDRAWN)
        .select_related("learner")
        .order_by("alias", "pk")
    )
    places = list(GroupPlace.objects.filter(cohort=cohort).order_by("position", "created_at", "pk"))
    names = {member.learner_id: member.alias for member in members}
    status = GroupPlace.Status
    live = (status.ASKED, status.WAITING, status.OFFERED)
    names |= {place.person_id: place.alias for place in places if place.status in live}
    marks = KeepApart.objects.among(list(names)).filter(organisation=cohort.course.programme.organisation_id)
    return Group(
        cohort=cohort,
        meetings=list(cohort.meetings.select_related("session").order_by("starts_at", "pk")),
        members=members,
        asked=[place for place in places if place.status == status.ASKED],
        waiting=[place for place in places if place.status in {status.WAITING, status.OFFERED}],
        not_yet=[place for place in places if place.status == status.NOT_YET],
        invited=Invitation.objects.open().filter(cohort=cohort).count(),
        apart=[(mark, names[mark.one_id], names[mark.other_id]) for mark in marks],
    )


def still_to_come(cohort: Cohort, *, now: datetime) -> QuerySet[Meeting]:
    """The meetings of a group that have not begun, and to which nobody has come yet."""
    there = Attendance.objects.current().filter(meeting=OuterRef("pk"), status__in=Attendance.THERE)
    meetings = Meeting.objects.standing().filter(~Exists(there), cohort=cohort, starts_at__gt=now)
    return meetings.order_by("starts_at", "pk")


def apart_from_members(cohort: Cohort, person: Any) -> bool:
    """Whether somebody is marked to be kept apart from anybody in the group."""
    inside = cohort.enrolments.exclude(status=Enrolment.Status.WITHDRAWN).values("learner")
    marks = KeepApart.objects.filter(organisation=cohort.course.programme.organisation_id)
    return marks.filter(Q(one=person, other__in=inside) | Q(other=person, one__in=inside)).exists()
