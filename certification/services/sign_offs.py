"""A trainer's word that somebody is ready."""

from datetime import datetime

from certification.models import SignOff
from courses.models import Enrolment
from people.models import User


def sign_off(*, enrolment: Enrolment, by: User, ready: bool, now: datetime) -> None:
    """Say it, or take it back. Saying it again changes nothing. An award that rests on it stays what it is."""
    if ready:
        SignOff.objects.get_or_create(enrolment=enrolment, defaults={"by": by, "at": now})
    else:
        SignOff.objects.filter(enrolment=enrolment).delete()
