"""Giving and taking roles: the membership and the group of the same name stay in step."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from people.models import Membership, Organisation, Role, User

# How the groups begin that trainers are in for what they train; floors above fill them.
TEAM = "team "


@transaction.atomic
def grant_role(
    *, user: User, role: Role | str, organisation: Organisation, now: datetime, region: str = ""
) -> Membership:
    """Give somebody a role in an organisation (empty `region`: all of it). Giving it twice changes nothing.

    The group `role` carries the permissions in the editor; it is made here when it is first needed, without any.
    `ValueError` for a role that does not exist.
    """
    membership, _created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        role=Role(role),
        region=region.strip(),
        defaults={"granted_at": now},
    )
    group, _made = Group.objects.get_or_create(name=Role(role).value)
    user.groups.add(group)
    user.__dict__.pop("_roles", None)  # what people.rules remembered
    return membership


@transaction.atomic
def revoke_role(*, membership: Membership) -> None:
    """Take a role back. The group goes with the last membership of that role.

    A trainer leaves all teams at once; those they still belong to take them back when teams are brought in line.
    """
    user, role = membership.user, membership.role
    membership.delete()
    if role == Role.TRAINER:
        user.groups.remove(*Group.objects.filter(name__startswith=TEAM))
    if not Membership.objects.filter(user=user, role=role).exists():
        user.groups.remove(*Group.objects.filter(name=role))
    user.__dict__.pop("_roles", None)
