"""Surveys: kept without a name, paired by a code that dies with the record, shown from five people on."""

import json
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings

from courses.models import Activity, Attempt, Course, Reflection, SurveyKey, SurveyResponse
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from courses.services.retention import close_old_records
from people.services.privacy import export_person
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
HOPE = "Dat ik de trein weer durf te nemen"


def survey(moment: str) -> dict:
    fields = FIELDS["survey"]
    items = made.items(*fields["items"])
    return made.block("survey", {**fields, "required": False, "moment": moment, "items": items})


@pytest.fixture
def asked():
    """A course that asks the same before and after."""
    _home, catalogue = made.make_site()
    session = made.make_session(made.make_course(catalogue))
    made.make_lesson(session, "Begin", survey("T0"), made.reading())
    made.make_lesson(session, "Einde", survey("T1"), made.reading())
    return list(Activity.objects.filter(kind="survey").order_by("lesson__position"))


@pytest.fixture
def answer(asked, now):
    def give(enrolment, number, **answers):
        version = asked[number].versions.get()
        data = {f"survey-{construct}": str(value) for construct, value in answers.items()}
        return record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid.uuid4(), now=now)

    return give


@pytest.fixture
def start(now):
    def begin():
        return enrol(learner=PersonFactory(), course=Course.objects.get(), alias="Maan", now=now)

    return begin


def test_an_answer_stands_apart_from_who_gave_it(answer, start):
    enrolment = start()
    answer(enrolment, 0, zelfinzicht=4, verwachting=HOPE)
    response = SurveyResponse.objects.get()
    assert (response.moment, response.answers) == ("T0", {"zelfinzicht": 4, "verwachting": HOPE})
    assert (Attempt.objects.get().response, Attempt.objects.get().readable) == ({"answered": True}, "")
    assert Reflection.objects.count() == 0
    assert {field.name for field in SurveyResponse._meta.get_fields() if field.is_relation} == {"activity"}
    elsewhere = [
        model._meta.label
        for model in apps.get_models()
        if model is not SurveyResponse and HOPE in json.dumps(list(model.objects.values()), default=str)
    ]
    assert elsewhere == []


def test_before_and_after_share_a_code_and_two_people_do_not(answer, start):
    one, other = start(), start()
    for enrolment in (one, other):
        answer(enrolment, 0, zelfinzicht=4)
        answer(enrolment, 1, zelfinzicht=6)
    codes = list(SurveyResponse.objects.order_by("pk").values_list("pairing_code", flat=True))
    assert codes[0] == codes[1] != codes[2] == codes[3]


def test_answered_twice_the_new_answers_take_the_place_of_the_old(answer, start):
    enrolment = start()
    answer(enrolment, 0, zelfinzicht=4, schaamte=9)
    answer(enrolment, 0, zelfinzicht=5)
    assert SurveyResponse.objects.get().answers == {"zelfinzicht": 5}


def test_the_person_finds_their_answers_in_their_export_and_after_erasure_nobody_can(answer, start, now):
    enrolment = start()
    answer(enrolment, 0, verwachting=HOPE)
    assert HOPE in json.dumps(export_person(user=enrolment.learner, now=now), default=str)
    erase_record(learner=enrolment.learner, now=now)
    assert SurveyKey.objects.count() == 0
    assert SurveyResponse.objects.get().answers == {"verwachting": HOPE}


def test_a_record_that_is_closed_loses_its_code(answer, start, now):
    enrolment = start()
    answer(enrolment, 0, zelfinzicht=4)
    enrolment.status, enrolment.completed_at = "completed", now
    enrolment.save()
    assert close_old_records(now=now + timedelta(days=settings.RECORD_DAYS + 1)) == 1
    assert SurveyKey.objects.count() == 0
