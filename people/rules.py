"""Who may do what, by name; and when somebody may be written to."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser

from people.models import Membership, Role, User

# Safe hours are the clock on the wall at home.
HOME = ZoneInfo("Europe/Amsterdam")


def has_role(user: User | AnonymousUser, role: Role) -> bool:
    """A role in any organisation. One query, asked once per request for each person."""
    if not user.is_authenticated or not user.is_active:
        return False
    if not hasattr(user, "_roles"):
        user._roles = frozenset(Membership.objects.filter(user=user).values_list("role", flat=True))
    return role in user._roles


def is_trainee(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.TRAINEE)


def is_trainer(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.TRAINER)


def is_coordinator(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.COORDINATOR)


def is_editor(user: User | AnonymousUser) -> bool:
    return has_role(user, Role.EDITOR)


def may_recover(coordinator: User | AnonymousUser, person: User, *, learns_here: bool = False) -> bool:
    """Whether `coordinator` may hand `person` a recovery code.

    The person belongs to what they coordinate, or learns there (`learns_here`: the caller knows, this floor knows no
    courses). Taking over an account must not be a way up: never for administrators, editors and other coordinators,
    and for a trainer only where all their work as a trainer is in what one coordinates.
    """
    if not is_coordinator(coordinator) or coordinator.pk == person.pk or not person.is_active:
        return False
    if person.is_superuser or person.is_staff or is_coordinator(person) or is_editor(person):
        return False
    theirs = Membership.objects.filter(user=person)
    coordinated = theirs.coordinated_by(coordinator)
    if theirs.filter(role=Role.TRAINER).exclude(pk__in=coordinated.values("pk")).exists():
        return False
    return learns_here or coordinated.exists()


def is_safe_hour(at: datetime, *, safe_from: time | None, safe_until: time | None) -> bool:
    """Whether a moment lies in the safe hours at home. No window, or one without length, means always."""
    if safe_from is None or safe_until is None or safe_from == safe_until:
        return True
    clock = at.astimezone(HOME).time()
    if safe_from < safe_until:
        return safe_from <= clock < safe_until
    return clock >= safe_from or clock < safe_until


def next_whole_hour(at: datetime) -> datetime:
    """When what nobody waits for leaves: whatever came in the same hour is then one mail instead of several."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return at if hour == at else hour + timedelta(hours=1)


def next_safe_moment(at: datetime, *, safe_from: time | None, safe_until: time | None) -> datetime:
    """`at` itself in safe hours, otherwise the next moment at which they begin (Europe/Amsterdam, aware).

    On the night the clock goes forward a window may not exist at all; then it is that of the next day.
    """
    if is_safe_hour(at, safe_from=safe_from, safe_until=safe_until):
        return at
    today = at.astimezone(HOME).date()
    for days in range(4):
        # Through UTC: an hour that the clock skips becomes the one after it.
        begins = datetime.combine(today + timedelta(days=days), safe_from, HOME).astimezone(ZoneInfo("UTC"))
        if begins > at and is_safe_hour(begins, safe_from=safe_from, safe_until=safe_until):
            return begins.astimezone(HOME)
    raise AssertionError("a window exists on at least one of four days")
