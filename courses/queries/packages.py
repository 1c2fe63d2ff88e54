"""Packages in lessons: which wording somebody plays, and what they did in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from courses.activities import h5p
from courses.activities.alternative import is_chosen
from courses.activities.contract import Specification
from courses.activities.statements import Interaction, interaction_of
from courses.models import (
    Activity,
    ActivityState,
    ActivityVersion,
    Attempt,
    Enrolment,
    ResumePoint,
    Statement,
)
from courses.queries.access import open_enrolments
from courses.queries.syllabus import newest_versions, source_versions
from people.models import User


def played_by(*, activity_id: int, learner: User) -> tuple[Activity, Enrolment] | None:
    """A package in a lesson that is taught now, with the learner's enrolment in its course. Two queries."""
    activity = (
        Activity.objects.select_related("lesson__session")
        .filter(
            pk=activity_id,
            kind=h5p.KIND,
            retired_at=None,
            lesson__archived_at=None,
            lesson__session__archived_at=None,
        )
        .first()
    )
    if activity is None:
        return None
    enrolment = open_enrolments(learner).filter(course=activity.lesson.session.course_id).first()
    return (activity, enrolment) if enrolment else None


def version_to_play(*, activity: Activity, enrolment: Enrolment, language: str) -> ActivityVersion | None:
    """The newest wording in a language; for who is under way in another version of the package, the one they began.

    Under way is who has begun and is not done. Four queries at most.
    """
    of_this = Activity.objects.filter(pk=activity.pk)
    newest = _played(newest_versions(of_this, language)).first() or _played(source_versions(of_this)).first()
    if newest is None or _is_done(activity, enrolment):
        return newest
    begun = _begun(activity, enrolment)
    return newest if begun is None or begun.package_version_id == newest.package_version_id else begun


def _played(versions: QuerySet[ActivityVersion]) -> QuerySet[ActivityVersion]:
    return versions.select_related("package_version__main_library", "package_version__package")


def _is_done(activity: Activity, enrolment: Enrolment) -> bool:
    return ActivityState.objects.filter(
        enrolment=enrolment, activity=activity, status=ActivityState.Status.DONE
    ).exists()


def _begun(activity: Activity, enrolment: Enrolment) -> ActivityVersion | None:
    """The newest wording that a learner has left something in: an answer, a place, a report."""
    left = [
        Exists(model.objects.filter(enrolment=enrolment, version=OuterRef("pk")))
        for model in (Attempt, ResumePoint, Statement)
    ]
    used = ActivityVersion.objects.filter(left[0] | left[1] | left[2], activity=activity)
    return _played(used).order_by("-published_at", "-pk").first()


# --- Reading, for who teaches with them ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Played:
    """How one learner stands with a package: the attempt that counts by the policy, how many there were, and whether it is done."""

    enrolment: Enrolment
    counted: Attempt | None
    tries: int
    done: bool


@dataclass(frozen=True)
class NamedPackage:
    """A package in a lesson under a name that no other in that lesson has."""

    activity: Activity
    name: str


@dataclass(frozen=True)
class ReadAttempt:
    """An attempt with the answers that the package reported on the way to it. `attempt` is `None` for what is not finished."""

    attempt: Attempt | None
    interactions: Sequence[Interaction] = field(default_factory=list)

    @property
    def chose_alternative(self) -> bool:
        return self.attempt is not None and is_chosen(self.attempt.response)


def packages_of(enrolments: QuerySet[Enrolment]) -> QuerySet[Activity]:
    """The packages in the courses of these enrolments, in the order of reading, each with its `package_title`."""
    newest = ActivityVersion.objects.filter(
        activity=OuterRef("pk"), locale=OuterRef("lesson__source_locale")
    ).order_by("-number")
    return (
        Activity.objects.filter(
            kind=h5p.KIND, retired_at=None, lesson__session__course__in=enrolments.values("course")
        )
        .annotate(package_title=Subquery(newest.values("package_version__package__title")[:1]))
        .select_related("lesson__session__course")
        .order_by("lesson__session__course", "lesson__session__position", "lesson__position", "position")
    )


def named(packages: Iterable[Activity]) -> list[NamedPackage]:
    """These of `packages_of`, named: the title, with a number where several in a lesson have the same one."""
    packages = list(packages)
    total = Counter((each.lesson_id, each.package_title) for each in packages)
    number: Counter[tuple[int, str]] = Counter()
    found = []
    for each in packages:
        key = each.lesson_id, each.package_title
        number[key] += 1
        name = each.package_title if total[key] == 1 else f"{each.package_title} ({number[key]})"
        found.append(NamedPackage(each, name))
    return found


def played(*, activity: Activity, enrolments: QuerySet[Enrolment]) -> list[Played]:
    """Everybody among these who did something with a package, by name in the group. Three queries, however many."""
    attempts: dict[object, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(activity=activity, enrolment__in=enrolments).select_related(
        "version"
    ):
        attempts[attempt.enrolment_id].append(attempt)
    done = set(
        ActivityState.objects.filter(
            activity=activity, enrolment__in=enrolments, status=ActivityState.Status.DONE
        ).values_list("enrolment_id", flat=True)
    )
    begun = Exists(Statement.objects.filter(enrolment=OuterRef("pk"), activity=activity)) | Exists(
        Attempt.objects.filter(enrolment=OuterRef("pk"), activity=activity)
    )
    return [
        Played(enrolment, counted(attempts[enrolment.pk]), len(attempts[enrolment.pk]), enrolment.pk in done)
        for enrolment in enrolments.filter(begun).order_by("alias", "pk")
    ]


def rules_of(activity: Activity) -> Specification:
    """When a package is done and which try is read first, as it is taught now. One query."""
    return source_versions(Activity.objects.filter(pk=activity.pk))[0].specification


def counted(attempts: Sequence[Attempt]) -> Attempt | None:
    """The attempt that trainers read first, by the policy of the last one's wording; `attempts` oldest first."""
    scored = [attempt for attempt in attempts if not is_chosen(attempt.response)]
    if not scored:
        return None
    policy = scored[-1].version.specification["policy"]
    if policy == h5p.BEST:
        return max(scored, key=lambda attempt: attempt.score)  # of equal ones the first
    return scored[0] if policy == h5p.FIRST else scored[-1]


def attempts_read(*, activity: Activity, enrolment: Enrolment) -> list[ReadAttempt]:
    """A learner's attempts, the latest first, each with what was answered. Two queries.

    A part that was answered more than once on the way counts as it was answered last.
    """
    attempts = list(
        Attempt.objects.filter(enrolment=enrolment, activity=activity)
        .select_related("version")
        .order_by("pk")
    )
    answers: dict[int, list[Interaction]] = {}
    open_parts: dict[tuple[str, str], Interaction] = {}
    for statement in Statement.objects.filter(enrolment=enrolment, activity=activity).order_by("pk"):
        if interaction := interaction_of(statement.content):
            open_parts[statement.part, interaction.question if statement.part == "?" else ""] = interaction
        if statement.attempt_id is not None:
            answers[statement.attempt_id] = list(open_parts.values())
            open_parts = {}
    read = [ReadAttempt(attempt, answers.get(attempt.pk, [])) for attempt in reversed(attempts)]
    return [ReadAttempt(None, list(open_parts.values())), *read] if open_parts else read


def statements_of(enrolments: QuerySet[Enrolment]) -> Iterator[Statement]:
    """All that packages reported of these learners, in order, with the activity. One query."""
    return (
        Statement.objects.filter(enrolment__in=enrolments)
        .select_related("activity__lesson", "version")
        .order_by("pk")
        .iterator(chunk_size=500)
    )
