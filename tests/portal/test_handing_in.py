"""Assignments: handed in, answered by a trainer, handed in anew, waited out, and erased with the record."""

import io
import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import ExifTags, Image, PngImagePlugin

from certification.models import Award
from courses.models import Activity, Attempt, Cohort, Enrolment, Feedback, Lesson, Submission
from courses.services import handed_files
from courses.services.enrolments import enrol, withdraw
from courses.services.erasure import erase_record
from courses.services.handed_files import sweep_handed_files
from courses.services.progress import rebuild_enrolment
from courses.services.retention import close_old_records
from people.models import OutboxMessage, Role
from people.privacy.traces import find_traces
from people.services.privacy import erase_person, export_person
from people.services.roles import grant_role
from portal.flows import NotTheirs, answer_activity, answer_submission, wait_out_assignments
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.factories import OrganisationFactory, PersonFactory, right_answer

pytestmark = pytest.mark.django_db
TEXT = "Ik sprak met iemand over de vogels op het dak."
WORDS = "Je luisterde. Zeg de volgende keer ook wat je met de zorg deed."
PDF = b"%PDF-1.7 een verslag"


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Files of one test stay its own."""
    folder = tmp_path / "private"
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    }
    return folder


def make_place(now, **changed):
    """A course with a question and an assignment, a group with a trainer, and a learner in it who did the question."""
    fields = {**FIELDS["assignment"], **changed}
    block = made.block(
        "assignment", {**fields, "required": True, "criteria": made.items(*fields["criteria"])}
    )
    _home, catalogue = made.make_site()
    page = made.make_lesson(
        made.make_session(made.make_course(catalogue)), "Een gesprek", made.choice(), block
    )
    lesson = Lesson.objects.select_related("session__course").get(key=page.translation_key)
    course = lesson.session.course
    trainer, learner = PersonFactory(), PersonFactory(legal_name="Maan de Vries")
    grant_role(user=trainer, role=Role.TRAINER, organisation=course.programme.organisation, now=now)
    cohort = Cohort.objects.create(course=course, name="Groep")
    cohort.trainers.add(trainer)
    enrolment = enrol(learner=learner, course=course, cohort=cohort, alias="Maan", now=now)
    question, activity = Activity.objects.order_by("position")
    version = question.versions.get()
    answer_activity(
        learner=learner,
        activity_id=question.pk,
        version_id=version.pk,
        data=right_answer(version),
        uuid=uuid.uuid4(),
        now=now,
    )
    return SimpleNamespace(
        page=page,
        lesson=lesson,
        course=course,
        cohort=cohort,
        trainer=trainer,
        learner=learner,
        enrolment=enrolment,
        activity=activity,
        version=activity.versions.get(),
        address=reverse("lesson", args=[lesson.short_key]),
    )


@pytest.fixture
def place(now):
    return make_place(now)


@pytest.fixture
def hand_in(place, client):
    """Post the form of the page, as the learner; a file where `content` is given."""

    def post(text=TEXT, *, content=None, name="verslag.pdf", form=None, htmx=False):
        client.force_login(place.learner)
        data = {"uuid": form or uuid.uuid4(), "version": place.version.pk, "text": text}
        if content is not None:
            data["file"] = SimpleUploadedFile(name, content)
        headers = {"HX-Request": "true"} if htmx else {}
        return client.post(reverse("answer", args=[place.activity.pk]), data, headers=headers)

    return post


@pytest.fixture
def look(place):
    """The lesson as the learner sees it."""

    def get():
        browser = Client()
        browser.force_login(place.learner)
        return browser.get(place.address).text

    return get


@pytest.fixture
def answer(place):
    """Post the trainer's form: a level for contact, safety (the must) and limits."""

    def post(*levels, words=WORDS, by=None, submission=None):
        browser = Client()
        browser.force_login(by or place.trainer)
        pk = (submission or Submission.objects.get(superseded_at=None)).pk
        keys = [each["key"] for each in place.version.specification["criteria"]]
        data = {f"level-{key}": level for key, level in zip(keys, levels, strict=False)}
        return browser.post(reverse("submission", args=[pk]), {**data, "words": words})

    return post


def is_done(place):
    return place.activity.states.get(enrolment=place.enrolment).status == "done"


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# --- handing in -----------------------------------------------------------------------------------------------------
def test_what_is_handed_in_waits_and_the_learner_may_go_on(place, hand_in, look):
    assert hand_in().status_code == 302
    attempt = place.activity.attempts.get()
    assert (attempt.passed, attempt.response) == (False, {"text": TEXT, "file": None})
    assert not is_done(place)
    page = look()
    assert TEXT in page
    assert "%%" not in page


def test_it_comes_back_in_place(place, hand_in):
    response = hand_in(content=PDF, htmx=True)
    assert (response.status_code, response.text.count('class="activity"')) == (200, 1)
    assert 'hx-encoding="multipart/form-data"' in response.text
    assert reverse("handed_in_file", args=[place.activity.pk]) in response.text


def test_where_no_file_may_come_the_form_takes_none(now, client):
    place = make_place(now, upload=False)
    client.force_login(place.learner)
    page = client.get(place.address).text
    assert ("multipart" in page, 'type="file"' in page) == (False, False)


def test_the_same_form_twice_is_handed_in_once(hand_in, private_files):
    form = uuid.uuid4()
    hand_in(content=PDF, form=form)
    assert hand_in(content=PDF, form=form).status_code == 302
    assert (Submission.objects.count(), len(files(private_files))) == (1, 1)
    assert hand_in("Iets anders", form=form).status_code == 409


def test_with_no_days_handing_in_is_enough(now, client):
    place = make_place(now, days=0)
    client.force_login(place.learner)
    data = {"uuid": uuid.uuid4(), "version": place.version.pk, "text": TEXT}
    client.post(reverse("answer", args=[place.activity.pk]), data)
    assert is_done(place)
    assert Enrolment.objects.get().status == "completed"


# --- files ----------------------------------------------------------------------------------------------------------
DOCX = b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml" + b"\0" * 90_000 + b"word/document.xml"
ODT = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.textPK"
TAKEN = {
    "verslag.pdf": PDF,
    "Verslag.PDF": PDF,
    "verslag.docx": DOCX,
    "verslag.odt": ODT,
    "verslag.txt": "Wat ik zei: één zin.\r\n".encode(),
    "gesprek.mp3": b"ID3\x04" + b"\0" * 50,
    "gesprek2.mp3": b"\xff\xfb\x90\x00" + b"\0" * 50,
    "gesprek.m4a": b"\0\0\0\x20ftypM4A " + b"\0" * 50,
}
REFUSED = {
    "verslag.exe": b"MZ" + b"\0" * 50,
    "verslag.html": b"<script>alert(1)</script>",
    "kaart.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "verslag": PDF,
    "verslag.pdf": b"MZ" + b"\0" * 50,
    "verslag.txt": b"MZ\x00\x01",
    "macro.docx": DOCX + b"word/vbaProject.bin",
    "verslag.docx": b"PK\x03\x04 een heel andere zip",
    "leeg.pdf": b"",
    "kaart.png": PDF,
    "kaart.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "halve kaart.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
}
SECRET = "Achterstraat 12"


def photo(file_format: str, *, size: tuple[int, int] = (30, 20)) -> bytes:
    """A picture that lies on its side, and says where it was taken and on what."""
    picture = Image.new("RGB", size, "teal")
    picture.paste("orange", (0, 0, 10, 10))  # the corner that comes to lie at the top right
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = SECRET
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 5.0, 13.0)
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET)
    more = {"pnginfo": words} if file_format == "PNG" else {"comment": SECRET.encode()}
    made = io.BytesIO()
    picture.save(made, file_format, exif=exif, **more)
    assert SECRET.encode() in made.getvalue()
    return made.getvalue() + SECRET.encode()  # what phones put behind the picture


@pytest.mark.parametrize("name", TAKEN)
def test_these_files_are_taken(name, hand_in, private_files):
    assert hand_in(content=TAKEN[name], name=name).status_code == 302
    (kept,) = files(private_files)
    assert kept.read_bytes() == TAKEN[name]
    assert kept.stem not in name


@pytest.mark.parametrize(
    ("name", "file_format"), [("kaart.jpg", "JPEG"), ("kaart.jpeg", "JPEG"), ("kaart.png", "PNG")]
)
def test_of_a_photo_the_picture_is_kept_and_nothing_else(name, file_format, hand_in, private_files):
    assert hand_in(content=photo(file_format), name=name).status_code == 302
    (kept,) = files(private_files)
    assert SECRET.encode() not in kept.read_bytes()
    with Image.open(kept) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == (file_format, (20, 30), {})
        red, _green, blue = picture.getpixel((15, 5))
        assert red > blue  # upright: the corner is where a viewer showed it


def test_a_picture_of_too_many_pixels_is_refused(hand_in, private_files, monkeypatch):
    monkeypatch.setattr("courses.services.photos.MOST_PIXELS", 599)
    response = hand_in(content=photo("PNG"), name="kaart.png", htmx=True)
    assert (response.status_code, TEXT in response.text, files(private_files)) == (422, True, [])


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_of_another_kind_is_refused_and_the_text_stays(name, hand_in, private_files):
    response = hand_in(content=REFUSED[name], name=name, htmx=True)
    assert (response.status_code, TEXT in response.text) == (422, True)
    assert 'role="alert"' in response.text
    assert (Submission.objects.count(), files(private_files)) == (0, [])


@pytest.mark.parametrize("times", [1, 6])
def test_a_file_that_is_too_large_is_refused_and_the_text_stays(times, hand_in, private_files, monkeypatch):
    """Over the limit, and so far over it that it is not read to its end."""
    for module in ("courses.services.handed_files", "portal.uploads"):
        monkeypatch.setattr(f"{module}.MOST_BYTES", 100_000)
    monkeypatch.setattr("portal.uploads.MOST_READ", 500_000)
    response = hand_in(content=PDF + b"a" * 100_000 * times, htmx=True)
    assert (response.status_code, TEXT in response.text) == (422, True)
    assert (Submission.objects.count(), files(private_files)) == (0, [])


def test_what_cannot_be_seen_is_not_looked_into(place, hand_in, client):
    client.force_login(PersonFactory())
    data = {
        "uuid": uuid.uuid4(),
        "version": place.version.pk,
        "text": TEXT,
        "file": SimpleUploadedFile("a.exe", b"MZ"),
    }
    assert client.post(reverse("answer", args=[place.activity.pk]), data).status_code == 404


def test_a_file_is_handed_out_as_something_to_save_to_its_owner_and_their_trainers(place, hand_in):
    hand_in(content=PDF, name="Verslag van Maan.pdf")
    own = reverse("handed_in_file", args=[place.activity.pk])
    theirs = reverse("submission_file", args=[Submission.objects.get().pk])
    for address, reader in ((own, place.learner), (theirs, place.trainer)):
        browser = Client()
        browser.force_login(reader)
        response = browser.get(address)
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"] == (
            f'attachment; filename="opdracht-{Submission.objects.get().pk}.pdf"'
        )
        assert (response["X-Content-Type-Options"], response["Content-Type"]) == (
            "nosniff",
            "application/octet-stream",
        )
    coordinator, colleague = PersonFactory(), PersonFactory()
    organisation = place.course.programme.organisation
    grant_role(user=coordinator, role=Role.COORDINATOR, organisation=organisation, now=timezone.now())
    grant_role(user=colleague, role=Role.TRAINER, organisation=organisation, now=timezone.now())
    for stranger in (PersonFactory(), coordinator, colleague, place.trainer):
        browser = Client()
        browser.force_login(stranger)
        assert browser.get(own).status_code == 404
    for stranger in (PersonFactory(), coordinator, colleague, place.learner):
        browser = Client()
        browser.force_login(stranger)
        for address in (theirs, reverse("submission", args=[Submission.objects.get().pk])):
            assert browser.get(address).status_code == 404
            assert browser.post(address).status_code in {404, 405}


# --- a trainer's answer ---------------------------------------------------------------------------------------------
def test_an_answer_that_is_enough_completes_and_is_shown_in_place(place, hand_in, look, answer):
    hand_in()
    assert answer("not_yet", "enough", "strong").status_code == 302
    assert is_done(place)
    assert (Enrolment.objects.get().status, Award.objects.count()) == ("completed", 1)
    page = look()
    for words in (WORDS, "Ik lees wat jij zei.", "Je zei het tegen je contactpersoon."):
        assert words in page


@pytest.mark.parametrize(
    "levels", [("strong", "not_yet", "strong"), ("not_yet", "strong", "not_yet")], ids=["must", "two others"]
)
def test_what_is_not_enough_is_handed_in_again(levels, place, hand_in, look, answer):
    hand_in()
    answer(*levels)
    assert not is_done(place)
    assert WORDS in look()
    hand_in("Ik vertelde het aan mijn contactpersoon.")
    assert WORDS not in look()
    answer("enough", "enough", "enough", words="Nu staat het er.")
    assert is_done(place)
    assert list(place.activity.attempts.values_list("passed", flat=True)) == [False, False, False, True]


def test_done_stays_done_whatever_comes_after(place, hand_in, answer):
    hand_in()
    answer("enough", "enough", "enough")
    answer("not_yet", "not_yet", "not_yet")
    hand_in("Nog een keer.")
    answer("not_yet", "not_yet", "not_yet")
    assert is_done(place)
    assert Enrolment.objects.get().status == "completed"


def test_the_learner_is_told_once_and_nothing_of_the_course(place, hand_in, answer):
    hand_in()
    answer("not_yet", "not_yet", "not_yet")
    answer("not_yet", "not_yet", "not_yet")
    answer("not_yet", "not_yet", "enough")
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.kind) == (place.learner, "feedback")
    assert f"http://testserver{place.address}#a-{place.activity.pk}" in message.text
    told = message.subject + message.text
    assert [word for word in (place.course.title, "Een gesprek", WORDS) if word in told] == []
    assert (Feedback.objects.count(), place.activity.attempts.count()) == (1, 3)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((), WORDS),
        (("enough", "enough"), WORDS),
        (("enough", "enough", "top"), WORDS),
        (("enough",) * 3, " "),
    ],
)
def test_half_an_answer_is_refused_and_what_was_filled_in_stays(levels, words, place, hand_in, answer):
    hand_in()
    response = answer(*levels, words=words)
    assert (response.status_code, Feedback.objects.count()) == (422, 0)
    assert response.text.count(" checked") == len([level for level in levels if level != "top"])
    assert words.strip() in response.text


def test_who_answers_what_was_handed_in_anew_sees_the_new_one(hand_in, answer):
    hand_in()
    older = Submission.objects.get()
    hand_in("Ik schreef het anders op.")
    response = answer("enough", "enough", "enough", submission=older)
    newer = Submission.objects.get(superseded_at=None)
    assert (response.status_code, response["Location"]) == (302, reverse("submission", args=[newer.pk]))
    assert Feedback.objects.count() == 0


def test_the_list_shows_who_waits_first_and_asks_the_same_for_many(place, hand_in, answer, client, now):
    hand_in()
    answer("enough", "enough", "enough")
    client.force_login(place.trainer)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("submissions"))
    for number in range(3):
        learner = PersonFactory()
        enrol(learner=learner, course=place.course, cohort=place.cohort, alias=f"Ster {number}", now=now)
        client.force_login(learner)
        data = {"uuid": uuid.uuid4(), "version": place.version.pk, "text": TEXT}
        client.post(reverse("answer", args=[place.activity.pk]), data)
    client.force_login(place.trainer)
    with CaptureQueriesContext(connection) as again:
        page = client.get(reverse("submissions")).text
    assert len(again) == len(queries)
    places = [page.index(f">{name}<") for name in ("Ster 0", "Ster 1", "Ster 2", "Maan")]
    assert places == sorted(places)


def test_who_stopped_or_left_the_group_is_not_looked_at_any_more(place, hand_in, answer):
    hand_in()
    withdraw(enrolment=place.enrolment, now=timezone.now())
    assert answer("enough", "enough", "enough").status_code == 404


# --- waiting --------------------------------------------------------------------------------------------------------
def test_after_its_days_it_counts_without_an_answer(place, hand_in, look):
    hand_in()
    handed_in_at = Submission.objects.get().handed_in_at
    assert wait_out_assignments(now=handed_in_at + timedelta(days=14, seconds=-1)) == 0
    assert wait_out_assignments(now=handed_in_at + timedelta(days=14)) == 1
    assert wait_out_assignments(now=handed_in_at + timedelta(days=15)) == 0
    assert is_done(place)
    last = Attempt.objects.last()
    assert (last.passed, last.self_reported, last.response["text"]) == (True, True, TEXT)
    assert (Enrolment.objects.get().status, Award.objects.count()) == ("completed", 1)
    assert TEXT in look()


def test_handing_in_again_does_not_make_the_wait_longer(place, hand_in):
    hand_in()
    first = Submission.objects.get().due_at
    hand_in("Iets beter geschreven.")
    assert Submission.objects.get(superseded_at=None).due_at == first
    assert wait_out_assignments(now=first) == 1
    assert is_done(place)


def test_after_an_answer_the_days_begin_anew(place, hand_in, answer):
    hand_in()
    first = Submission.objects.get().due_at
    answer("not_yet", "not_yet", "not_yet")
    assert wait_out_assignments(now=first + timedelta(days=99)) == 0
    hand_in("Opnieuw.")
    assert Submission.objects.get(superseded_at=None).due_at > first


def test_an_answer_after_the_days_is_still_read(place, hand_in, look, answer):
    hand_in()
    wait_out_assignments(now=timezone.now() + timedelta(days=15))
    with time_machine.travel(timezone.now() + timedelta(days=16)):
        assert answer("not_yet", "not_yet", "not_yet").status_code == 302
    assert (is_done(place), WORDS in look()) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_the_clock_does_it(place, hand_in):
    hand_in()
    Submission.objects.update(due_at=timezone.now())
    call_command("clock", once=True)
    assert is_done(place)


# --- the record -----------------------------------------------------------------------------------------------------
def test_the_record_rebuilt_from_attempts_is_the_same(place, hand_in, answer):
    hand_in()
    answer("not_yet", "not_yet", "not_yet")
    hand_in("Opnieuw.")
    wait_out_assignments(now=timezone.now() + timedelta(days=15))
    answer("strong", "strong", "strong")
    assert rebuild_enrolment(enrolment=Enrolment.objects.get()) == 0
    place.enrolment.states.all().delete()
    assert rebuild_enrolment(enrolment=Enrolment.objects.get()) == 2
    assert is_done(place)


def test_a_file_goes_when_it_is_handed_in_anew(hand_in, private_files, django_capture_on_commit_callbacks):
    hand_in(content=PDF)
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(content=b"%PDF-1.7 een beter verslag")
    (kept,) = files(private_files)
    assert kept.read_bytes() == b"%PDF-1.7 een beter verslag"


def test_a_file_that_nobody_knows_of_is_swept_after_a_day(hand_in, private_files, now):
    hand_in(content=PDF)
    storages["private"].save(f"{handed_files.FOLDER}/wees.pdf", SimpleUploadedFile("wees.pdf", PDF))
    assert sweep_handed_files(now=timezone.now()) == 0
    assert sweep_handed_files(now=timezone.now() + timedelta(days=2)) == 1
    assert len(files(private_files)) == 1


def test_erasure_leaves_no_file_and_no_words(place, hand_in, answer, private_files):
    hand_in(content=PDF)
    answer("enough", "enough", "enough")
    assert TEXT in str(export_person(user=place.learner, now=timezone.now()))
    erase_person(user=place.learner, now=timezone.now())
    assert (files(private_files), Submission.objects.count(), Feedback.objects.count()) == ([], 0, 0)
    assert [trace for words in (TEXT, WORDS) for trace in find_traces([words])] == []


def test_erasing_a_trainer_keeps_what_they_answered(place, hand_in, answer):
    hand_in()
    answer("enough", "enough", "enough")
    erase_person(user=place.trainer, now=timezone.now())
    assert (Feedback.objects.get().trainer, Feedback.objects.get().words) == (None, WORDS)


def test_a_record_that_is_closed_or_erased_takes_the_files_along(
    place, hand_in, answer, private_files, settings
):
    hand_in(content=PDF)
    answer("enough", "enough", "enough")
    later = timezone.now() + timedelta(days=settings.RECORD_DAYS + 1)
    assert close_old_records(now=later) == 1
    assert (files(private_files), Submission.objects.count()) == ([], 0)
    assert is_done(place)
    assert erase_record(learner=place.learner, now=later) == 1


def test_a_flow_asks_who_is_answering(place, hand_in, now):
    hand_in()
    stranger = PersonFactory()
    grant_role(user=stranger, role=Role.TRAINER, organisation=OrganisationFactory(), now=now)
    with pytest.raises(NotTheirs):
        answer_submission(
            submission_id=Submission.objects.get().pk, trainer=stranger, levels={}, words=WORDS, now=now
        )
