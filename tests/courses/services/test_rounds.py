"""Results of surveys: nothing before a round is closed, nothing of fewer than five people, also not by subtraction."""

import uuid
from collections import defaultdict
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import (
    Activity,
    Cohort,
    Course,
    SurveyFigure,
    SurveyKey,
    SurveyResponse,
    SurveyRound,
)
from courses.models.survey import FEWEST
from courses.queries.surveys import (
    asked_in,
    results_of_cohort,
    results_of_course,
    results_of_lesson,
    results_of_programme,
    rounds_of,
)
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from courses.services.progress import refresh
from courses.services.surveys import close_round, keep_survey, pairing_code
from tests.cms import made_pages as made
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
ITEMS = [
    {"construct": "zelfinzicht", "form": "scale", "reversed": False, "text": "Ik begrijp mezelf."},
    {"construct": "schaamte", "form": "scale", "reversed": True, "text": "Ik schaam me."},
]
BACK = {
    "construct": "toen-zelfinzicht",
    "form": "scale",
    "reversed": False,
    "text": "Toen begreep ik mezelf.",
}


def survey(moment, *items):
    return made.block(
        "survey",
        {
            "question": "Hoe is het nu?",
            "moment": moment,
            "minimum": 0,
            "maximum": 10,
            "low_label": "niet",
            "high_label": "helemaal",
            "required": False,
            "alternative": "",
            "items": made.items(*items),
        },
    )


@pytest.fixture
def course():
    _home, catalogue = made.make_site()
    session = made.make_session(made.make_course(catalogue))
    made.make_lesson(session, "Begin", survey("T0", *ITEMS), made.reading())
    made.make_lesson(session, "Einde", survey("T1", *ITEMS, BACK), made.reading())
    made.make_lesson(session, "Kort", survey("", ITEMS[0]), made.reading())
    return Course.objects.select_related("programme").get()


@pytest.fixture
def surveys(course):
    """The versions of T0, T1, and the one on its own."""
    activities = Activity.objects.filter(kind="survey").order_by("lesson__position")
    return [activity.versions.get() for activity in activities]


@pytest.fixture
def closer():
    return PersonFactory()


def group(course, size, now):
    cohort = Cohort.objects.create(course=course, name="Groep")
    return cohort, [
        enrol(
            learner=PersonFactory(verified=False), course=course, cohort=cohort, alias=f"A{number}", now=now
        )
        for number in range(size)
    ]


@pytest.fixture
def say(surveys, now):
    def answer(enrolment, number, **answers):
        version = surveys[number]
        data = {f"survey-{name.replace('_', '-')}": str(value) for name, value in answers.items()}
        record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid.uuid4(), now=now)
        refresh(enrolment=enrolment, activity_id=version.activity_id, now=now)

    return answer


def values(results):
    return [(each.before.value, each.after.value, each.change, each.after.people) for each in results]


NOTHING = [(None, None, None, 0), (None, None, None, 0)]


def test_results_open_when_the_round_is_closed_and_change_no_more(course, say, closer, now):
    cohort, people = group(course, 6, now)
    for number, enrolment in enumerate(people):
        say(enrolment, 0, zelfinzicht=number, schaamte=9)
        say(enrolment, 1, zelfinzicht=number + 2, schaamte=7, toen_zelfinzicht=1)
    asked = asked_in(course)
    assert values(results_of_cohort(cohort, asked)) == NOTHING
    close_round(cohort=cohort, ask="T1", closed_by=closer, now=now)
    closed = [(2.5, 4.5, 2.0, 6), (1.0, 3.0, 2.0, 6)]
    results = results_of_cohort(cohort, asked)
    assert values(results) == closed
    assert (results[0].looking_back.value, results[1].looking_back.value) == (1.0, None)
    say(people[0], 1, zelfinzicht=10)
    erase_record(learner=people[1].learner, now=now)
    close_round(cohort=cohort, ask="T1", closed_by=closer, now=now + timedelta(days=9))
    assert values(results_of_cohort(cohort, asked)) == closed
    assert SurveyRound.objects.get().closed_at == now


def test_start_and_end_are_of_the_same_people(course, say, closer, now):
    """A start of eight beside an end of seven would tell what the eighth said."""
    cohort, people = group(course, 8, now)
    for enrolment in people:
        say(enrolment, 0, zelfinzicht=4)
    for enrolment in people[:7]:
        say(enrolment, 1, zelfinzicht=6)
    say(people[7], 1, schaamte=1)
    close_round(cohort=cohort, ask="T1", closed_by=closer, now=now)
    figure = SurveyFigure.objects.get(construct="zelfinzicht")
    assert (figure.people, figure.sums) == (7, {"T0": 28, "T1": 42})
    assert values(results_of_cohort(cohort, asked_in(course)))[1] == NOTHING[1]


def test_small_groups_count_together_once_they_are_five(course, say, closer, now):
    asked = asked_in(course)
    for size, shown in [(2, None), (2, None), (3, 7), (4, 7), (6, 13)]:
        cohort, people = group(course, size, now)
        for enrolment in people:
            say(enrolment, 0, zelfinzicht=4, schaamte=4)
            say(enrolment, 1, zelfinzicht=6, schaamte=6)
        close_round(cohort=cohort, ask="T1", closed_by=closer, now=now)
        assert results_of_course(course, asked)[0].after.people == (shown or 0)
        assert (results_of_cohort(cohort, asked)[0].after.value is not None) == (size >= FEWEST)
        assert values(results_of_programme(course.programme, asked)) == values(
            results_of_course(course, asked)
        )


def test_three_months_later_stands_beside_it(course, say, surveys, closer, now):
    cohort, people = group(course, 6, now)
    for enrolment in people:
        say(enrolment, 0, zelfinzicht=4)
        say(enrolment, 1, zelfinzicht=6)
        keep_survey(enrolment=enrolment, version=surveys[1], answers={"zelfinzicht": 8}, now=now, later=True)
    asked = asked_in(course)
    assert "toen-zelfinzicht" not in asked["T2"].items
    close_round(cohort=cohort, ask="T1", closed_by=closer, now=now)
    assert results_of_cohort(cohort, asked)[0].later.value is None
    close_round(cohort=cohort, ask="T2", closed_by=closer, now=now)
    assert results_of_cohort(cohort, asked)[0].later.value == 8.0
    late = keep_survey(
        enrolment=people[0], version=surveys[1], answers={"zelfinzicht": 1}, now=now, later=True
    )
    assert late is None


def test_a_lessons_own_survey_has_its_own_round(course, say, surveys, closer, now):
    cohort, people = group(course, 5, now)
    for enrolment in people:
        say(enrolment, 2, zelfinzicht=7)
    ask = f"les-{surveys[2].activity_id}"
    asked = asked_in(course)[ask]
    assert results_of_lesson(cohort, asked)[0][1].value is None
    close_round(cohort=cohort, ask=ask, closed_by=closer, now=now)
    assert results_of_lesson(cohort, asked)[0][1].value == 7.0


def test_who_has_not_answered_is_said_and_nothing_of_what_was(course, say, now, django_assert_num_queries):
    cohort, people = group(course, 3, now)
    say(people[0], 0, zelfinzicht=4)
    asked = asked_in(course)
    with django_assert_num_queries(4):
        rounds = rounds_of(cohort, asked)
    start, end = rounds[0].surveys
    assert (start.answered, start.aliases) == (1, ["A1", "A2"])
    assert (end.answered, end.aliases) == (0, ["A0", "A1", "A2"])


def test_what_the_course_does_not_ask_is_not_closed(course, closer, now):
    cohort, _people = group(course, 1, now)
    with pytest.raises(ValueError):
        close_round(cohort=cohort, ask="les-0", closed_by=closer, now=now)
    assert SurveyRound.objects.count() == 0


def test_the_database_shows_no_figure_of_four(course, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyFigure.objects.create(
            course=course, ask="T1", construct="zelfinzicht", people=4, sums={"T0": 1}, sealed_at=now
        )
    cohort, _people = group(course, 1, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyFigure.objects.create(
            course=course, cohort=cohort, ask="T1", construct="zelfinzicht", people=4, sums={"T0": 1}
        )


# --- by subtraction -------------------------------------------------------------------------------------------------
# Every answer is a power of two of its own, so that the sums a view is made of say exactly whose answers are in it.
people_of_a_group = st.lists(
    st.fixed_dictionaries(
        {
            "T0": st.booleans(),
            "T1": st.booleans(),
            "T2": st.booleans(),
            "skips": st.sampled_from(["", "zelfinzicht", "schaamte"]),
        }
    ),
    max_size=9,
)
histories = st.tuples(
    st.lists(people_of_a_group, min_size=1, max_size=5),
    st.permutations([(number, ask) for number in range(5) for ask in ("T1", "T2")]),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 8)), max_size=4),
)


def whose(number):
    """The people in a sum of powers of two."""
    return frozenset(place for place in range(number.bit_length()) if number >> place & 1)


def sets_shown(course, cohorts):
    """For every view there is now: whose answers are in it, by construct and moment."""
    shown = []
    for figures in (
        *(SurveyFigure.objects.filter(cohort=cohort) for cohort in cohorts),
        SurveyFigure.objects.filter(course=course),
        SurveyFigure.objects.filter(course__programme=course.programme),
    ):
        view = defaultdict(int)
        for figure in figures.filter(sealed_at__isnull=False):
            for moment, total in figure.sums.items():
                view[figure.construct, moment] += total
        shown.append({key: whose(total) for key, total in view.items()})
    return shown


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_no_two_views_at_any_two_moments_differ_by_fewer_than_five(
    history, course, surveys, closer, now, monkeypatch
):
    """Groups of any size, with gaps, closed in any order, with erasures between: all that was ever shown, pair by pair."""
    groups, closings, erased = history
    # Powers of two do not fit on a ruler; turning them round would make them other numbers.
    monkeypatch.setattr("courses.queries.surveys.Asked.score", lambda _self, construct, _id, value: value)
    with transaction.atomic():
        cohorts, place = [], 0
        for people in groups:
            cohort, enrolments = group(course, len(people), now)
            cohorts.append((cohort, enrolments))
            for enrolment, does in zip(enrolments, people, strict=True):
                key = SurveyKey.objects.create(enrolment=enrolment, secret=uuid.uuid4().hex)
                answers = {name: 1 << place for name in ("zelfinzicht", "schaamte") if name != does["skips"]}
                SurveyResponse.objects.bulk_create(
                    SurveyResponse(
                        activity=surveys[0 if moment == "T0" else 1].activity,
                        pairing_code=pairing_code(key),
                        moment=moment,
                        answers=answers,
                        answered_on=now.date(),
                    )
                    for moment in ("T0", "T1", "T2")
                    if does[moment]
                )
                place += 1
        views = []
        for step, (number, ask) in enumerate(closings):
            if number < len(cohorts):
                close_round(cohort=cohorts[number][0], ask=ask, closed_by=closer, now=now)
            for of, who in erased:
                if step == of and of < len(cohorts) and who < len(cohorts[of][1]):
                    SurveyKey.objects.filter(enrolment=cohorts[of][1][who]).delete()
            views += sets_shown(course, [cohort for cohort, _enrolments in cohorts])
        transaction.set_rollback(True)
    by_answer = defaultdict(set)
    for view in views:
        for key, people in view.items():
            by_answer[key].add(people)
            construct, moment = key
            if moment == "T0":  # start and end are of the same people, in every view
                assert view[construct, "T1"] == people
    for shown in by_answer.values():
        assert all(len(people) >= FEWEST for people in shown)
        for one, other in combinations(shown, 2):
            leftovers = {len(one - other), len(other - one), len(one & other)}
            assert not leftovers & set(range(1, FEWEST))
