"""Who would get a certificate by a scheme as it is, and by the same scheme as it might become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.models import Award, Scheme
from certification.queries.evidence import evidence_of
from certification.queries.standing import Standing, awards_given
from certification.requirements import Evidence, judge
from courses.models import Enrolment


class Prospect(models.TextChoices):
    """What comes of it for one learner."""

    HAS = "has", _("has it, and keeps it")
    WITHDRAWN = "withdrawn", _("had it; it was withdrawn")
    COMES = "comes", _("gets it")
    AFTER_YES = "after_yes", _("gets it after a coordinator has said yes")
    AFTER_NAME = "after_name", _("gets it after filling in a full name")
    MISSES = "misses", _("does not get it yet")
    UNCHECKED = "unchecked", _("does not get it: nothing of it was seen by a test or a trainer")
    OVER = "over", _("does not get it: the last day of this certificate has passed")


GETS_IT = frozenset({Prospect.COMES, Prospect.AFTER_YES, Prospect.AFTER_NAME})


@dataclass(frozen=True)
class Outlook:
    """What comes of one scheme for one learner, and what is missing in sentences."""

    prospect: Prospect
    missing: tuple[str, ...]

    @property
    def gets_it(self) -> bool:
        return self.prospect in GETS_IT


@dataclass(frozen=True)
class Comparison:
    """One learner before and after a change. `after` is `None` where nothing is being changed."""

    enrolment: Enrolment
    before: Outlook
    after: Outlook | None

    @property
    def differs(self) -> bool:
        return self.after is not None and self.after != self.before

    @property
    def tips(self) -> bool:
        """Whether somebody gets it is what differs, and not only what is missing on the way."""
        return self.after is not None and self.after.gets_it is not self.before.gets_it


def compare(
    enrolments: Sequence[Enrolment], *, stored: Scheme, changed: Scheme | None, today: date
) -> list[Comparison]:
    """How learners of one course fare by its scheme and by `changed`, which is nowhere saved. Who differs comes first.

    Otherwise in the order given. Awards, and the queries of `evidence_of`: a fixed number, once for both. The enrolments
    come with their learner.
    """
    awards = awards_given(enrolments)
    known = evidence_of(enrolments)

    def outlook(enrolment: Enrolment, scheme: Scheme) -> Outlook:
        return _outlook(enrolment, scheme, known[enrolment.pk], awards.get(enrolment.pk), today)

    found = [
        Comparison(
            enrolment,
            outlook(enrolment, stored),
            outlook(enrolment, changed) if changed is not None else None,
        )
        for enrolment in enrolments
    ]
    return sorted(found, key=lambda each: (not each.tips, not each.differs))


def _outlook(
    enrolment: Enrolment, scheme: Scheme, evidence: Evidence, award: Award | None, today: date
) -> Outlook:
    if award is not None:
        # Whatever is asked from now on: no award is taken away by it, and none that was withdrawn comes back.
        revoked = award.status == Award.Status.REVOKED
        return Outlook(Prospect.WITHDRAWN if revoked else Prospect.HAS, ())
    standing = Standing(enrolment, scheme, judge(scheme.requirements, evidence), None)
    return Outlook(
        _prospect(standing, is_over=scheme.is_over(today)), tuple(each.sentence for each in standing.missing)
    )


def _prospect(standing: Standing, *, is_over: bool) -> Prospect:
    if is_over:
        return Prospect.OVER
    if standing.missing:
        return Prospect.MISSES
    if standing.lacks_check:
        return Prospect.UNCHECKED
    if standing.lacks_name:
        return Prospect.AFTER_NAME
    return Prospect.AFTER_YES if standing.waits_for_yes else Prospect.COMES
