"""A person with everything, erased: nothing is left in any table or file, and what was certified still answers."""

import json
import uuid

import pikepdf
import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from certification.models import Award, Document
from certification.services.documents import produce
from cms.models import LessonPage
from courses.models import ActivityState, Attempt, Cohort, Enrolment, Reflection
from courses.services.enrolments import enrol, withdraw
from people.flows import send_message
from people.models import Membership, OutboxMessage, Role, SignIn, User
from people.privacy.traces import find_traces
from people.services.privacy import erase_person, export_person
from people.services.profiles import save_contact
from people.services.roles import grant_role
from portal.flows import answer_activity
from tests.cms import made_pages as made
from tests.factories import PASSWORD, OrganisationFactory, PersonFactory, right_answer

pytestmark = pytest.mark.django_db
SECRET = "kauwtjes op de vensterbank"
NAMES = {"alias": "Zonnevlecht", "legal_name": "Wilhelmina Quispelaar", "aunt": "Tante Xanthippe"}
EMAIL = "uniek.adres@erasure.example"


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Documents of one test stay its own."""
    folder, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    }
    return folder


def do(person, activity, now, data=None):
    version = activity.versions.order_by("-number").first()
    return answer_activity(
        learner=person,
        activity_id=activity.pk,
        version_id=version.pk,
        data=data or right_answer(version),
        uuid=uuid.uuid4(),
        now=now,
    )


@pytest.fixture
def person(site, now):
    """Learnt, wrote, earned, was written to, signed in, trains a group, coordinates, and edited a page."""
    person = PersonFactory(email=EMAIL, alias=NAMES["alias"], legal_name=NAMES["legal_name"])
    save_contact(
        user=person,
        channel="mail",
        safe_from=None,
        safe_until=None,
        person_name=NAMES["aunt"],
        person_phone="06 98",
    )
    stopped = enrol(learner=person, course=site.course, alias=f"{NAMES['alias']} eerst", now=now)
    do(person, site.text, now, {"text": f"Eerst: {SECRET}"})
    withdraw(enrolment=stopped, now=now)
    cohort = Cohort.objects.create(course=site.course, name="Groep")
    enrol(learner=person, course=site.course, cohort=cohort, alias=NAMES["alias"], now=now)
    do(person, site.text, now, {"text": SECRET})
    for activity in site.counting:
        do(person, activity, now)
    cohort.trainers.add(person)
    for role in (Role.TRAINER, Role.COORDINATOR):
        grant_role(user=person, role=role, organisation=OrganisationFactory(), now=now)
    assert produce(award_id=Award.objects.get().pk, now=now)
    send_message(
        recipient=person,
        address=EMAIL,
        kind="reminder",
        cause=f"reminder:{person.pk}",
        subject="Een bericht",
        text=f"Dag {NAMES['alias']}",
        now=now,
    )
    Client().post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    page = LessonPage.objects.get(pk=site.one.pk)
    page.owner = person
    page.save_revision(user=person, log_action=True).publish(user=None)
    other = PersonFactory()
    theirs = enrol(learner=other, course=site.course, alias="Ander", now=now)
    do(other, site.text, now, {"text": "Van een ander"})
    Reflection.objects.filter(enrolment=theirs).update(shared_at=now, shared_with=person)
    return person


def words_of(person):
    award = Award.objects.filter(holder=person).first()
    keys = [str(key) for key in Enrolment.objects.filter(learner=person).values_list("pk", flat=True)]
    return {
        "e-mail": [EMAIL],
        "names": list(NAMES.values()),
        "text": [SECRET, "vensterbank"],
        "account": [str(person.pk), person.pk.hex],
        "salt": [award.salt],
        "file": [award.document.file_name],
        "enrolments": [*keys, *[key.replace("-", "") for key in keys]],
    }


def files_with(words, folder):
    """Files below a folder whose path or bytes hold one of the words; compressed text is unpacked first."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        str(path.relative_to(folder)) for path in files if any(word.encode() in _told(path) for word in words)
    ]


def _told(path):
    content = str(path).encode() + path.read_bytes()
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            content += str(pdf.docinfo).encode() + b"".join(page.Contents.read_bytes() for page in pdf.pages)
    return content


def test_the_export_holds_all_of_it(person, site, now):
    export = export_person(user=person, now=now)
    told = json.dumps(export, ensure_ascii=False)
    for words in (EMAIL, *NAMES.values(), SECRET, "B: Ernaast staan"):
        assert words in told
    award = Award.objects.get()
    assert award.public_id in told
    held = export["holdings"]
    counts = {
        model: len(held[model])
        for model in sorted(held)
        if model.split(".")[0] in {"courses", "certification"}
    }
    assert counts == {
        "certification.Award": 1,
        "certification.AwardEvent": 1,
        "certification.BadgeStatus": 1,
        "certification.Document": 1,
        "courses.ActivityState": 5,
        "courses.Attempt": 5,
        "courses.Cohort": 1,
        "courses.Enrolment": 2,
        "courses.Reflection": 3,  # two of their own, and that one is shared with them
    }
    assert "Van een ander" not in told
    assert [secret for secret in (award.salt, person.password) if secret in told] == []


def test_before_the_erasure_everything_is_found(person, tmp_path):
    """Else the search below would find nothing whatever happens."""
    words = words_of(person)
    for kind in ("e-mail", "names", "account", "salt", "file", "enrolments"):
        assert find_traces(words[kind]) != [], kind
    assert find_traces(words["text"]) == []  # encrypted
    assert files_with(words["file"], tmp_path) == [f"private/{words['file'][0]}"]


def test_after_it_nothing_is_left_in_any_column_of_any_table_or_in_any_file(person, tmp_path, now):
    words = words_of(person)
    assert erase_person(user=person, now=now).traces == []
    left = {kind: find_traces(each) for kind, each in words.items()}
    # The order by which a restored backup is erased again names the two enrolments, which nothing points at any more.
    assert [(trace.table, trace.column) for trace in left.pop("enrolments")] == [
        ("courses_erasureorder", "enrolment_id")
    ]
    assert left == {kind: [] for kind in left}
    everything = [word for each in words.values() for word in each]
    assert files_with(everything, tmp_path) == []
    assert not storages["private"].exists(words["file"][0])


def test_what_others_need_stays(person, site, now):
    page, award = LessonPage.objects.get(pk=site.one.pk), Award.objects.get()
    erase_person(user=person, now=now)
    after = LessonPage.objects.get(pk=page.pk)
    assert (after.live, after.title, after.owner) == (True, page.title, None)
    kept = Award.objects.get()
    assert (kept.public_id, kept.subject_key, kept.status) == (award.public_id, award.subject_key, "valid")
    assert (kept.holder, kept.enrolment, kept.holder_name, kept.salt, Document.objects.count()) == (
        None,
        None,
        "",
        "",
        0,
    )
    other = Enrolment.objects.get()
    assert (other.alias, Attempt.objects.get().enrolment, ActivityState.objects.get().enrolment) == (
        "Ander",
        other,
        other,
    )
    shared = Reflection.objects.get()
    assert (shared.enrolment, shared.shared_with) == (other, None)
    assert [User.objects.filter(email=EMAIL).count(), SignIn.objects.count(), Membership.objects.count()] == [
        0,
        0,
        0,
    ]
    assert OutboxMessage.objects.filter(recipient__isnull=False).count() == 0
    assert list(Cohort.objects.get().trainers.all()) == []


def test_the_verifier_still_answers(person, client, now):
    award = Award.objects.get()
    address = reverse("proof", args=[award.public_id])
    before = client.get(address)
    erase_person(user=person, now=now)
    after = client.get(address)
    assert (before.status_code, after.status_code) == (200, 200)
    html = after.content.decode()
    assert award.shown_title in html
    assert [word for word in (*NAMES.values(), EMAIL, SECRET) if word in html] == []
    assert client.get(reverse("proof", args=["A" * 26])).status_code == 404


def test_who_was_erased_cannot_sign_in_and_may_come_back_as_somebody_new(person, client, now):
    erase_person(user=person, now=now)
    response = client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert response.status_code == 200
    again = PersonFactory(email=EMAIL)
    assert Enrolment.objects.filter(learner=again).count() == 0
    assert Award.objects.visible_to(again).count() == 0


def test_the_pages_of_an_erased_trainer_can_still_be_edited_and_published(person, site, now):
    erase_person(user=person, now=now)
    body = made.raw_body(LessonPage.objects.get(pk=site.one.pk))
    body[0]["value"]["question"] = "Nog steeds?"
    made.change(site.one, *body)
    assert site.question.versions.count() == 2
