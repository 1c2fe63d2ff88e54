"""Renewing a certificate by study points. By a course it is renewed by being awarded anew: `certification.services.awards`."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from certification.models import Award, Points
from certification.queries import scheme_of
from certification.queries.renewal import with_enough_points
from certification.rules import last_day, printable_name
from certification.services.awards import named, numbered, record_issue, signing

# What it says as the one before it did.
CARRIED = (
    *("scheme", "enrolment", "holder", "course_key", "course_version", "title", "discreet_title"),
    *("provider", "language", "name_visible"),
)


@transaction.atomic
def renew_by_points(*, award: Award, now: datetime) -> Award | None:
    """A new award in the line of one whose holder has the points. `None` where that is not so (any more).

    Its study time is that of the courses which brought them. It brings no points itself, and it keeps the name that the
    holder goes by now.
    """
    Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    today = timezone.localdate(now)
    scheme = scheme_of(award.scheme.course)
    old = with_enough_points(scheme, today).filter(pk=award.pk).first() if scheme.renewal_register else None
    if old is None:
        return None
    until = last_day(scheme, today, old)
    # A calendar date that was not moved on: a second paper with the same end would renew nothing.
    if until is not None and until <= old.valid_until:
        return None
    since = Points.objects.filter(
        award__holder=old.holder,
        award__status=Award.Status.VALID,
        register=scheme.renewal_register,
        earned_on__gt=old.completed_on,
    )
    new = Award.objects.create(
        way=Award.Way.POINTS,
        renews=old,
        paper=scheme.paper,
        neutral=scheme.neutral,
        requirements=[
            {
                "kind": "points",
                "settings": {
                    "register": scheme.renewal_register.name,
                    "points": str(scheme.renewal_points),
                },
                "found": {"points": str(old.points_since)},
            }
        ],
        net_minutes=since.aggregate(sum=Sum("minutes"))["sum"] or 0,
        signatories=signing(scheme.signatories.all()),
        started_on=min(old.completed_on + timedelta(days=1), today),
        completed_on=today,
        issued_at=now,
        valid_until=until,
        **{field: getattr(old, field) for field in CARRIED},
        **named(printable_name(old.holder.legal_name) or old.holder_name),
        **numbered(organisation_id=old.organisation_id, now=now),
    )
    record_issue(award=new, now=now)
    return new
