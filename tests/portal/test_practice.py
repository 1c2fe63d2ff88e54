"""Worksheets, surveys and notes for trainers, on the page."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.html import escape

from cms import rendering
from cms.rendering import TEXT_MARK
from courses.models import Activity, Lesson, Reflection
from courses.presentation import answered
from courses.services.enrolments import enrol
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.factories import PersonFactory, right_answer

pytestmark = pytest.mark.django_db
SECRET = "Bij de buren op nummer twaalf"


@pytest.fixture
def sheet(now, client):
    """A lesson with a worksheet and its learner."""
    _home, catalogue = made.make_site()
    worksheet = FIELDS["worksheet"]
    block = made.block(
        "worksheet", {**worksheet, "required": False, "fields": made.items(*worksheet["fields"])}
    )
    page = made.make_lesson(
        made.make_session(made.make_course(catalogue)), "Je steunkaart", block, made.reading()
    )
    lesson = Lesson.objects.select_related("session__course").get(key=page.translation_key)
    learner = PersonFactory()
    enrol(learner=learner, course=lesson.session.course, alias="Maan", now=now)
    client.force_login(learner)
    return Activity.objects.get(kind="worksheet")


@pytest.fixture
def keep(client, sheet):
    def post(**more):
        version = sheet.versions.get()
        first, second = (field["key"] for field in version.specification["fields"])
        data = {f"write-{first}": SECRET, f"write-{second}": "", "uuid": uuid.uuid4(), "version": version.pk}
        return client.post(reverse("answer", args=[sheet.pk]), {**data, **more})

    return post


def lesson_page(client, sheet):
    return client.get(reverse("lesson", args=[sheet.lesson.short_key])).text


def test_a_worksheet_is_there_again_for_its_writer_and_in_no_cache(sheet, keep, client, monkeypatch):
    kept = []
    monkeypatch.setattr(
        type(cache._connections["default"]), "set_many", lambda _self, data, *_rest: kept.append(data)
    )
    assert keep().status_code == 302
    assert SECRET in lesson_page(client, sheet)
    assert SECRET not in str(kept)
    client.force_login(PersonFactory())
    assert client.get(reverse("lesson", args=[sheet.lesson.short_key])).status_code == 404


def test_the_form_of_a_worksheet_is_made_once_and_holds_each_persons_own_texts(
    sheet, keep, client, now, monkeypatch
):
    made_anew = []
    monkeypatch.setattr(
        rendering, "answered", lambda **given: made_anew.append(given["activity"]) or answered(**given)
    )
    first, second = (field["key"] for field in sheet.versions.get().specification["fields"])
    other = PersonFactory()
    enrol(learner=other, course=sheet.lesson.session.course, alias="Ster", now=now)
    mark = TEXT_MARK.format(field=second)
    for written in ([mark, "<b>Noor</b>"], ["Bij Jip", ""]):
        assert keep(**{f"write-{first}": written[0], f"write-{second}": written[1]}).status_code == 302
        for _time in range(2):
            page = lesson_page(client, sheet)
            assert re.findall(r"(?s)<textarea[^>]*>(.*?)</textarea>", page) == [
                escape(text) for text in written
            ]
        client.force_login(other)
    assert made_anew == [sheet]


def test_it_comes_back_in_place_with_what_was_written(sheet, keep, client):
    version = sheet.versions.get()
    data = {**right_answer(version), "uuid": uuid.uuid4(), "version": version.pk}
    response = client.post(reverse("answer", args=[sheet.pk]), data, headers={"HX-Request": "true"})
    assert response.text.count("Mijn zus") == 2


def test_it_can_be_read_changed_and_erased_among_ones_own_texts(sheet, keep, client):
    keep()
    own = Reflection.objects.get()
    address = reverse("reflection", args=[own.pk])
    page = client.get(address).text
    assert SECRET in page
    first, second = (field["key"] for field in sheet.versions.get().specification["fields"])
    refused = client.post(address, {f"write-{first}": "", f"write-{second}": ""})
    assert refused.status_code == 422
    changed = client.post(address, {f"write-{first}": "Bij Noor", f"write-{second}": "Naar de bieb"})
    assert changed.status_code == 302
    page = client.get(address).text
    assert ("Bij Noor" in page, "Naar de bieb" in page, SECRET in page) == (True, True, False)
    client.post(reverse("erase_reflection", args=[own.pk]))
    assert "Bij Noor" not in lesson_page(client, sheet)


def test_an_erased_text_leaves_an_empty_form(now, client):
    _home, catalogue = made.make_site()
    page = made.make_lesson(
        made.make_session(made.make_course(catalogue)), "Les", made.reflection(), made.reading()
    )
    lesson = Lesson.objects.select_related("session__course").get(key=page.translation_key)
    learner = PersonFactory()
    enrol(learner=learner, course=lesson.session.course, alias="Maan", now=now)
    client.force_login(learner)
    text = Activity.objects.get(kind="reflection")
    fields = {"text": SECRET, "uuid": uuid.uuid4(), "version": text.versions.get().pk}
    client.post(reverse("answer", args=[text.pk]), fields)
    assert SECRET in lesson_page(client, text)
    client.post(reverse("erase_reflection", args=[Reflection.objects.get().pk]))
    shown = lesson_page(client, text)
    assert SECRET not in shown
    assert "%%" not in shown
    assert "Bewaard op" not in shown
