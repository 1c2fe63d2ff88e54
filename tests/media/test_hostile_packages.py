"""Every bad upload gets a sentence, and leaves nothing: no row, no file, no error of the server."""

import pytest
from django.apps import apps
from django.utils import translation

from media.models import PackageImport
from media.packages.refusals import SENTENCES, sentence_of
from tests.media.hostile_packages import HOSTILE
from tests.media.hostile_scorm import HOSTILE_SCORM

EVERY = HOSTILE | HOSTILE_SCORM


def rows_left():
    return {
        model._meta.object_name: count
        for model in apps.get_app_config("media").get_models()
        if model is not PackageImport and (count := model.objects.count())
    }


def files_left(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY)
def test_a_bad_package_is_refused_with_a_sentence_and_leaves_nothing(name, bring_in, private_files):
    make, code = EVERY[name]
    job = bring_in(make())
    assert (job.state, job.refusal.get("code"), job.last_error) == ("refused", code, "")
    said = set()
    for language in ("en", "nl"):
        with translation.override(language):
            said.add(sentence_of(job.refusal))
    assert len(said) == 2
    assert not [sentence for sentence in said if "%(" in sentence]
    assert (rows_left(), files_left(private_files)) == ({}, [])


def test_every_way_to_refuse_is_tried():
    assert set(SENTENCES) - {code for _make, code in EVERY.values()} == {
        # In the tests of the reader: no test writes 500 MB.
        "archive_too_large",
        "total_too_large",
        "truncated",
        "no_content_host",  # a site without one
        "other_kind",  # another kind of package has to be there
    }
    assert len(EVERY) == len(HOSTILE) + len(HOSTILE_SCORM) >= 150
