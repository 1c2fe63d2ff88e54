"""What comes of a scheme before it is kept: the paper, and who would get it."""

import io
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from certification.models import Accreditation, Register, Scheme, Signatory
from certification.services import samples
from certification.services.marks import set_mark
from cms.roles import give_roles_their_permissions
from courses.models import Enrolment
from courses.services.enrolments import enrol
from people.models import Role, User
from people.services.roles import grant_role
from tests.certification.sheets import picture
from tests.cms import made_pages as made
from tests.factories import CourseFactory, OrganisationFactory, PersonFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
READY = "Je trainer moet nog zeggen dat je er klaar voor bent. Daar praten jullie samen over."
LESSONS = "Doe alle onderdelen van de lessen: 0 van de 0 gedaan."
FORM = {
    "paper": "participation",
    "handing": "automatic",
    "neutral": "",
    "valid_months": "24",
    "valid_until": "",
    "renewal_days": "90",
    "refresher": "",
    "ask_activities": "on",
}


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return tmp_path


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


@pytest.fixture
def course(db):
    return CourseFactory(
        title="Motiverende gespreksvoering", programme=ProgrammeFactory(audience="professionals")
    )


@pytest.fixture
def scheme(course):
    return Scheme.objects.create(course=course, requirements={"activities": {}})


def signed_in(client, organisation, role, now) -> User:
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=organisation, now=now)
    client.force_login(person)
    return person


@pytest.fixture
def editor(client, now, course):
    made.make_site()
    give_roles_their_permissions()
    return signed_in(client, course.programme.organisation, Role.EDITOR, now)


# --- who would get it -----------------------------------------------------------------------------------------------
def lines(response):
    return [
        (each.enrolment.alias, each.before.missing, each.after.missing if each.after else None)
        for each in response.context["page"]
    ]


def test_every_learner_is_shown_as_it_is_and_as_it_would_become(editor, client, scheme, now):
    person = PersonFactory(legal_name="Geheime Naam", email="geheim@example.org")
    enrol(learner=person, course=scheme.course, alias="Maan", now=now)
    stopped = enrol(learner=PersonFactory(), course=scheme.course, alias="Ster", now=now)
    Enrolment.objects.filter(pk=stopped.pk).update(status="withdrawn")
    address = reverse("who_would_get_it", args=[scheme.pk])
    as_it_is = client.get(address)
    assert lines(as_it_is) == [("Maan", (LESSONS,), None)]
    assert as_it_is.context["then"] is None
    tried = client.get(address, {"ask_sign_off": "on", "handing": "automatic"})
    assert lines(tried) == [("Maan", (LESSONS,), (READY,))]
    assert (tried.context["differing"], tried.context["then"]) == (1, {"given": 0, "earned": 0, "open": 1})
    page = tried.content.decode()
    assert "Wie een certificaat heeft, houdt het, wat je hier ook verandert." in page
    assert READY in page
    assert ("Geheime" in page, "geheim@" in page) == (False, False)
    assert Scheme.objects.get().requirements == {"activities": {}}


def test_the_form_as_it_stands_leads_to_an_address_and_saves_nothing(editor, client, scheme):
    form = {**FORM, "course": scheme.course_id, "ask_sign_off": "on", "handing": "confirmed"}
    response = client.post(reverse("who_would_get_it", args=[scheme.pk]), form)
    assert response.status_code == 302
    assert parse_qs(urlsplit(response.url).query) == {
        "ask_activities": ["on"],
        "ask_sign_off": ["on"],
        "handing": ["confirmed"],
    }
    assert client.get(response.url).context["then"] is not None
    kept = Scheme.objects.get()
    assert (kept.requirements, kept.handing) == ({"activities": {}}, "automatic")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"ask_evaluation": "on", "handing": "automatic"}, "niet alleen op iemands eigen woord rust"),
        ({"handing": "automatic"}, "Kies minstens één eis."),
        ({"ask_activities": "on", "handing": "nooit"}, "nooit"),
        ({"ask_activities": "on", "handing": "automatic", "valid_until": "31-31-31"}, "datum"),
        ({"ask_attendance": "on", "attendance_least": "9" * 5000, "handing": "automatic"}, "100"),
    ],
)
def test_what_could_not_be_asked_is_said_and_who_has_what_stays_to_be_seen(
    editor, client, scheme, now, asked, words
):
    enrol(learner=PersonFactory(), course=scheme.course, alias="Maan", now=now)
    response = client.post(reverse("who_would_get_it", args=[scheme.pk]), asked, follow=True)
    assert response.status_code == 200
    assert words in str(response.context["form"].errors)
    assert response.context["then"] is None
    assert lines(response) == [("Maan", (LESSONS,), None)]


def test_many_learners_are_leafed_through_at_the_same_cost(
    editor, client, scheme, now, django_assert_max_num_queries, django_assert_num_queries
):
    first = enrol(learner=PersonFactory(), course=scheme.course, alias="Deelnemer 000", now=now)
    address = reverse("who_would_get_it", args=[scheme.pk])
    asked = {"ask_sign_off": "on", "handing": "automatic"}
    client.get(address, asked)  # what is looked up once stays in memory

    def add(numbers) -> None:
        people = User.objects.bulk_create(
            PersonFactory.build(email=f"p{number}@example.org") for number in numbers
        )
        Enrolment.objects.bulk_create(
            Enrolment(
                learner=person,
                course=scheme.course,
                course_version=first.course_version,
                alias=f"Deelnemer {number:03}",
                started_at=now,
            )
            for number, person in zip(numbers, people, strict=True)
        )

    add(range(1, 10))
    with django_assert_max_num_queries(40) as ten:
        assert len(client.get(address, asked).context["page"]) == 10
    add(range(10, 500))
    with django_assert_num_queries(len(ten)):
        second = client.get(address, {**asked, "page": "2"})
    assert second.context["people"] == 500
    assert [each.enrolment.alias for each in second.context["page"]][::49] == [
        "Deelnemer 050",
        "Deelnemer 099",
    ]
    assert "ask_sign_off=on&amp;handing=automatic&amp;page=3" in second.content.decode()


def test_other_roles_and_other_organisations_see_nobody(editor, client, scheme, now):
    enrol(learner=PersonFactory(), course=scheme.course, alias="Maan", now=now)
    addresses = [
        reverse("who_would_get_it", args=[scheme.pk]),
        reverse("scheme_paper", args=[scheme.pk, "nl", "lang"]),
    ]
    organisation = scheme.course.programme.organisation
    for role in (Role.TRAINER, Role.COORDINATOR, Role.TRAINEE):
        signed_in(client, organisation, role, now)
        assert {client.post(address, FORM).status_code for address in addresses} <= {302, 403}
        assert client.get(addresses[0]).status_code in {302, 403}
    foreign = signed_in(client, OrganisationFactory(), Role.EDITOR, now)
    # A role among the learners opens no more than it does elsewhere.
    grant_role(user=foreign, role=Role.TRAINER, organisation=organisation, now=now)
    assert [client.post(address, FORM).status_code for address in addresses] == [404, 404]
    assert client.get(addresses[0]).status_code == 404


# --- the paper ------------------------------------------------------------------------------------------------------
def signatory(course, name, image=b"") -> Signatory:
    made_one = Signatory(organisation=course.programme.organisation, name=name, function="Directeur zorg")
    if image:
        made_one.image.save("x.png", ContentFile(image), save=False)
    made_one.save()
    return made_one


def sheet(scheme, signatories, now, language="nl"):
    return samples.sheet_of_scheme(
        scheme, signatories=signatories, language=language, name=samples.NAMES["lang"], now=now
    )


def test_the_paper_bears_what_the_scheme_says_in_the_look_of_its_organisation(scheme, now):
    course = scheme.course
    course.titles = {"nl": course.title, "en": "Motivational interviewing"}
    who = signatory(course, "Anna-Maria van den Heuvel", picture(300, 100))
    Accreditation.objects.create(
        scheme=scheme,
        register=Register.objects.create(name="SKJ"),
        number="A1",
        points=4,
        valid_from=now.date(),
        valid_until=now.date(),
    )
    set_mark(
        organisation=course.programme.organisation,
        action="#5a2a6b",
        warm="#8a4b00",
        logo=picture(600, 200),
        now=now,
    )
    scheme.paper, scheme.neutral = "participation", False
    seen = sheet(scheme, [who], now, "en")
    (signs,) = seen.signatories
    assert (signs.name, signs.function, signs.image[:4]) == (who.name, "Directeur zorg", b"\x89PNG")
    assert (seen.template, seen.title, seen.language) == ("participation", "Motivational interviewing", "en")
    assert (seen.brand.action, seen.brand.logo[:4]) == ("#5a2a6b", b"\x89PNG")
    assert [(each.register, each.number, each.points) for each in seen.accreditations] == [("SKJ", "A1", 4)]
    assert seen.holder_name == samples.NAMES["lang"]
    scheme.neutral = True
    assert sheet(scheme, [], now).title == "Avondcursus"
    assert sheet(scheme, [], now).signatories == ()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_editor_sees_the_paper_as_the_form_stands(editor, client, scheme, monkeypatch, language):
    """The form bears another paper and other signatories than what is stored, which stays as it is."""
    stored, typed = signatory(scheme.course, "Stored"), signatory(scheme.course, "Typed", picture(300, 100))
    scheme.signatories.add(stored)
    seen = []
    render = samples.preview
    monkeypatch.setattr(samples, "preview", lambda each: seen.append(each) or render(each))
    response = client.post(
        reverse("scheme_paper", args=[scheme.pk, language, "lang"]),
        {**FORM, "course": scheme.course_id, "signatories": [typed.pk]},
    )
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert (len(pdf.pages), str(pdf.Root.Lang)) == (1, language)
    (each,) = seen
    assert ([who.name for who in each.signatories], each.template) == (["Typed"], "participation")
    assert each.title == "Motiverende gespreksvoering"
    scheme.refresh_from_db()
    assert (list(scheme.signatories.all()), scheme.paper, scheme.neutral) == ([stored], "certificate", True)


def test_a_scheme_that_is_being_made_has_a_paper_too(editor, client, course):
    page = client.get(reverse("certificate_schemes:add")).content.decode()
    address = reverse("new_scheme_paper", args=["nl", "lang"])
    assert f'formaction="{address}"' in page
    # What it asks may still be open: nothing of that shows on paper.
    response = client.post(address, {**FORM, "course": course.pk, "ask_activities": ""})
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert Scheme.objects.count() == 0


def test_what_cannot_be_shown_yet_is_said_by_field(editor, client, course):
    response = client.post(
        reverse("new_scheme_paper", args=["nl", "lang"]), {**FORM, "course": "", "valid_months": "0"}
    )
    assert response.status_code == 200
    assert [label for label, _said in response.context["said"]] == ["Cursus", "Zoveel maanden geldig"]


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "broken"])
def test_a_signature_that_cannot_be_drawn_is_named(editor, client, scheme, private_files, gone):
    who = signatory(scheme.course, "A. Bos", picture(300, 100))
    file = private_files / who.image.name
    file.unlink() if gone else file.write_bytes(b"no picture")
    response = client.post(
        reverse("scheme_paper", args=[scheme.pk, "nl", "lang"]),
        {**FORM, "course": scheme.course_id, "signatories": [who.pk]},
    )
    assert response.status_code == 200
    (((label, said)),) = response.context["said"]
    assert label == "handtekening"
    assert said == (
        ["De afbeelding van een handtekening is er niet meer. Voeg haar opnieuw toe."]
        if gone
        else ["Dit is geen afbeelding in png, jpeg of webp."]
    )


@pytest.mark.parametrize(("language", "name"), [("de", "lang"), ("nl", "niemand")])
def test_a_paper_that_nobody_offered_leads_back_to_the_form(editor, client, scheme, language, name):
    response = client.post(reverse("scheme_paper", args=[scheme.pk, language, name]), FORM)
    assert response["Location"] == reverse("certificate_schemes:edit", args=[scheme.pk])
