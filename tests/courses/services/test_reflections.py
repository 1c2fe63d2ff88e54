"""Private texts: encrypted, readable by whom they are for, and gone when they are erased."""

import pytest
from django.db import IntegrityError, transaction

from courses.models import Attempt, Reflection
from courses.services.reflections import (
    decrypt,
    erase_reflection,
    read_reflection,
    rewrite_reflection,
    rotate_reflection_keys,
)
from tests.factories import ActivityFactory, PersonFactory

pytestmark = pytest.mark.django_db
SECRET = "Aan de vogels buiten, elke ochtend."


@pytest.fixture
def reflection(enrolment, course, answer):
    answer(enrolment, course.text, data={"text": SECRET})
    return Reflection.objects.get()


def test_its_writer_reads_it_and_nobody_else(reflection):
    assert read_reflection(reflection=reflection, reader=reflection.enrolment.learner) == SECRET
    with pytest.raises(PermissionError):
        read_reflection(reflection=reflection, reader=PersonFactory())


def test_whom_it_is_shared_with_reads_it_for_as_long_as_it_is(reflection, now):
    trainer, other = PersonFactory(), PersonFactory()
    seen = lambda user: list(Reflection.objects.visible_to(user))  # noqa: E731 -- said four times below
    assert (seen(trainer), seen(reflection.enrolment.learner)) == ([], [reflection])
    reflection.shared_at, reflection.shared_with = now, trainer
    reflection.save()
    assert read_reflection(reflection=reflection, reader=trainer) == SECRET
    assert (seen(trainer), seen(other)) == ([reflection], [])
    with pytest.raises(PermissionError):
        read_reflection(reflection=reflection, reader=other)
    reflection.shared_at = reflection.shared_with = None
    reflection.save()
    assert (seen(trainer), seen(reflection.enrolment.learner)) == ([], [reflection])
    with pytest.raises(PermissionError):
        read_reflection(reflection=reflection, reader=trainer)


def test_a_text_is_not_shared_without_a_date(reflection):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reflection.objects.update(shared_with=PersonFactory())


def test_when_the_trainer_is_gone_nobody_reads_it_in_their_place(reflection, now):
    trainer = PersonFactory(verified=False)
    Reflection.objects.update(shared_at=now, shared_with=trainer)
    trainer.delete()
    reflection.refresh_from_db()
    assert (reflection.shared_with, list(Reflection.objects.visible_to(PersonFactory()))) == (None, [])


def test_keys_rotate_and_the_old_one_may_go(reflection, settings):
    old = list(settings.REFLECTION_KEYS)
    before = bytes(reflection.ciphertext)
    settings.REFLECTION_KEYS = ["a new one", *old]
    assert rotate_reflection_keys() == 1
    settings.REFLECTION_KEYS = ["a new one"]
    reflection.refresh_from_db()
    assert bytes(reflection.ciphertext) != before
    assert decrypt(reflection) == SECRET
    settings.REFLECTION_KEYS = old
    assert decrypt(reflection) == ""


def test_one_text_under_a_lost_key_does_not_stop_the_others_from_rotating(
    reflection, enrolment, course, answer, settings
):
    lost = bytes(reflection.ciphertext)
    other = ActivityFactory(lesson=course.lesson, kind="reflection")
    settings.REFLECTION_KEYS = ["a new one"]
    answer(enrolment, other, data={"text": "Nieuw"})
    settings.REFLECTION_KEYS = ["a newer one", "a new one"]
    assert rotate_reflection_keys() == 1
    settings.REFLECTION_KEYS = ["a newer one"]
    assert decrypt(Reflection.objects.get(activity=other)) == "Nieuw"
    reflection.refresh_from_db()
    assert bytes(reflection.ciphertext) == lost


def test_a_lost_key_shows_nothing_and_breaks_nothing(reflection, settings):
    settings.REFLECTION_KEYS = ["another"]
    assert read_reflection(reflection=reflection, reader=reflection.enrolment.learner) == ""
    assert decrypt(reflection) == ""


def test_a_text_is_rewritten(reflection, now):
    rewrite_reflection(reflection=reflection, text="Anders", now=now)
    assert decrypt(Reflection.objects.get()) == "Anders"


def test_an_erased_text_is_gone_and_the_answer_stays_known(reflection, enrolment, course, states):
    before = states(enrolment)
    erase_reflection(reflection=reflection)
    assert Reflection.objects.count() == 0
    assert (Attempt.objects.count(), states(enrolment)) == (1, before)


def test_nothing_is_written_without_a_key(enrolment, course, answer, settings):
    settings.REFLECTION_KEYS = []
    with pytest.raises(ValueError), transaction.atomic():
        answer(enrolment, course.text, data={"text": SECRET})
    assert Attempt.objects.count() == 0
