"""Packages that could never be done as a lesson counts them: whoever writes it is told, and may publish it all the same."""

from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from cms.models.lesson_forms import doubts_in
from courses.models import Course
from courses.services.enrolments import enrol
from media.models import Package, PackageVersion
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.cms.made_pages import fresh
from tests.cms.test_editor import edit, somebody
from tests.factories import PersonFactory
from tests.media.played_packages import LONG_AGO, made_library, made_version

pytestmark = pytest.mark.django_db

CARDS, FOLDED, ASKING = "H5P.Dialogcards", "H5P.Accordion", "H5P.MultiChoice"
NOTHING_NL = (
    "Blok 1, “Pakket (H5P, SCORM)”: “Een vraag” meldt niet hoe het ging. Deelnemers kunnen het zo alleen afronden met de andere "
    "vorm. Bij “Wanneer het klaar is” past “als de deelnemer het zegt”."
)
NO_SCORE_NL = (
    "Blok 1, “Pakket (H5P, SCORM)”: “Een vraag” meldt geen score. Deelnemers kunnen het zo alleen afronden met de andere vorm. "
    "Bij “Wanneer het klaar is” past “als het pakket zegt dat het klaar is”."
)


def of_type(machine_name):
    return made_version(made_library({"a.js": "//"}, machine_name=machine_name)).package


def scorm(*tells):
    package = Package.objects.create(title="Een vraag", kind=Package.Kind.SCORM_12, created_at=LONG_AGO)
    package.current = PackageVersion.objects.create(
        package=package,
        number=1,
        tree_hash="a",
        manifest={},
        launch={"parts": [{"title": "x", "tells": each} for each in tells]},
        size=1,
        imported_at=LONG_AGO,
    )
    package.save()
    return package


def doubts(tree, package, **settings):
    page = fresh(tree.one)
    page.body = page._meta.get_field("body").to_python([made.package(package, **settings)])
    with translation.override("nl"):
        return list(doubts_in(page.body))


@pytest.mark.parametrize(
    ("machine_name", "settings", "said"),
    [
        (CARDS, {"counts": "score"}, [NOTHING_NL]),
        (CARDS, {"counts": "finished"}, [NOTHING_NL]),
        (CARDS, {"counts": "seen"}, []),
        (FOLDED, {"counts": "score"}, [NO_SCORE_NL]),
        (FOLDED, {"counts": "score", "pass_percent": 0}, []),
        (FOLDED, {"counts": "finished"}, []),
        (ASKING, {"counts": "score"}, []),
    ],
)
def test_a_content_type_that_cannot_count_so_is_told(tree, machine_name, settings, said):
    assert doubts(tree, of_type(machine_name), **settings) == said


@pytest.mark.parametrize(("tells", "said"), [((True, False), []), ((False, False), [NO_SCORE_NL])])
def test_of_scorm_one_part_that_tells_is_enough(tree, tells, said):
    assert doubts(tree, scorm(*tells)) == said


def test_a_development_build_is_told_where_it_is_used(tree):
    package = of_type(ASKING)
    package.current.report = {"unfinished": ["x/a.js"]}
    package.current.save()
    (said,) = doubts(tree, package)
    assert said.endswith(
        "“Een vraag” speelt waarschijnlijk niet af: het is een ontwikkelversie. Bij “Bekijk dit pakket” staat meer."
    )


def test_the_trainer_reads_it_on_publishing_and_whenever_the_lesson_is_opened(tree, client, now):
    trainer = somebody(Role.TRAINER, now)
    client.force_login(trainer)
    package = of_type(CARDS)
    Package.objects.filter(pk=package.pk).update(uploaded_by=trainer)
    response = client.post(edit(tree.one), as_posted(tree.one, made.package(package), **PUBLISH))
    assert [block.block_type for block in fresh(tree.one).body] == ["h5p"]
    assert next(str(each) for each in get_messages(response.wsgi_request)) == NOTHING_NL
    client.get(response.url)
    assert NOTHING_NL in unescape(client.get(edit(tree.one)).content.decode())


def test_it_stands_beside_who_notices(tree, client, now):
    trainer = somebody(Role.TRAINER, now)
    client.force_login(trainer)
    course = Course.objects.get(key=tree.course.translation_key)
    enrol(learner=PersonFactory(), course=course, cohort=None, alias="Noor", now=now)
    package = of_type(CARDS)
    Package.objects.filter(pk=package.pk).update(uploaded_by=trainer)
    response = client.post(edit(tree.one), as_posted(tree.one, made.package(package), **PUBLISH))
    assert response.url == reverse("confirm_publishing", args=[tree.one.pk])
    assert unescape(client.get(response.url).content.decode()).count(NOTHING_NL) == 1
