"""What a group chose in practised conversations. Numbers only, and none where they would point at somebody."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise

from courses.activities.dialogue import KIND
from courses.activities.miti import CODES
from courses.models import Activity, Attempt, Enrolment
from courses.queries.syllabus import source_versions
from people.models import User

FEWEST_LEARNERS = 5  # with fewer in a scene its numbers stay hidden


@dataclass(frozen=True)
class TakenChoice:
    """A sentence and how many learners said it; `None` while that is hidden."""

    text: str
    codes: tuple[str | Promise, ...]
    learners: int | None


@dataclass(frozen=True)
class TakenScene:
    """A scene with its sentences. `learners`: how many answered here; `None` while that is hidden."""

    name: str
    says: str
    choices: tuple[TakenChoice, ...]
    learners: int | None


def talks_of(trainer: User) -> QuerySet[Activity]:
    """The conversations in the courses of a trainer's groups, also those that were taken out since."""
    return (
        Activity.objects.filter(kind=KIND, lesson__session__course__cohorts__trainers=trainer)
        .select_related("lesson__session__course")
        .order_by(
            "lesson__session__course", "lesson__session__position", "lesson__position", "position", "pk"
        )
        .distinct()
    )


def choices_taken(*, activity: Activity, trainer: User) -> list[TakenScene]:
    """Per scene of the newest wording, how many learners of the trainer's groups said each sentence. Two queries.

    Of each learner one conversation counts: the last that came to an end, or the last one. Sentences that were said
    twice count once, and those that are no longer there do not count.
    """
    version = source_versions(Activity.objects.filter(pk=activity.pk)).first()
    if version is None:
        return []
    said = Counter[str]()
    met = Counter[str]()
    scene_of = {
        choice["key"]: scene["key"]
        for scene in version.specification["scenes"]
        for choice in scene["choices"]
    }
    for path in _paths(activity, trainer):
        known = scene_of.keys() & set(path)
        said.update(known)
        met.update({scene_of[key] for key in known})
    return [_taken(scene, said, met[scene["key"]]) for scene in version.specification["scenes"]]


def _paths(activity: Activity, trainer: User) -> list[list[str]]:
    course = activity.lesson.session.course_id
    talks = Attempt.objects.filter(enrolment=OuterRef("pk"), activity=activity)
    newest = talks.order_by("-passed", "-received_at", "-pk").values("pk")[:1]
    learners = Enrolment.objects.in_care_of(trainer).filter(cohort__trainers=trainer, course=course)
    attempts = Attempt.objects.filter(pk__in=learners.annotate(talk=Subquery(newest)).values("talk"))
    return [response["path"] for response in attempts.order_by().values_list("response", flat=True)]


def _taken(scene: dict, said: Counter[str], learners: int) -> TakenScene:
    shown = learners >= FEWEST_LEARNERS
    return TakenScene(
        name=scene["name"],
        says=scene["says"][-1]["text"],
        choices=tuple(
            TakenChoice(
                text=choice["text"],
                codes=tuple(CODES[code] for code in choice["codes"]),
                learners=said[choice["key"]] if shown else None,
            )
            for choice in scene["choices"]
        ),
        learners=learners if shown else None,
    )
