"""Withdrawn, replaced, renewed: nothing is edited and nothing deleted, and every step can be read back."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django_tasks_db.models import DBTaskResult

from certification.flows import award_and_queue, give_anew, replace_award
from certification.models import Award, AwardAccess, Document, Points, Register
from certification.queries import history_of
from certification.services.accesses import clear_old_accesses, note_access
from certification.services.corrections import CorrectionRefused, Overtaken, revoke_award
from certification.services.documents import produce
from courses.models import Enrolment
from courses.services.enrolments import enrol
from people.models import User
from people.services.privacy import erase_person, export_person
from tests.certification.sheets import letter_nobody_has
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(db: None) -> User:
    return PersonFactory(alias="Coördinator")


def replaced(award: Award, by: User, record: SimpleNamespace, name: str = "Sanne de Vries-Bakker") -> Award:
    later = record.end + timedelta(days=2)
    return replace_award(award=award, name=name, by=by, reason="Getrouwd.", now=later)


def test_a_withdrawal_keeps_its_reason_and_who_answers_for_it(
    award: Award, coordinator: User, record: SimpleNamespace
):
    for _ in range(2):
        revoke_award(award=award, now=record.end, by=coordinator, reason="Uitwerking van een ander.")
    assert [(each.kind, each.by, each.reason) for each in history_of(award).events] == [
        ("issued", None, ""),
        ("revoked", coordinator, "Uitwerking van een ander."),
    ]
    assert award.state == "revoked"


def test_a_corrected_name_is_a_new_award_that_leads_back(
    finished: Award, coordinator: User, record: SimpleNamespace
):
    skj = Register.objects.create(name="SKJ")
    Points.objects.create(
        award=finished,
        register=skj,
        accreditation_number="A1",
        points=4,
        minutes=25,
        earned_on=record.end.date(),
    )
    new = replaced(finished, coordinator, record)
    finished.refresh_from_db()
    assert (finished.status, finished.state, finished.replaced_by, finished.holder_name) == (
        "replaced",
        "replaced",
        new,
        "Sanne de Vries",
    )
    assert (new.replaces, new.holder_name, new.serial, finished.serial) == (
        finished,
        "Sanne de Vries-Bakker",
        "2026-00002",
        "2026-00001",
    )
    same = ("enrolment_id", "holder_id", "title", "completed_on", "net_minutes", "evidence", "language")
    assert [getattr(new, name) for name in same] == [getattr(finished, name) for name in same]
    different = ("public_id", "subject_key", "salt", "name_hmac", "issued_at")
    assert all(getattr(new, name) != getattr(finished, name) for name in different)
    assert [(each.register, each.points) for each in new.points.all()] == [(skj, 4)]
    assert [(each.kind, each.reason) for each in finished.events.all()] == [
        ("issued", ""),
        ("replaced", "Getrouwd."),
    ]
    assert (new.document.state, new.document.task_id is not None) == ("waiting", True)
    assert produce(award_id=new.pk, now=record.end + timedelta(days=2))
    assert Document.objects.filter(state="ready").count() == 2  # the old paper can still be compared


def test_the_award_of_an_enrolment_is_the_last_of_the_chain(
    award: Award, coordinator: User, record: SimpleNamespace
):
    new = replaced(replaced(award, coordinator, record), coordinator, record, "Sanne")
    assert list(Award.objects.current()) == [new]
    assert award_and_queue(enrolment=award.enrolment, now=record.end) == new


def test_what_was_replaced_is_not_withdrawn_in_its_place(
    award: Award, coordinator: User, record: SimpleNamespace
):
    stale = Award.objects.get()
    last = replaced(replaced(award, coordinator, record), coordinator, record, "Sanne")
    with pytest.raises(Overtaken, match="dit certificaat was al vervangen") as overtaken:
        revoke_award(award=stale, now=record.end, by=coordinator, reason="Vergissing.")
    assert (overtaken.value.standing, last.state) == (last, "valid")
    assert [each.kind for each in history_of(award).events] == ["issued", "replaced"]


def test_a_withdrawn_award_is_not_replaced(award: Award, coordinator: User, record: SimpleNamespace):
    revoke_award(award=award, now=record.end, by=coordinator, reason="Vergissing.")
    with pytest.raises(CorrectionRefused, match="Een ingetrokken certificaat wordt niet vervangen"):
        replaced(award, coordinator, record)
    assert Award.objects.values_list("status", "replaced_at").get() == ("revoked", None)


def test_a_withdrawn_award_stays_withdrawn_when_a_new_one_is_given(
    completed: Enrolment, coordinator: User, record: SimpleNamespace
):
    record.make_scheme(completed.course, valid_months=12)
    award = award_and_queue(enrolment=completed, now=record.end)
    revoke_award(award=award, now=record.end, by=coordinator, reason="Vergissing.")
    later = record.end + timedelta(days=40)
    stale = Award.objects.get()
    new = give_anew(award=award, by=coordinator, now=later)
    award.refresh_from_db()
    assert (award.state, award.replaced_by, new.state, new.serial) == ("revoked", new, "valid", "2026-00002")
    # Judged and dated as it is now, not as the withdrawn one was.
    assert (new.valid_until, new.document.state, new.document.task_id is not None) == (
        date(2027, 12, 22),
        "waiting",
        True,
    )
    assert [(each.kind, each.by) for each in new.events.all()] == [("confirmed", coordinator)]
    assert [each.kind for each in award.events.all()] == ["issued", "revoked", "replaced"]
    # A second press, and a page from before it was given.
    for seen in (award, stale):
        with pytest.raises(Overtaken, match="er was al een nieuw certificaat voor gegeven") as overtaken:
            give_anew(award=seen, by=coordinator, now=later)
        assert overtaken.value.standing == new
    assert Award.objects.count() == 2


def test_a_new_one_in_place_of_a_withdrawn_one_has_to_be_earned_today(
    award: Award, coordinator: User, record: SimpleNamespace
):
    with pytest.raises(CorrectionRefused):  # it counts
        give_anew(award=award, by=coordinator, now=record.end)
    revoke_award(award=award, now=record.end, by=coordinator, reason="Uitwerking van een ander.")
    record.make_scheme(award.enrolment.course, requirements={"sign_off": {}})
    with pytest.raises(CorrectionRefused, match="er mist nog iets"):
        give_anew(award=award, by=coordinator, now=record.end)
    assert Award.objects.values_list("status", "replaced_at").get() == ("revoked", None)


@pytest.mark.parametrize(
    ("own", "afterwards"), [("Sanne de Vries", "Sanne de Vreis"), ("Sanne Bos", "Sanne Bos"), ("", "")]
)
def test_a_corrected_name_is_corrected_where_it_came_from_and_not_where_the_holder_has_another(
    award: Award, coordinator: User, record: SimpleNamespace, own: str, afterwards: str
):
    User.objects.filter(pk=award.holder_id).update(legal_name=own)
    replaced(award, coordinator, record, "Sanne de Vreis")
    assert User.objects.get(pk=award.holder_id).legal_name == afterwards


def test_what_is_given_anew_after_a_correction_has_the_corrected_name(
    award: Award, coordinator: User, record: SimpleNamespace
):
    new = replaced(award, coordinator, record, "Sanne de Vreis")
    revoke_award(award=new, now=record.end, by=coordinator, reason="Vergissing.")
    again = give_anew(award=new, by=coordinator, now=record.end + timedelta(days=3))
    assert (again.holder_name, again.replaces) == ("Sanne de Vreis", new)


@pytest.mark.parametrize("name", ["", "😀", "\u202e\u202d"])
def test_a_name_that_cannot_be_printed_replaces_nothing(
    award: Award, coordinator: User, record: SimpleNamespace, name: str
):
    with pytest.raises(CorrectionRefused, match="Schrijf de naam in letters"):
        replaced(award, coordinator, record, name)
    assert (Award.objects.get().status, DBTaskResult.objects.count()) == ("valid", 1)


def test_a_name_with_a_letter_that_no_font_has_replaces_nothing(
    award: Award, coordinator: User, record: SimpleNamespace
):
    letter = letter_nobody_has()
    with pytest.raises(CorrectionRefused, match=f"Het teken “{letter}” kunnen we niet op een certificaat"):
        replaced(award, coordinator, record, f"Sanne {letter}")
    assert Award.objects.get().status == "valid"


def test_what_was_replaced_or_erased_is_not_replaced_again(
    award: Award, coordinator: User, record: SimpleNamespace
):
    new = replaced(award, coordinator, record)
    with pytest.raises(CorrectionRefused, match="dit certificaat was al vervangen"):
        replaced(award, coordinator, record)
    erase_person(user=award.holder, now=record.end)
    with pytest.raises(CorrectionRefused, match="de houder van dit certificaat is er niet meer"):
        replaced(new, coordinator, record)
    assert Award.objects.count() == 2


def test_a_refresher_renews_and_the_earlier_one_stays_what_it_was(
    completed: Enrolment, record: SimpleNamespace
):
    refresher = record.make_course(title="Opfris")
    record.make_scheme(completed.course, valid_months=12, refresher=refresher)
    record.make_scheme(refresher, valid_months=12)
    first = award_and_queue(enrolment=completed, now=record.end)
    again = enrol(learner=completed.learner, course=refresher, alias="Roos", now=record.end)
    later = record.end + timedelta(days=330)
    second = award_and_queue(enrolment=record.complete(again), now=later)
    first.refresh_from_db()
    assert (second.renews, first.state_on(date(2027, 11, 12)), second.valid_until) == (
        first,
        "valid",
        date(2028, 11, 12),  # in time: it goes on from the end of the first
    )
    assert (history_of(first).line, first.events.last().kind) == ([first, second], "renewed")


def test_somebody_elses_certificate_is_not_renewed(completed: Enrolment, record: SimpleNamespace):
    award_and_queue(enrolment=completed, now=record.end)
    other = enrol(
        learner=PersonFactory(legal_name="Ander"), course=completed.course, alias="A", now=record.start
    )
    assert award_and_queue(enrolment=record.complete(other), now=record.end).renews is None


def test_erasure_takes_the_person_out_of_the_whole_chain(
    finished: Award, coordinator: User, record: SimpleNamespace
):
    new = replaced(finished, coordinator, record)
    assert produce(award_id=new.pk, now=record.end + timedelta(days=2))
    note_access(award=new, by=coordinator, what=AwardAccess.What.RECORD, now=record.end)
    report = erase_person(user=finished.holder, now=record.end)
    assert report.traces == []
    assert Award.objects.exclude(holder_name="", salt="", holder=None).count() == 0
    assert set(new.events.values_list("reason")) | set(finished.events.values_list("reason")) == {("",)}
    new.refresh_from_db()
    assert (new.replaces, new.state, Document.objects.count()) == (finished, "valid", 0)


def test_an_erased_coordinator_leaves_the_history_and_no_name(
    award: Award, coordinator: User, record: SimpleNamespace
):
    revoke_award(award=award, now=record.end, by=coordinator, reason="Vergissing.")
    note_access(award=award, by=coordinator, what=AwardAccess.What.RECORD, now=record.end)
    assert erase_person(user=coordinator, now=record.end).traces == []
    assert [(each.kind, each.by) for each in award.events.all()] == [("issued", None), ("revoked", None)]
    assert AwardAccess.objects.get().by is None


def test_the_holders_export_has_history_and_who_looked(
    award: Award, coordinator: User, record: SimpleNamespace
):
    revoke_award(award=award, now=record.end, by=coordinator, reason="Vergissing.")
    note_access(award=award, by=coordinator, what=AwardAccess.What.RECORD, now=record.end)
    held = export_person(user=award.holder, now=record.end)["holdings"]
    assert [each["reason"] for each in held["certification.AwardEvent"]] == ["", "Vergissing."]
    assert [each["what"] for each in held["certification.AwardAccess"]] == ["record"]
    assert held["certification.Award"][0]["serial_number"] == 1


def test_who_looked_is_forgotten_after_a_year(award: Award, coordinator: User, record: SimpleNamespace):
    for days in (0, 366):
        note_access(
            award=award,
            by=coordinator,
            what=AwardAccess.What.RECORD,
            now=record.end - timedelta(days=days),
        )
    assert clear_old_accesses(now=record.end) == 1
    assert AwardAccess.objects.get().at == record.end
