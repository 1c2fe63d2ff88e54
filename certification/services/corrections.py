"""What is done to an award afterwards: withdrawn, or replaced by a corrected one. Nothing is edited, nothing deleted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from certification.letters import letter_without_type
from certification.models import Award, AwardEvent, Document, Points
from certification.queries.history import latest_of
from certification.rules import printable_name
from certification.services.awards import award_if_earned, named, note, numbered
from courses.models import Enrolment
from people.models import User

# What a corrected paper says as the old one did.
CARRIED = (
    *(
        "scheme",
        "paper",
        "way",
        "enrolment",
        "holder",
        "course_key",
        "course_version",
        "title",
        "discreet_title",
    ),
    *("neutral", "provider", "net_minutes", "hours_label", "attended_minutes", "started_on", "completed_on"),
    *("language", "evidence", "requirements", "accreditations", "signatories", "valid_until", "renews"),
    "name_visible",
)
CARRIED_POINTS = (
    *(
        "register_id",
        "accreditation_id",
        "accreditation_number",
        "category",
        "points",
        "minutes",
        "earned_on",
    ),
)


class CorrectionRefused(Exception):
    """This cannot be done to the award. The message is for who asked."""


class Overtaken(CorrectionRefused):
    """Somebody was first: another paper is there already. `standing` is the last of them, for who asked to go on with."""

    def __init__(self, message: str, standing: Award) -> None:
        super().__init__(message)
        self.standing = standing


def refuse_overtaken(award: Award) -> None:
    """Raises `Overtaken` where another award took the place of this one."""
    if award.replaced_at is None:
        return
    if award.status == Award.Status.REVOKED:
        message = _("Nothing was changed: a new certificate had been given in its place already. Here it is.")
    else:
        message = _(
            "Nothing was changed: this certificate had been replaced already. Here is the one that took its place."
        )
    raise Overtaken(message, latest_of(award))


def refuse_irreplaceable(award: Award) -> None:
    """Raises `CorrectionRefused` where no paper can take the place of this one: somebody was first, or it does not count."""
    refuse_overtaken(award)
    if award.erased_at:
        raise CorrectionRefused(_("Nothing was changed: the holder of this certificate is gone."))
    if award.status == Award.Status.REVOKED:
        raise CorrectionRefused(_("A withdrawn certificate is not replaced. Give a new one instead."))


@transaction.atomic
def revoke_award(*, award: Award, now: datetime, by: User | None = None, reason: str = "") -> Award:
    """From now on it does not count. Revoking again changes nothing; there is no way back, only a new award.

    Raises `Overtaken` where it was replaced: what counts is the one that took its place.
    """
    if Award.objects.filter(pk=award.pk, status=Award.Status.VALID).update(
        status=Award.Status.REVOKED, revoked_at=now
    ):
        note(award=award, kind=AwardEvent.Kind.REVOKED, now=now, by=by, reason=reason)
    award.refresh_from_db(fields=["status", "revoked_at", "replaced_at"])
    if award.status == Award.Status.REPLACED:
        refuse_overtaken(award)
    return award


@transaction.atomic
def replace_award(*, award: Award, name: str, now: datetime, by: User, reason: str) -> Award:
    """A new paper in place of one with a mistake in its name: new numbers, the rest as it was. The old one leads to it.

    Raises `CorrectionRefused` for a name that cannot be printed, for one that was withdrawn (the new paper would count),
    and where the holder is gone; `Overtaken` where somebody else was first.
    """
    old = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    refuse_irreplaceable(old)
    printed = printable_name(name)
    if not printed:
        raise CorrectionRefused(
            _("These signs cannot be printed on a certificate. Write the name in letters.")
        )
    if letter := letter_without_type(printed):
        raise CorrectionRefused(
            _(
                "We cannot print the sign “%(letter)s” on a certificate: our typefaces lack it. Write the name as in a passport."
            )
            % {"letter": letter}
        )
    old.replaced_at, old.status = now, Award.Status.REPLACED
    old.save(update_fields=["status", "replaced_at"])
    new = Award.objects.create(
        replaces=old,
        issued_at=now,
        **{field: getattr(old, field) for field in CARRIED},
        **named(printed),
        **numbered(organisation_id=old.organisation_id, now=now),
    )
    Points.objects.bulk_create(
        Points(award=new, **{field: getattr(each, field) for field in CARRIED_POINTS})
        for each in old.points.all()
    )
    Document.objects.create(award=new, due_at=now)
    note(award=old, kind=AwardEvent.Kind.REPLACED, now=now, by=by, reason=reason)
    note(award=new, kind=AwardEvent.Kind.ISSUED, now=now, by=by)
    return new


@transaction.atomic
def give_anew(*, award: Award, enrolment: Enrolment, by: User, now: datetime) -> Award:
    """A new award in place of a withdrawn one, by what the course asks today and under somebody's yes.

    The old one stays withdrawn and leads to it. The caller holds the lock on the enrolment. Raises `CorrectionRefused`
    where it is not earned and where it was not withdrawn, `Overtaken` where there is another one already.
    """
    taken = Award.objects.filter(
        pk=award.pk, enrolment=enrolment, status=Award.Status.REVOKED, replaced_at=None, way=Award.Way.COURSE
    ).update(replaced_at=now)
    if not taken:
        award.refresh_from_db(fields=["status", "replaced_at"])
        refuse_overtaken(award)
    new = award_if_earned(enrolment=enrolment, now=now, confirmed_by=by) if taken else None
    if new is None:
        raise CorrectionRefused(_("Not given: something is missing still, or the name is."))
    # One that is there already, such as one by study points, is no new one.
    if new.issued_at != now:
        raise Overtaken(_("Not given: there is another certificate of this course. Here it is."), new)
    new.replaces = award
    new.save(update_fields=["replaces"])
    note(award=award, kind=AwardEvent.Kind.REPLACED, now=now, by=by)
    return new
