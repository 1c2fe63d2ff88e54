from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from django.test import Client

from certification.models import Award, Document
from certification.services.documents import produce
from certification.services.erasure import erase_awards
from courses.services.erasure import erase_record
from people.privacy import holdings

pytestmark = pytest.mark.django_db


def every_value(award: Award) -> str:
    """The row as text."""
    return repr(Award.objects.filter(pk=award.pk).values().get())


def test_what_stays_is_what_was_certified_and_not_of_whom(
    finished: Award, record: SimpleNamespace, private_files: Path
):
    before = Award.objects.filter(pk=finished.pk).values().get()
    person = finished.holder
    assert erase_awards(user=person, now=record.end) == 1
    after = Award.objects.filter(pk=finished.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {
        *("holder_id", "enrolment_id", "holder_name", "salt", "evidence", "erased_at"),
    }
    assert [item["attempt"] for item in after["evidence"]] == [None] * 4
    assert [path for path in private_files.rglob("*") if path.is_file()] == []
    assert Document.objects.count() == 0
    for trace in ("Sanne", str(person.pk), str(before["enrolment_id"]), before["salt"]):
        assert trace not in every_value(finished)


def test_the_account_can_go_after_it(finished: Award, record: SimpleNamespace):
    person = finished.holder
    erase_awards(user=person, now=record.end)
    erase_record(learner=person, now=record.end)
    person.delete()
    assert Award.objects.get(pk=finished.pk).status == "valid"


def test_a_stranger_still_reads_that_it_is_valid(finished: Award, record: SimpleNamespace, client: Client):
    erase_awards(user=finished.holder, now=record.end)
    response = client.get(f"/bewijs/{finished.public_id}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert ("12 november 2026" in page, "Sanne" in page, 'type="file"' in page) == (True, False, False)


def test_a_file_cannot_be_compared_after_it(
    finished: Award, record: SimpleNamespace, client: Client, private_files: Path
):
    pdf = next(private_files.rglob("*.pdf")).read_bytes()
    erase_awards(user=finished.holder, now=record.end)
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = client.post(f"/bewijs/{finished.public_id}/", {"pdf": SimpleUploadedFile("a.pdf", pdf)})
    assert (response.status_code, response.context["comparison"]) == (200, None)


def test_erasing_twice_or_nobody_changes_nothing(finished: Award, record: SimpleNamespace):
    person = finished.holder
    erase_awards(user=person, now=record.end)
    before = every_value(finished)
    assert erase_awards(user=person, now=record.end) == 0
    assert every_value(finished) == before


def test_a_document_is_not_made_for_who_was_erased(award: Award, record: SimpleNamespace):
    erase_awards(user=award.holder, now=record.end)
    assert produce(award_id=award.pk, now=record.end) is False


def test_nothing_counts_as_erased_while_the_storage_refuses(
    finished: Award, record: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    def refuse(self: object, name: str) -> None:
        raise PermissionError(name)

    monkeypatch.setattr(type(storages["private"]), "delete", refuse)
    with pytest.raises(PermissionError):
        erase_awards(user=finished.holder, now=record.end)
    finished.refresh_from_db()
    assert (finished.holder_name, Document.objects.count()) == ("Sanne de Vries", 1)


def test_every_field_is_declared_and_documents_go_before_awards_and_both_before_the_record():
    order = [holding.model for holding in holdings()]
    mine = [holding.model for holding in holdings() if holding.app_label == "certification"]
    assert mine[-2:] == ["certification.Document", "certification.Award"]
    courses = [order.index(model) for model in order if model.startswith("courses.")]
    assert all(order.index(model) < index for index in courses for model in mine)
    for model in set(mine):
        declared = [holding for holding in holdings() if holding.model == model]
        names = {name for holding in declared for name in [*holding.fields, *holding.plain]}
        meta = declared[0].model_class()._meta
        assert names == {field.name for field in (*meta.concrete_fields, *meta.many_to_many)}
