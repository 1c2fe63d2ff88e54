"""Certificates that end: which ones, how soon, and by what they are renewed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from certification.models import Award, Points, Register, Scheme
from courses.models import Course, Enrolment
from people.models import User

# Days before the end on which the holder is told.
REMINDERS = (90, 30, 7)
# Somebody's whole working life, renewed every year.
LONGEST_LINE = 60


@dataclass(frozen=True)
class ByPoints:
    """So many points in a register renew it; so many were earned since."""

    register: Register
    needed: Decimal
    earned: Decimal

    @property
    def missing(self) -> Decimal:
        return max(self.needed - self.earned, Decimal(0))


@dataclass(frozen=True)
class Renewal:
    """How a certificate that ends is renewed: from which day, and by what. Courses that are not on offer are left out."""

    opens_on: date
    is_open: bool
    course: Course | None
    refresher: Course | None
    # Only before it ends: afterwards points renew nothing.
    points: ByPoints | None
    # The one of both courses that the holder is doing now.
    under_way: Course | None = None

    @property
    def has_a_way(self) -> bool:
        return any((self.course, self.refresher, self.points))


@dataclass(frozen=True)
class Held:
    """A certificate in the hands of its holder: what renewed it, or else how it can be renewed (`None`: not at all)."""

    award: Award
    renewed_by: Award | None
    renewal: Renewal | None


def ending(today: date) -> QuerySet[Award]:
    """Certificates that count today, end within the first reminder's days, and are not renewed. One query."""
    soon = (
        Award.objects.current()
        .counting_on(today)
        .filter(holder__isnull=False, valid_until__lte=today + timedelta(days=REMINDERS[0]))
    )
    return not_renewed(soon, today=today).select_related("holder").order_by("valid_until", "pk")


def not_renewed(awards: QuerySet[Award], *, today: date) -> QuerySet[Award]:
    """Those that nothing which counts today renews."""
    return awards.filter(~Exists(_renewals().counting_on(today)))


def reminder_due(valid_until: date, today: date) -> int | None:
    """Which reminder it is time for: the last whose day has come. `None` before the first and after the end."""
    left = (valid_until - today).days
    return min((days for days in REMINDERS if 0 <= left <= days), default=None)


def renewable_by(*, holder: User, course: Course, today: date) -> Award | None:
    """The certificate that finishing this course today renews: the last of the same course, or of one it refreshes.

    `None` before its renewal opens, and where another one renewed it. One query.
    """
    mine = Award.objects.current().filter(_renewed_by(course), holder=holder).select_related("scheme")
    return _first_renewable(mine.order_by("-issued_at", "-pk"), today)


def given_and_renewable(enrolment: Enrolment, *, today: date) -> tuple[Award | None, Award | None]:
    """The certificate of an enrolment, with its document, and the one that finishing its course renews. One query.

    Only where the first is `None` the second says something.
    """
    mine = (
        Award.objects.current()
        .filter(Q(enrolment=enrolment) | _renewed_by(enrolment.course), holder=enrolment.learner_id)
        .select_related("scheme", "document")
        .order_by("-issued_at", "-pk")
    )
    given = next((award for award in mine if award.enrolment_id == enrolment.pk), None)
    return given, _first_renewable(mine, today)


def _renewed_by(course: Course) -> Q:
    """Certificates that count, of a course or of one that it refreshes, and that nothing renewed."""
    return Q(
        Q(course_key=course.key) | Q(scheme__refresher=course),
        ~Exists(_renewals().filter(status=Award.Status.VALID)),
        status=Award.Status.VALID,
    )


def _first_renewable(awards: Iterable[Award], today: date) -> Award | None:
    return next((award for award in awards if award.is_renewable_on(today)), None)


def may_begin_again(enrolment: Enrolment, *, today: date) -> bool:
    """Whether a learner may do a course once more, to renew what they hold: one that they completed, or have the
    certificate of. It need not have asked for every lesson.
    """
    active = enrolment.status == Enrolment.Status.ACTIVE
    has_certificate = active and Award.objects.current().filter(enrolment=enrolment).exists()
    if enrolment.status != Enrolment.Status.COMPLETED and not has_certificate:
        return False
    return renewable_by(holder=enrolment.learner, course=enrolment.course, today=today) is not None


def renewable_by_points(today: date) -> list[Award]:
    """Certificates that count, whose renewal is open, and whose holders have the points. One query, and one per scheme."""
    schemes = Scheme.objects.filter(renewal_register__isnull=False).order_by("pk")
    return [award for scheme in schemes for award in with_enough_points(scheme, today)]


def with_enough_points(scheme: Scheme, today: date) -> QuerySet[Award]:
    """Those of one scheme. Once each: a renewal by points that was withdrawn is not made anew by itself. One query."""
    by_points, counting = Q(way=Award.Way.POINTS), Q(status=Award.Status.VALID)
    return with_points(
        Award.objects.current()
        .counting_on(today)
        .filter(
            ~Exists(_renewals().filter(by_points | counting)),
            scheme=scheme,
            holder__isnull=False,
            valid_until__lte=today + timedelta(days=scheme.renewal_days),
        )
        .select_related("holder")
        .order_by("pk")
    ).filter(points_since__gte=scheme.renewal_points)


def with_points(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Awards with `points_since`: what their holder earned since, with other courses, in the register that renews them."""
    earned = (
        Points.objects.filter(
            register=OuterRef("scheme__renewal_register"),
            award__holder=OuterRef("holder"),
            award__status=Award.Status.VALID,
            earned_on__gt=OuterRef("completed_on"),
        )
        .order_by()
        .values("register")
        .annotate(sum=Sum("points"))
    )
    number = DecimalField(max_digits=8, decimal_places=1)
    return awards.annotate(
        points_since=Coalesce(Subquery(earned.values("sum")), Value(Decimal(0)), output_field=number)
    )


def held(awards: QuerySet[Award], *, today: date) -> list[Held]:
    """Awards as their holder sees them. One query beside those of `awards`, however many there are."""
    ready = list(
        with_points(awards)
        .annotate(running=Subquery(_running().values("course")[:1]))
        .select_related("scheme__course", "scheme__refresher", "scheme__renewal_register", "replaces")
    )
    theirs = Award.objects.filter(holder__in={award.holder_id for award in ready}).order_by("issued_at", "pk")
    papers = {paper.pk: paper for paper in theirs}
    successors = {paper.replaces_id: paper.pk for paper in theirs if paper.replaces_id}
    renewed: dict[int, list[Award]] = defaultdict(list)
    for paper in papers.values():
        if paper.renews_id is not None and paper.replaced_at is None:
            renewed[_last_of(paper.renews_id, successors)].append(paper)
    return [_held(award, renewed[award.pk], today) for award in ready]


def _last_of(paper: int, successors: Mapping[int, int]) -> int:
    while paper in successors:
        paper = successors[paper]
    return paper


def line_of(award: Award) -> list[Award]:
    """The certificates that renew one another, this one among them, the oldest first. A query per link.

    Of corrected ones the last paper stands in it.
    """
    line, oldest, latest = [award], award, award
    while oldest.renews is not None and len(line) < LONGEST_LINE:
        oldest = _last_paper(oldest.renews)
        line.insert(0, oldest)
    while (later := renewals_of(latest)) and len(line) < LONGEST_LINE:
        latest = next((each for each in later if each.status == Award.Status.VALID), later[-1])
        line.append(latest)
    return line


def _last_paper(award: Award) -> Award:
    while award.replaced_at is not None:
        award = award.replaced_by
    return award


def renewals_of(award: Award) -> list[Award]:
    """What renewed an award, or one that it corrects, in order of issue. One query, and one per correction."""
    papers = [award]
    while papers[-1].replaces is not None:
        papers.append(papers[-1].replaces)
    return list(Award.objects.current().filter(renews__in=papers).order_by("issued_at", "pk"))


def _held(award: Award, later: Iterable[Award], today: date) -> Held:
    counting = next((each for each in later if each.status == Award.Status.VALID), None)
    opens_on = award.renewal_opens_on
    if counting is not None or opens_on is None:
        return Held(award, counting, None)
    scheme = award.scheme
    by_points = (
        ByPoints(scheme.renewal_register, scheme.renewal_points, award.points_since)
        if scheme.renewal_register and award.valid_until >= today
        else None
    )
    courses = _on_offer(scheme.course), _on_offer(scheme.refresher)
    is_open = opens_on <= today
    running = (course for course in courses if is_open and course and course.pk == award.running)
    renewal = Renewal(opens_on, is_open, *courses, by_points, next(running, None))
    return Held(award, None, renewal if renewal.has_a_way else None)


def _on_offer(course: Course | None) -> Course | None:
    return course if course is not None and course.archived_at is None else None


def _running() -> QuerySet[Enrolment]:
    """The courses by which the holder of the award outside is renewing it, the last begun first: for `Subquery`."""
    return (
        Enrolment.objects.in_use()
        .filter(
            Q(course=OuterRef("scheme__course")) | Q(course=OuterRef("scheme__refresher")),
            learner=OuterRef("holder"),
            status=Enrolment.Status.ACTIVE,
            closed_at=None,
            awards=None,
        )
        .order_by("-started_at", "-pk")
    )


def _renewals() -> QuerySet[Award]:
    """The awards that renew the one outside, or one that it corrects: for `Exists`. The one outside has a holder.

    Papers that correct one another share their enrolment and way; those by points also what they renew, for the
    enrolment stays that of the course.
    """
    same = Q(renews__enrolment=OuterRef("enrolment"), renews__way=OuterRef("way"))
    by_course, by_points = Q(renews__way=Award.Way.COURSE), Q(renews__renews=OuterRef("renews"))
    return Award.objects.current().filter(Q(renews=OuterRef("pk")) | same & (by_course | by_points))
