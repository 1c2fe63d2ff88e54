"""Certificates for many at once, on the coordinator's screens."""

import io
import re
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.flows import award_and_queue, bundle_batch
from certification.models import Award, AwardAccess, Batch, Bundle, Document, Scheme
from certification.services.batches import give_line
from certification.services.corrections import revoke_award
from certification.tasks import pack_bundle
from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol
from people.models import Membership, Role, User
from people.services.privacy import erase_person
from people.services.roles import grant_role
from portal.flows import answer_activity
from tests.factories import OrganisationFactory, PersonFactory, right_answer

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = settings.STORAGES | {"private": private}
    return tmp_path / "private"


@pytest.fixture
def scheme(site):
    return Scheme.objects.create(course=site.course, requirements={"activities": {}}, handing="confirmed")


@pytest.fixture
def group(site):
    return Cohort.objects.create(course=site.course, name="Ede", region="Gelderland")


@pytest.fixture
def graduate(site, scheme, now):
    """Somebody new who did all that counts."""

    def make(alias, *, legal_name="Volle Naam", cohort=None):
        person = PersonFactory(alias=alias, legal_name=legal_name)
        enrolment = enrol(learner=person, course=site.course, alias=alias, cohort=cohort, now=now)
        for activity in site.counting:
            version = activity.versions.get()
            answer_activity(
                learner=person,
                activity_id=activity.pk,
                version_id=version.pk,
                data=right_answer(version),
                uuid=uuid.uuid4(),
                now=now,
            )
        return Enrolment.objects.get(pk=enrolment.pk)

    return make


def as_coordinator(site, client, now, **more):
    person = PersonFactory(alias="Collega")
    role = {"organisation": site.course.programme.organisation, **more}
    grant_role(user=person, role=Role.COORDINATOR, now=now, **role)
    client.force_login(person)
    return person


@pytest.fixture
def coordinator(site, client, now):
    return as_coordinator(site, client, now)


def page_of(site, **query):
    return reverse("give_together", args=[site.course.short_key], query=query)


def give(client, site, *people, **more):
    fields = {"batch_id": str(uuid.uuid4()), "people": ",".join(str(each.pk) for each in people), **more}
    return client.post(page_of(site), fields)


def begun(client, site, *people, work=True, now=None):
    assert give(client, site, *people).status_code == 302
    batch = Batch.objects.get()
    for line in batch.lines.order_by("pk") if work else ():
        give_line(line_id=line.pk, now=now)
    return batch


def address(batch, name="batch", **query):
    return reverse(name, args=[batch.pk], query=query)


# --- before ---------------------------------------------------------------------------------------------------------
def test_the_page_counts_first_and_says_who_misses_what(site, graduate, coordinator, client, now):
    graduate("Maan")
    graduate("Ster", legal_name="")
    enrol(learner=PersonFactory(), course=site.course, alias="Zon", now=now)
    html = body(client.get(page_of(site)))
    assert "Ja, geef het certificaat aan 1 persoon" in html
    assert "<b>Ster</b>: gaf nog geen volledige naam." in html
    assert "<b>Zon</b>: Doe alle onderdelen van de lessen: 0 van de 3 gedaan." in html
    assert (Batch.objects.count(), Award.objects.count()) == (0, 0)


def test_it_narrows_to_a_group_or_to_who_was_ticked(site, graduate, group, coordinator, client):
    here, elsewhere = graduate("Maan", cohort=group), graduate("Ster")
    html = body(client.get(page_of(site, groep=group.pk)))
    assert (str(here.pk) in html, str(elsewhere.pk) in html) == (True, False)
    html = body(client.get(page_of(site, van="keuze", wie=[elsewhere.pk])))
    assert (str(here.pk) in html, str(elsewhere.pk) in html) == (False, True)
    assert "Er is niemand aangevinkt." in body(client.get(page_of(site, van="keuze")))


@pytest.mark.parametrize(
    "query",
    [
        {"groep": "x"},
        {"groep": "9" * 40},
        {"groep": "-1"},
        {"groep": "²"},
        {"van": "keuze", "wie": ["x", "\x00", "9" * 5000]},
        {"groep": "\x00"},
    ],
)
def test_wrong_wishes_are_left_out(site, graduate, coordinator, client, query):
    graduate("Maan")
    assert client.get(page_of(site, **query)).status_code == 200


def test_who_has_one_already_goes_into_the_file(site, graduate, coordinator, client, now):
    award_and_queue(enrolment=graduate("Maan"), now=now, confirmed_by=coordinator)
    html = body(client.get(page_of(site)))
    assert "Naar het bestand" in html
    assert "Ja, geef het certificaat" not in html


def test_an_end_that_has_passed_is_said(site, scheme, graduate, coordinator, client, now):
    graduate("Maan")
    Scheme.objects.update(valid_until=(now - timedelta(days=2)).date())
    html = body(client.get(page_of(site)))
    assert "zou al verlopen zijn" in html
    assert "Ja, geef het certificaat" not in html


def test_the_lists_of_a_course_lead_there(site, graduate, group, coordinator, client):
    enrolment = graduate("Maan", cohort=group)
    html = body(client.get(reverse("course_standing", args=[site.course.short_key])))
    assert "Geven aan wie klaar is" in html
    assert f'form="samen" name="wie" value="{enrolment.pk}"' in html


def test_a_trainer_reads_the_list_and_gives_nothing(site, graduate, group, client, now):
    graduate("Maan", cohort=group)
    trainer = PersonFactory()
    grant_role(user=trainer, role=Role.TRAINER, organisation=site.course.programme.organisation, now=now)
    group.trainers.add(trainer)
    client.force_login(trainer)
    html = body(client.get(reverse("course_standing", args=[site.course.short_key])))
    assert "Geven aan wie klaar is" not in html
    assert 'name="wie"' not in html


# --- beginning ------------------------------------------------------------------------------------------------------
def test_giving_begins_with_exactly_who_stood_there(site, graduate, coordinator, client, now):
    shown, not_shown = graduate("Maan"), graduate("Ster")
    batch = begun(client, site, shown, now=now)
    assert [line.enrolment for line in batch.lines.all()] == [shown]
    assert Award.objects.get().enrolment == shown
    assert not_shown.awards.count() == 0


def test_of_others_nobody_can_be_slipped_in(site, graduate, group, client, now):
    """A coordinator of a region posts the number of somebody outside it."""
    here, elsewhere = graduate("Maan", cohort=group), graduate("Ster")
    as_coordinator(site, client, now, region="Gelderland")
    batch = begun(client, site, here, elsewhere, now=now)
    assert [line.enrolment for line in batch.lines.all()] == [here]


def test_nobody_gives_to_themselves(site, graduate, client, now):
    own, other = graduate("Zelf"), graduate("Maan")
    grant_role(
        user=own.learner, role=Role.COORDINATOR, organisation=site.course.programme.organisation, now=now
    )
    client.force_login(own.learner)
    batch = begun(client, site, own, other, now=now)
    assert [line.enrolment for line in batch.lines.all()] == [other]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"batch_id": "x", "people": "y"},
        {"batch_id": str(uuid.uuid4()), "people": "x,y"},
        {"batch_id": str(uuid.uuid4()), "people": ""},
        {"batch_id": str(uuid.uuid4()), "people": str(uuid.uuid4()), "cohort": "9" * 40},
    ],
)
def test_a_form_without_people_begins_nothing_and_says_so(site, graduate, coordinator, client, fields):
    graduate("Maan")
    response = client.post(page_of(site), fields, follow=True)
    assert "Er is niemand gekozen." in body(response)
    assert Batch.objects.count() == 0


# --- under way ------------------------------------------------------------------------------------------------------
def test_progress_moves_without_a_reload_and_rests_when_it_is_done(site, graduate, coordinator, client, now):
    batch = begun(client, site, graduate("Maan"), graduate("Ster"), work=False)
    part = address(batch, "batch_progress")
    html = body(client.get(address(batch)))
    assert "Bezig: 0 van de 2 gedaan." in html
    assert 'hx-trigger="every 2s"' in html
    shown = html.partition("stand/?shown=")[2].partition('"')[0]
    same = client.get(f"{part}?shown={shown}", headers={"HX-Request": "true"})
    assert (same.status_code, same.content) == (204, b"")
    for line in batch.lines.order_by("pk"):
        give_line(line_id=line.pk, now=now)
    moved = client.get(f"{part}?shown={shown}", headers={"HX-Request": "true"})
    assert moved.status_code == 286
    assert "Klaar: alle 2 zijn aan de beurt geweest." in body(moved)
    assert "hx-get" not in body(moved)
    assert client.get(part)["Location"] == address(batch)  # without JavaScript


def test_the_list_asks_for_itself_and_gets_itself_alone(site, graduate, coordinator, client):
    batch = begun(client, site, graduate("Maan"), work=False)
    part = body(client.get(address(batch, toon="waiting", page="1"), headers={"HX-Request": "true"}))
    assert "Maan" in part
    assert "<html" not in part
    assert part.count('id="lijst"') == 1


def test_pause_and_go_on(site, graduate, coordinator, client, now):
    batch = begun(client, site, graduate("Maan"), work=False)
    html = body(client.post(address(batch), {"pause": ""}, follow=True))
    assert "Stilgezet: 0 van de 1 gedaan." in html
    assert "hx-get" not in html  # neither how far it is nor the list asks for itself
    give_line(line_id=batch.lines.get().pk, now=now)
    assert Award.objects.count() == 0
    html = body(client.post(address(batch), {"resume": ""}, follow=True))
    assert "Bezig: 0 van de 1 gedaan." in html


def test_why_not_stands_with_each_and_only_they_are_tried_again(site, graduate, coordinator, client, now):
    done, nameless = graduate("Maan"), graduate("Ster")
    User.objects.filter(pk=nameless.learner_id).update(legal_name="")
    batch = begun(client, site, done, nameless, now=now)
    html = body(client.get(address(batch, toon="failed")))
    assert "Wacht op de volledige naam." in html
    assert "Maan" not in html
    assert "Probeer er 1 opnieuw" in html
    User.objects.filter(pk=nameless.learner_id).update(legal_name="Nu Wel")
    client.post(address(batch), {"retry": ""})
    assert sorted(batch.lines.values_list("state", flat=True)) == ["given", "waiting"]


def test_what_somebody_misses_is_said_as_it_is_now(site, scheme, graduate, coordinator, client, now):
    enrolment = graduate("Maan")
    Scheme.objects.update(requirements={"activities": {}, "sign_off": {}})
    batch = begun(client, site, enrolment, now=now)
    html = body(client.get(address(batch)))
    assert "Er mist nog iets." in html
    assert "Je trainer moet nog zeggen dat je er klaar voor bent." in html


def test_a_batch_costs_the_same_for_few_and_for_many(site, graduate, coordinator, client, now):
    people = [graduate(f"Deel {number}") for number in range(6)]
    Scheme.objects.update(requirements={"activities": {}, "sign_off": {}})
    costs = []
    for some in (people[:1], people):
        Batch.objects.all().delete()
        batch = begun(client, site, *some, now=now)
        client.get(address(batch))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(batch))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_list_of_batches_costs_the_same_for_one_and_for_more(site, graduate, coordinator, client, now):
    graduates = [graduate("Maan"), graduate("Ster")]
    costs = []
    for _batch in range(3):
        give(client, site, *graduates)
        client.get(reverse("certificates"))
        with CaptureQueriesContext(connection) as queries:
            html = body(client.get(reverse("certificates")))
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]
    assert html.count("/deelnemers/samen/") == 3


# --- the file -------------------------------------------------------------------------------------------------------
@pytest.fixture
def packed(site, graduate, coordinator, client, now):
    batch = begun(client, site, graduate("Maan"), now=now)
    client.post(address(batch), {"pack": ""})
    assert pack_bundle.call(str(batch.bundle.pk)) is True
    return batch


def test_the_file_comes_and_who_took_it_is_noted(packed, coordinator, client):
    assert "Download het bestand (zip)" in body(client.get(address(packed)))
    response = client.post(address(packed, "batch_file"))
    content = b"".join(response.streaming_content)
    award = Award.objects.get()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == [
        "index.csv",
        "index.xlsx",
        f"{award.serial}.pdf",
    ]
    assert response["Content-Disposition"] == f'attachment; filename="bewijzen-{str(packed.pk)[:8]}.zip"'
    assert response["Cache-Control"] == "no-store"
    assert list(AwardAccess.objects.values_list("award", "by", "what")) == [
        (award.pk, coordinator.pk, "bundle")
    ]


def test_the_page_counts_what_is_in_the_file_and_says_what_is_left_out(
    site, graduate, coordinator, client, now
):
    people = [graduate(name) for name in ("Maan", "Ster", "Zon", "Wolk", "Regen")]
    batch = begun(client, site, *people, now=now)
    withdrawn, late, *_others = (Award.objects.get(enrolment=each) for each in people)
    revoke_award(award=withdrawn, now=now)
    Document.objects.filter(award=late).update(state="waiting")
    erase_person(user=people[2].learner, now=now)

    def page():
        html = " ".join(body(client.get(address(batch))).split())
        return html, set(re.findall(r"<li>([^<]* er niet in: [^<]*)</li>", html))

    html, left_out = page()
    assert "2 pdf’s, en een lijst" in html
    assert left_out == {
        "1 zit er niet in: dat certificaat is ingetrokken.",
        "1 zit er niet in: die wordt nog gemaakt.",
        "1 zit er niet in: de gegevens van de houder zijn verwijderd.",
    }
    client.post(address(batch), {"pack": ""})
    assert pack_bundle.call(str(batch.bundle.pk)) is True
    content = b"".join(client.post(address(batch, "batch_file")).streaming_content)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 2 + len(("index.csv", "index.xlsx"))
    # What happens afterwards changes the file no more, and the page tells of the file.
    Document.objects.filter(award=late).update(state="ready")
    revoke_award(award=Award.objects.get(enrolment=people[3]), now=now)
    html, left_out = page()
    assert "met 2 pdf’s, en een lijst" in html
    assert left_out == {
        "1 zit er niet in: dat certificaat is ingetrokken.",
        "1 zit er niet in: die is na dit bestand gemaakt of verbeterd.",
        "1 zit er niet in: de gegevens van de houder zijn verwijderd.",
    }


def test_where_all_was_withdrawn_there_is_nothing_to_make(site, graduate, coordinator, client, now):
    batch = begun(client, site, graduate("Maan"), now=now)
    revoke_award(award=Award.objects.get(), now=now)
    html = body(client.get(address(batch)))
    assert "Er is geen pdf om erin te doen." in html
    assert 'name="pack"' not in html


def test_after_its_days_it_is_not_handed_out_even_before_the_clock_comes(packed, client):
    Bundle.objects.update(expires_at=Bundle.objects.get().asked_at)
    response = client.post(address(packed, "batch_file"), follow=True)
    assert "Dit bestand is er niet meer." in body(response)
    assert AwardAccess.objects.count() == 0


def test_a_file_that_is_gone_is_made_again(packed, client):
    storages["private"].delete(Bundle.objects.get().file_name)
    response = client.post(address(packed, "batch_file"), follow=True)
    assert "Het wordt opnieuw gemaakt." in body(response)
    assert Bundle.objects.get().state == "waiting"


def test_a_full_disk_is_said_in_words(packed, client):
    Bundle.objects.update(state="failed", reason="full", file_name="")
    html = body(client.get(address(packed)))
    assert "Er was geen plaats voor het bestand. Er is niets van bewaard." in html
    assert "Maak het bestand" in html


def test_the_file_is_for_who_coordinates_everybody_in_it_at_this_moment(
    site, packed, coordinator, client, now
):
    learner = Award.objects.get().holder
    others = [
        (Role.TRAINER, {}),
        (Role.EDITOR, {}),
        (Role.COORDINATOR, {"region": "Limburg"}),
        (Role.COORDINATOR, {"organisation": OrganisationFactory()}),
    ]
    people = [learner]
    for role, more in others:
        person = PersonFactory()
        where = {"organisation": site.course.programme.organisation, **more}
        grant_role(user=person, role=role, now=now, **where)
        people.append(person)
    Membership.objects.filter(user=coordinator).delete()
    for person in [*people, coordinator]:
        client.force_login(person)
        assert client.get(address(packed)).status_code == 404
        assert client.get(address(packed, "batch_progress")).status_code == 404
        for action in ("pause", "resume", "retry", "pack"):
            assert client.post(address(packed), {action: ""}).status_code == 404
        assert client.post(address(packed, "batch_file")).status_code == 404
    assert AwardAccess.objects.count() == 0


def test_titles_and_names_say_nothing(site, packed, client, title_of):
    for response in (client.get(address(packed)), client.get(page_of(site))):
        assert title_of(response) == "Certificaten · Leerhuis"


def test_a_bundle_asked_for_twice_is_one(packed, now):
    Bundle.objects.all().delete()
    first = bundle_batch(batch=packed, language="nl", now=now)
    assert bundle_batch(batch=packed, language="nl", now=now) == first
