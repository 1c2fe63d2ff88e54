"""What a course asks for its certificate, edited in Wagtail in plain words."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from certification.models import Accreditation, Award, Points, Register, Scheme, Signatory
from cms.roles import give_roles_their_permissions
from courses.models import Course
from people.models import Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.factories import CourseFactory, OrganisationFactory, PersonFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db
EMPTY = {
    "paper": "certificate",
    "handing": "automatic",
    "neutral": "on",
    "valid_months": "",
    "valid_until": "",
    "renewal_days": "90",
    "refresher": "",
}


@pytest.fixture
def course(db):
    return CourseFactory(programme=ProgrammeFactory(audience="professionals"))


@pytest.fixture
def editor(client, now, course):
    made.make_site()
    give_roles_their_permissions()
    person = PersonFactory()
    grant_role(user=person, role=Role.EDITOR, organisation=course.programme.organisation, now=now)
    client.force_login(person)
    return person


def add(client, course, **fields):
    return client.post(reverse("certificate_schemes:add"), {"course": course.pk, **EMPTY, **fields})


def errors(response):
    return [str(error) for each in response.context["form"].errors.values() for error in each]


def test_an_editor_says_what_a_course_asks(editor, client, course):
    assert client.get(reverse("certificate_schemes:add")).status_code == 200
    response = add(client, course, ask_activities="on", ask_sign_off="on", valid_months="24")
    assert response.status_code == 302
    scheme = Scheme.objects.get()
    assert (scheme.course, scheme.requirements, scheme.valid_months) == (
        course,
        {"activities": {}, "sign_off": {}},
        24,
    )
    form = client.get(reverse("certificate_schemes:edit", args=[scheme.pk])).context["form"]
    assert [name for name in form.fields if name.startswith("ask_") and form[name].value()] == [
        "ask_activities",
        "ask_sign_off",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Kies minstens één eis."),
        ({"ask_evaluation": "on"}, "niet alleen op iemands eigen woord rust"),
        (
            {"ask_activities": "on", "valid_months": "12", "valid_until": "2099-01-01"},
            "Kies maanden of een datum, niet allebei.",
        ),
        ({"ask_activities": "on", "valid_until": "2020-01-01"}, "Deze datum is voorbij"),
        ({"ask_activities": "on", "valid_months": "0"}, "minstens 1"),
        ({"ask_activities": "on", "valid_months": "601"}, "hoogstens 600"),
    ],
)
def test_a_scheme_that_could_not_hold_is_refused_in_words(editor, client, course, fields, words):
    response = add(client, course, **fields)
    assert response.status_code == 200
    assert any(words in error for error in errors(response)), errors(response)
    assert Scheme.objects.count() == 0


def test_a_course_is_not_its_own_refresher(editor, client, course):
    assert "verlengt het ook" in str(
        errors(add(client, course, ask_activities="on", refresher=str(course.pk)))
    )


def test_what_tells_why_somebody_took_part_stays_neutral(editor, client, course):
    own = course.programme.organisation
    telling = CourseFactory(programme=ProgrammeFactory(audience="ervaringsmaatjes", organisation=own))
    assert "staat de neutrale" in str(errors(add(client, telling, ask_activities="on", neutral="")))


def test_a_course_has_one_scheme(editor, client, course):
    add(client, course, ask_activities="on")
    assert "Er bestaat al een" in str(errors(add(client, course, ask_activities="on")))


def award_of(course, scheme, now):
    holder = PersonFactory(legal_name="Sanne")
    return Award.objects.create(
        organisation=course.programme.organisation,
        serial_year=2026,
        serial_number=1,
        scheme=scheme,
        holder=holder,
        holder_name="Sanne",
        salt="x",
        course_key=course.key,
        neutral=False,
        net_minutes=0,
        started_on=now.date(),
        completed_on=now.date(),
        issued_at=now,
        language="nl",
    )


def test_a_scheme_by_which_something_was_awarded_stays(editor, client, course, now):
    scheme = Scheme.objects.create(course=course, requirements={"activities": {}})
    award = award_of(course, scheme, now)
    response = client.post(reverse("certificate_schemes:delete", args=[scheme.pk]), follow=True)
    assert "kan niet weg" in response.content.decode()
    assert Award.objects.get() == award


def test_an_unused_scheme_goes_with_its_accreditations(editor, client, course):
    scheme = Scheme.objects.create(course=course, requirements={"activities": {}})
    Accreditation.objects.create(
        scheme=scheme,
        register=Register.objects.create(name="SKJ"),
        number="A1",
        points=4,
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(2027, 1, 1),
    )
    client.post(reverse("certificate_schemes:delete", args=[scheme.pk]))
    assert (Scheme.objects.count(), Accreditation.objects.count()) == (0, 0)


def test_a_register_in_use_stays(editor, client, course):
    register = Register.objects.create(name="SKJ")
    register.numbers.create(user=PersonFactory(), number="1")
    client.post(reverse("registers:delete", args=[register.pk]))
    assert Register.objects.get() == register


def test_editors_edit_the_schemes_of_their_own_organisation(editor, client, course):
    own = Scheme.objects.create(course=course, requirements={"activities": {}})
    theirs = Scheme.objects.create(
        course=CourseFactory(title="Van een ander"), requirements={"activities": {}}
    )
    assert list(client.get(reverse("certificate_schemes:index")).context["object_list"]) == [own]
    for name in ("edit", "delete", "history", "usage"):
        assert client.get(reverse(f"certificate_schemes:{name}", args=[own.pk])).status_code == 200
        address = reverse(f"certificate_schemes:{name}", args=[theirs.pk])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    refused = add(client, CourseFactory(), ask_activities="on")
    assert list(refused.context["form"].errors) == ["course"]
    assert Scheme.objects.count() == 2


def test_signatures_of_others_are_no_choice_but_who_signs_already_stays(editor, client, course):
    own, theirs, kept = (
        Signatory.objects.create(organisation=organisation, name=name, function="Directeur")
        for name, organisation in (
            ("Eigen", course.programme.organisation),
            ("Ander", OrganisationFactory()),
            ("Blijvend", OrganisationFactory()),
        )
    )
    scheme = Scheme.objects.create(course=course, requirements={"activities": {}})
    scheme.signatories.add(kept)
    form = client.get(reverse("certificate_schemes:edit", args=[scheme.pk])).context["form"]
    assert list(form.fields["signatories"].queryset) == [kept, own]
    assert (
        "signatories"
        in add(client, CourseFactory(), ask_activities="on", signatories=theirs.pk).context["form"].errors
    )


@pytest.fixture
def skj(db):
    return Register.objects.create(name="SKJ")


def accredit(course, register, number):
    scheme, _made = Scheme.objects.get_or_create(course=course, defaults={"requirements": {"activities": {}}})
    return Accreditation.objects.create(
        scheme=scheme,
        register=register,
        number=number,
        points=4,
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(2027, 1, 1),
    )


def as_typed(accreditation, **fields):
    names = ("number", "category", "counting", "points", "valid_from", "valid_until")
    return {
        "scheme": accreditation.scheme_id,
        "register": accreditation.register_id,
        **{name: getattr(accreditation, name) for name in names},
        **fields,
    }


def statuses(client, kind, pk):
    """What somebody meets at every screen about one of a kind."""
    names = ("edit", "delete", "history", "history_results", "usage", "copy")
    addresses = [reverse(f"{kind}:{name}", args=[pk]) for name in names]
    return {client.get(address).status_code for address in addresses}


def test_editors_look_after_the_accreditations_of_their_own_organisation(editor, client, course, skj):
    own = accredit(course, skj, "A1")
    theirs = accredit(CourseFactory(title="Van een ander"), skj, "A2")
    assert list(client.get(reverse("accreditations:index")).context["object_list"]) == [own]
    assert (statuses(client, "accreditations", own.pk), statuses(client, "accreditations", theirs.pk)) == (
        {200},
        {404},
    )
    for name in ("edit", "delete", "copy"):
        address = reverse(f"accreditations:{name}", args=[theirs.pk])
        assert client.post(address, as_typed(theirs, number="gekaapt")).status_code == 404
    assert list(Accreditation.objects.order_by("number").values_list("number", flat=True)) == ["A1", "A2"]
    form = client.get(reverse("accreditations:add")).context["form"]
    assert list(form.fields["scheme"].queryset) == [own.scheme]
    smuggled = client.post(
        reverse("accreditations:edit", args=[own.pk]), as_typed(own, scheme=theirs.scheme_id)
    )
    assert list(smuggled.context["form"].errors) == ["scheme"]


def test_editors_change_and_delete_an_accreditation_of_their_own(editor, client, course, skj):
    own = accredit(course, skj, "A1")
    client.post(reverse("accreditations:edit", args=[own.pk]), as_typed(own, number="A9"))
    own.refresh_from_db()
    assert own.number == "A9"
    client.post(reverse("accreditations:add"), as_typed(own, number="A10"))
    assert Accreditation.objects.filter(number="A10").exists()
    client.post(reverse("accreditations:delete", args=[own.pk]))
    assert list(Accreditation.objects.values_list("number", flat=True)) == ["A10"]


@pytest.mark.parametrize("moved", [False, True])
def test_an_accreditation_by_which_points_were_earned_stays(editor, client, course, skj, now, moved):
    own = accredit(course, skj, "A1")
    award = award_of(course, own.scheme, now)
    earned = Points.objects.create(
        award=award,
        register=skj,
        accreditation=own,
        accreditation_number="A1",
        points=4,
        minutes=60,
        earned_on=now.date(),
    )
    doors = [("accreditations", own.pk)]
    if moved:  # to a scheme by which nothing was awarded
        other = CourseFactory(programme=course.programme)
        own.scheme = Scheme.objects.create(course=other, requirements={"activities": {}})
        own.save()
        doors.append(("certificate_schemes", own.scheme_id))
    for kind, pk in doors:
        response = client.post(reverse(f"{kind}:delete", args=[pk]), follow=True)
        assert "kan niet weg" in response.content.decode()
    earned.refresh_from_db()
    assert earned.accreditation == own
    assert Scheme.objects.filter(pk=own.scheme_id).exists()


@pytest.mark.parametrize("points", ["0", "-3"])
def test_points_that_are_none_are_refused_in_words(editor, client, course, skj, points):
    own = accredit(course, skj, "A1")
    response = client.post(reverse("accreditations:edit", args=[own.pk]), as_typed(own, points=points))
    assert errors(response) == ["Hoeveel punten levert het op? Vul een getal boven nul in."]


def test_editors_look_after_the_signatories_of_their_own_organisation(editor, client, course):
    own, theirs = (
        Signatory.objects.create(organisation=organisation, name=name, function="Directeur")
        for name, organisation in (("Eigen", course.programme.organisation), ("Ander", OrganisationFactory()))
    )
    assert list(client.get(reverse("signatories:index")).context["object_list"]) == [own]
    assert (statuses(client, "signatories", own.pk), statuses(client, "signatories", theirs.pk)) == (
        {200},
        {404},
    )
    typed = {"organisation": own.organisation_id, "name": "A. Bos", "function": "Directeur"}
    for name in ("edit", "delete", "copy"):
        assert client.post(reverse(f"signatories:{name}", args=[theirs.pk]), typed).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "Ander"
    form = client.get(reverse("signatories:add")).context["form"]
    assert list(form.fields["organisation"].queryset) == [own.organisation]
    smuggled = client.post(
        reverse("signatories:edit", args=[own.pk]), typed | {"organisation": theirs.organisation_id}
    )
    assert list(smuggled.context["form"].errors) == ["organisation"]
    client.post(reverse("signatories:edit", args=[own.pk]), typed)
    own.refresh_from_db()
    assert own.name == "A. Bos"
    client.post(reverse("signatories:delete", args=[own.pk]))
    assert list(Signatory.objects.all()) == [theirs]


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COORDINATOR, Role.TRAINEE])
def test_others_do_not_edit_what_certificates_ask(editor, client, course, now, role):
    scheme = Scheme.objects.create(course=course, requirements={"activities": {}})
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=OrganisationFactory(), now=now)
    client.force_login(person)
    for address in ("certificate_schemes:edit", "certificate_schemes:delete"):
        response = client.post(reverse(address, args=[scheme.pk]))
        assert response.status_code in {302, 403, 405}
        assert Scheme.objects.count() == 1


# --- signatures -----------------------------------------------------------------------------------------------------
def picture(size=(300, 100), kind="PNG"):
    made_file = io.BytesIO()
    Image.new("L", size).save(made_file, kind)
    return made_file.getvalue()


def sign(client, content, name="mijn naam.png"):
    return client.post(
        reverse("signatories:add"),
        {
            "organisation": Course.objects.get().programme.organisation_id,
            "name": "A. Bos",
            "function": "Directeur",
            "image": SimpleUploadedFile(name, content),
        },
    )


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return tmp_path


def test_a_signature_is_private_and_named_by_chance(editor, client, private_files):
    assert sign(client, picture()).status_code == 302
    (kept,) = private_files.rglob("*.png")
    signatory = Signatory.objects.get()
    assert signatory.image.name == f"handtekeningen/{kept.name}"
    assert "naam" not in kept.name
    assert len(kept.stem) == 32
    page = client.get(reverse("signatories:edit", args=[signatory.pk])).content.decode()
    assert kept.stem not in page


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n<script>",
        picture(kind="GIF"),
        picture((5000, 10)),
        picture((14_000, 14_000)),
        b"x" * 1_000_001,
    ],
    ids=["svg", "broken", "gif", "wide", "bomb", "large"],
)
def test_what_is_no_small_picture_is_refused_and_leaves_nothing(editor, client, private_files, content):
    response = sign(client, content)
    assert response.status_code == 200
    assert "image" in response.context["form"].errors
    assert (Signatory.objects.count(), list(private_files.rglob("*.*"))) == (0, [])


def test_an_editor_adds_shorter_ways_to_renew(editor, client, course):
    register = Register.objects.create(name="SKJ")
    refresher = CourseFactory(programme=course.programme)
    fields = {"refresher": refresher.pk, "renewal_register": register.pk, "renewal_points": "40"}
    assert add(client, course, ask_activities="on", valid_months="24", **fields).status_code == 302
    scheme = Scheme.objects.get()
    assert (scheme.refresher, scheme.renewal_register, scheme.renewal_points) == (refresher, register, 40)
    page = client.get(reverse("certificate_schemes:edit", args=[scheme.pk])).content.decode()
    assert "Wie dezelfde cursus nog een keer doet, verlengt het." in page


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"renewal_points": "40"}, "renewal_register", "In welk register?"),
        ({"renewal_register": "SKJ"}, "renewal_points", "Met hoeveel punten"),
        ({"renewal_register": "SKJ", "renewal_points": "0"}, "renewal_points", "Met hoeveel punten"),
        ({"renewal_register": "SKJ", "renewal_points": "-1"}, "__all__", "meer dan nul"),
        (
            {"renewal_register": "SKJ", "renewal_points": "4", "valid_months": ""},
            "renewal_register",
            "loopt niet af",
        ),
        ({"renewal_days": "3651"}, "renewal_days", "3650"),
    ],
)
def test_a_way_to_renew_that_could_never_be_gone_is_refused_where_it_was_asked(
    editor, client, course, fields, name, words
):
    register = Register.objects.create(name="SKJ")
    given = {"valid_months": "12", **fields}
    if "renewal_register" in given:
        given["renewal_register"] = register.pk
    response = add(client, course, ask_activities="on", **given)
    said = response.context["form"].errors
    assert list(said) == [name]
    assert words in str(said[name])
    assert Scheme.objects.count() == 0
