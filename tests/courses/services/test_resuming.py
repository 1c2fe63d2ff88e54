"""The place where somebody stopped: the later one counts, and nothing else is believed."""

import itertools
from datetime import timedelta

import pytest

from courses.models import ResumePoint
from courses.queries.places import places_in
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from courses.services.resuming import LONGEST, NoPlace, PlaceConflict, keep_place
from courses.services.retention import close_old_records
from people.services.privacy import export_person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(enrolment, course, now):
    def keep(data, revision, *, at=now, part="", activity=course.button, of=enrolment):
        keep_place(
            enrolment=of,
            activity=activity,
            version=activity.versions.get(),
            part=part,
            data=data,
            revision=revision,
            now=at,
        )

    return keep


def kept():
    return [(each.part, each.state, each.revision) for each in ResumePoint.objects.order_by("part")]


def test_a_later_place_takes_the_place_of_an_earlier_one(keep, now):
    keep({"second": 3}, 1)
    keep({"second": 9}, 4, at=now + timedelta(seconds=6))
    assert kept() == [("", {"second": 9}, 4)]
    assert ResumePoint.objects.get().saved_at == now + timedelta(seconds=6)


@pytest.mark.parametrize("revision", [1, 3, 4])
def test_a_tab_that_lags_behind_is_told_what_is_kept(keep, revision):
    keep({"second": 9}, 4)
    with pytest.raises(PlaceConflict) as refused:
        keep({"second": 1}, revision)
    assert (refused.value.stored.state, refused.value.stored.revision) == ({"second": 9}, 4)
    assert kept() == [("", {"second": 9}, 4)]


def test_parts_activities_and_learners_have_places_of_their_own(keep, course, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    keep(1, 1)
    keep(2, 1, part="deel-2")
    keep(3, 1, activity=course.question)
    keep(4, 1, of=other)
    mine = places_in(enrolment=ResumePoint.objects.first().enrolment, lesson_id=course.lesson.pk)
    assert {
        activity: {part: place.state for part, place in parts.items()} for activity, parts in mine.items()
    } == {
        course.button.pk: {"": 1, "deel-2": 2},
        course.question.pk: {"": 3},
    }


def test_one_statement_keeps_a_later_place_and_one_query_reads_a_lesson(
    keep, course, enrolment, django_assert_num_queries
):
    for part in ("", "a", "b"):
        keep(1, 1, part=part)
    version = course.button.versions.get()
    with django_assert_num_queries(1):
        keep_place(
            enrolment=enrolment,
            activity=course.button,
            version=version,
            data=2,
            revision=2,
            now=enrolment.started_at,
        )
    with django_assert_num_queries(1):
        assert len(places_in(enrolment=enrolment, lesson_id=course.lesson.pk)[course.button.pk]) == 3


@pytest.mark.parametrize("text", ["\x00", "\ud800", "é ☂", '"', "<script>"])
def test_any_text_of_a_browser_can_be_kept(keep, text):
    keep({"typed": text}, 1)
    assert kept() == [("", {"typed": text}, 1)]


ENDLESS: list = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("data", "revision", "part"),
    [
        (float("nan"), 1, ""),
        (float("inf"), 1, ""),
        (b"bytes", 1, ""),
        (ENDLESS, 1, ""),
        ("x" * LONGEST, 1, ""),
        (1, 0, ""),
        (1, -1, ""),
        (1, 2**31, ""),
        (1, 10**500, ""),
        (1, 1, "x" * 101),
        (1, 1, "a\x00b"),
    ],
    ids=itertools.count(),
)
def test_what_is_no_place_changes_nothing(keep, data, revision, part):
    keep({"second": 9}, 1, part="before")
    with pytest.raises(NoPlace):
        keep(data, revision, part=part)
    assert kept() == [("before", {"second": 9}, 1)]


def test_a_version_of_another_activity_is_refused(enrolment, course, now):
    with pytest.raises(ValueError, match="another activity"):
        keep_place(
            enrolment=enrolment,
            activity=course.button,
            version=course.question.versions.get(),
            data=1,
            revision=1,
            now=now,
        )


def test_a_closed_record_keeps_no_place(keep, enrolment, now):
    keep(1, 1)
    type(enrolment).objects.update(status="completed", completed_at=now)
    close_old_records(now=now + timedelta(days=731))
    assert kept() == []


def test_an_erased_learner_leaves_no_place_and_another_keeps_theirs(keep, enrolment, course, now):
    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    keep(1, 1)
    keep(2, 1, of=other)
    erase_record(learner=enrolment.learner, now=now)
    assert kept() == [("", 2, 1)]


def test_a_persons_export_tells_where_they_stopped(keep, enrolment, now):
    keep({"second": 9}, 1)
    rows = export_person(user=enrolment.learner, now=now)["holdings"]["courses.ResumePoint"]
    assert [row["data"] for row in rows] == [{"second": 9}]
