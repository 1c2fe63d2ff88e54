"""What happens because time passed. The clock calls these each minute."""

from datetime import datetime, timedelta

from django.db import transaction

from meetings.flows.telling import tell_of_meeting, tell_of_offers
from meetings.models import Meeting
from meetings.queries.participants import people_of
from meetings.services.places import Host, hosts_with_offers_due, offer_places

# As many as one round of the clock takes; the next round takes the next ones.
ONE_ROUND = 200
LONGEST_REMINDER = timedelta(days=31)


def remind(*, now: datetime) -> int:
    """Remind who comes, once per meeting, from its own offset on. How many meetings."""
    soon = Meeting.objects.standing().filter(
        reminder_minutes__isnull=False,
        reminded_at=None,
        starts_at__gt=now,
        starts_at__lte=now + LONGEST_REMINDER,
        cohort__archived_at=None,
    )
    due = [
        meeting.pk
        for meeting in soon.order_by("starts_at").only("pk", "starts_at", "reminder_minutes")
        if meeting.starts_at - timedelta(minutes=meeting.reminder_minutes or 0) <= now
    ]
    return sum(_remind(pk, now) for pk in due[:ONE_ROUND])


@transaction.atomic
def _remind(pk: object, now: datetime) -> bool:
    meeting = Meeting.objects.select_for_update().get(pk=pk)
    if meeting.reminded_at or meeting.cancelled_at or meeting.starts_at <= now:
        return False
    tell_of_meeting(people_of(meeting), meeting, "reminder", now=now)
    Meeting.objects.filter(pk=pk).update(reminded_at=now)
    return True


def let_offers_run_out(*, now: datetime) -> int:
    """Offers past their time go to the next who waits, and so do places that came free by another way. How many offers."""
    return sum(_offer(host, now) for host in hosts_with_offers_due(now))


@transaction.atomic
def _offer(host: Host, now: datetime) -> int:
    offered = offer_places(host=host, now=now)
    tell_of_offers(offered, now=now)
    return len(offered)
