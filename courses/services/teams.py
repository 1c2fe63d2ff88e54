"""Who writes a course: the trainers of its groups, as far as they train for the organisation that offers it.

Each course has a group of accounts, its team. What a team may touch in the editor is the editor's business
(`cms.roles`). Never add people to a team by hand: assign them to a group that goes through the course.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F

from courses.models import Cohort, Course
from people.models import Role, User
from people.services.roles import TEAM

Team = User.groups.through


def team_of(course_key: uuid.UUID) -> Group:
    """The team of a course, by the key that the course has in every language; made when it is first needed."""
    return Group.objects.get_or_create(name=f"{TEAM}{course_key}")[0]


@transaction.atomic
def assign_trainers(*, cohort: Cohort, trainers: Iterable[User], now: datetime) -> None:
    """These people train a group, and nobody else does. They write its course from now on."""
    cohort.trainers.set(trainers)
    align_teams(now=now)


@transaction.atomic
def align_teams(*, now: datetime) -> int:
    """Bring all teams in line with who trains what; how many memberships that changed. Constant in rows.

    For the clock, too: a group that ended or a role that was given elsewhere needs no thought then.
    """
    del now  # the clock tells every job the time; this one does not need it
    wanted = {(f"{TEAM}{key}", trainer) for key, trainer in _who_trains_what()}
    held = set(Team.objects.filter(group__name__startswith=TEAM).values_list("group__name", "user_id"))
    missing, ended = wanted - held, held - wanted
    if not missing and not ended:
        return 0
    groups = {key: team_of(key) for key in Course.objects.values_list("key", flat=True)}
    by_name = {group.name: group for group in groups.values()}
    Team.objects.bulk_create(
        [Team(group=by_name[name], user_id=user) for name, user in missing], ignore_conflicts=True
    )
    for name, user in ended:
        Team.objects.filter(group__name=name, user_id=user).delete()
    return len(missing) + len(ended)


def _who_trains_what() -> Iterable[tuple[uuid.UUID, Any]]:
    trainers = Cohort.trainers.through.objects.filter(
        user__memberships__role=Role.TRAINER,
        user__memberships__organisation=F("cohort__course__programme__organisation"),
    )
    return trainers.values_list("cohort__course__key", "user_id").distinct()
