"""Certificates from the side of the learner, the trainer and the coordinator."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certification.flows import award_and_queue, give_anew, replace_award
from certification.models import Award, AwardAccess, Points, Register, Scheme
from certification.services.corrections import revoke_award
from certification.services.documents import produce
from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol
from people.models import Role, User
from people.services.privacy import erase_person, export_person
from people.services.roles import grant_role
from tests.certification.sheets import letter_nobody_has
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


@pytest.fixture
def group(site, enrolment):
    """The learner's group; with no trainer yet."""
    cohort = Cohort.objects.create(course=site.course, name="Ede", region="Gelderland")
    Enrolment.objects.update(cohort=cohort)
    return cohort


def worker(site, role, now, region=""):
    person = PersonFactory(alias="Collega")
    grant_role(
        user=person, role=role, organisation=site.course.programme.organisation, region=region, now=now
    )
    return person


@pytest.fixture
def coordinator(site, now):
    return worker(site, Role.COORDINATOR, now)


@pytest.fixture
def trainer(site, group, now):
    person = worker(site, Role.TRAINER, now)
    group.trainers.add(person)
    return person


@pytest.fixture
def scheme(site):
    return Scheme.objects.create(
        course=site.course, requirements={"activities": {}, "sign_off": {}}, handing="confirmed"
    )


@pytest.fixture
def finished(site, learner, send):
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting:
        send(activity)
    return Enrolment.objects.get()


def standing_page(client, site, query=""):
    return body(client.get(reverse("course_standing", args=[site.course.short_key]) + query))


def listing(client):
    return " ".join(body(client.get(reverse("certificates"))).split())


# --- the learner ----------------------------------------------------------------------------------------------------
def test_a_learner_reads_from_day_one_what_the_certificate_asks(site, learner, client, scheme):
    html = body(client.get(reverse("my_course", args=[site.course.short_key])))
    assert "Doe alle onderdelen van de lessen: 0 van de 3 gedaan." in html
    assert "Je trainer moet nog zeggen dat je er klaar voor bent." in html
    assert html.count('class="asked-met"') == 0


def test_what_is_met_is_marked_and_said(site, scheme, finished, client):
    html = body(client.get(reverse("my_course", args=[site.course.short_key])))
    assert html.count('class="asked-met"') == 1
    assert "Doe alle onderdelen van de lessen: 3 van de 3 gedaan." in html


def test_a_course_without_a_scheme_shows_what_it_asks_too(site, learner, client):
    html = body(client.get(reverse("my_course", args=[site.course.short_key])))
    assert "Doe alle onderdelen van de lessen: 0 van de 3 gedaan." in html


def test_from_the_list_to_the_certificate(site, scheme, finished, client, trainer, coordinator, learner):
    """The trainer says ready, the coordinator says yes, the learner has it."""
    client.force_login(trainer)
    client.post(reverse("say_ready", args=[finished.pk]), {"ready": "on"})
    assert Award.objects.count() == 0
    client.force_login(learner)
    assert "Je coördinator kijkt er nog naar" in body(
        client.get(reverse("my_course", args=[site.course.short_key]))
    )
    client.force_login(coordinator)
    page = standing_page(client, site)
    assert reverse("say_yes", args=[finished.pk]) in page
    response = client.post(reverse("say_yes", args=[finished.pk]), follow=True)
    award = Award.objects.get()
    assert f"Gegeven, met nummer {award.serial}." in body(response)
    client.force_login(learner)
    assert "Wat er ook verandert in deze cursus: het blijft van jou." in body(
        client.get(reverse("my_course", args=[site.course.short_key]))
    )


def test_a_name_with_a_letter_that_no_font_has_is_refused_where_it_is_written(learner, client):
    letter = letter_nobody_has()
    response = client.post(reverse("legal_name"), {"legal_name": f"Maan {letter} de Vries"})
    assert (
        response.status_code,
        f"Het teken “{letter}” kunnen we niet op een certificaat" in body(response),
    ) == (
        422,
        True,
    )
    learner.refresh_from_db()
    assert learner.legal_name == ""
    assert client.post(reverse("legal_name"), {"legal_name": "Maan Đặng Ωμέγα"}).status_code == 302


def test_a_letter_that_no_font_has_is_named_to_holder_and_coordinator(
    site, scheme, finished, client, coordinator, learner, now
):
    """It was in the name already when the certificate was given."""
    letter = letter_nobody_has()
    scheme.delete()
    learner.legal_name = f"Maan {letter} de Vries"
    learner.save()
    award = award_and_queue(enrolment=finished, now=now)
    assert produce(award_id=award.pk, now=now) is False
    client.force_login(coordinator)
    html = body(client.get(reverse("award_record", args=[award.public_id])))
    assert f"De pdf kan niet worden gemaakt: onze lettertypen hebben het teken “{letter}” niet." in html
    assert "Het staat in de naam." in html
    client.force_login(learner)
    html = body(client.get(reverse("leerplek")))
    assert f"onze lettertypen hebben het teken “{letter}” niet" in html
    assert "Download je certificaat" not in html


# --- who may --------------------------------------------------------------------------------------------------------
def test_only_the_groups_own_trainer_says_that_somebody_is_ready(site, scheme, group, finished, client, now):
    for role in (Role.TRAINER, Role.COORDINATOR, Role.EDITOR):
        client.force_login(worker(site, role, now))
        assert client.post(reverse("say_ready", args=[finished.pk]), {"ready": "on"}).status_code == 404


def test_only_who_coordinates_says_yes(site, group, finished, client, trainer, now):
    for person in (trainer, finished.learner, worker(site, Role.COORDINATOR, now, region="Limburg")):
        client.force_login(person)
        assert client.post(reverse("say_yes", args=[finished.pk])).status_code == 404


def test_a_coordinator_gives_nobody_their_own(site, finished, client, now):
    grant_role(
        user=finished.learner,
        role=Role.COORDINATOR,
        organisation=site.course.programme.organisation,
        now=now,
    )
    award = award_and_queue(enrolment=finished, now=now)
    client.force_login(finished.learner)
    assert client.post(reverse("say_yes", args=[finished.pk])).status_code == 404
    assert client.get(reverse("award_record", args=[award.public_id])).status_code == 404


def test_a_yes_too_early_is_said_and_gives_nothing(site, enrolment, client, scheme, coordinator):
    client.force_login(coordinator)
    response = client.post(reverse("say_yes", args=[enrolment.pk]), follow=True)
    assert "Niet gegeven" in body(response)
    assert Award.objects.count() == 0


# --- the overview of a course ---------------------------------------------------------------------------------------
def test_the_overview_says_what_is_missing_and_narrows(site, group, enrolment, client, scheme, coordinator):
    client.force_login(coordinator)
    assert "Doe alle onderdelen van de lessen: 0 van de 3 gedaan." in standing_page(client, site)
    assert "Niemand." in standing_page(client, site, "?toon=given")
    assert "Maan" in standing_page(client, site, "?toon=open&page=99")
    assert "Maan" in standing_page(client, site, "?toon=<b>")


def test_the_overview_costs_the_same_for_one_and_for_many(site, group, enrolment, client, coordinator, now):
    client.force_login(coordinator)
    standing_page(client, site)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            standing_page(client, site)
        return len(queries)

    before = cost()
    for _ in range(5):
        enrol(learner=PersonFactory(), course=site.course, cohort=group, alias="Ander", now=now)
    assert cost() == before


# --- one certificate ------------------------------------------------------------------------------------------------
@pytest.fixture
def award(finished, group, now):
    finished.refresh_from_db()
    return award_and_queue(enrolment=finished, now=now)


def test_who_opens_a_certificate_is_noted(award, client, coordinator):
    client.force_login(coordinator)
    html = body(client.get(reverse("award_record", args=[award.public_id])))
    assert "Maan de Vries" in html
    assert [(each.by, each.what) for each in AwardAccess.objects.all()] == [(coordinator, "record")]


def test_the_record_says_points_and_meetings_as_the_proof_page_does(award, client, coordinator):
    register = {
        "register": "SKJ",
        "number": "A-1",
        "category": "Ethiek",
        "points": "2.5",
        "net_minutes": None,
    }
    Award.objects.update(accreditations=[register], attended_minutes=150)
    client.force_login(coordinator)
    for page in ("award_record", "proof"):
        html = body(client.get(reverse(page, args=[award.public_id])))
        assert "<dt>SKJ</dt><dd>2,5 punten, accreditatie A-1, Ethiek</dd>" in html
        assert "<dt>Bijeenkomsten</dt><dd>2 uur en 30 minuten</dd>" in html


def test_a_coordinator_withdraws_with_a_reason(award, client, coordinator):
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    assert client.post(address, {"revoke": "", "reason": " "}).status_code == 422
    response = client.post(address, {"revoke": "", "reason": "Toets door een ander gemaakt."}, follow=True)
    assert "Toets door een ander gemaakt." in body(response)
    client.logout()
    assert "Toets door een ander" not in body(client.get(reverse("proof", args=[award.public_id])))


def test_who_reads_a_reason_is_said_and_true(award, client, coordinator, learner, now):
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    assert "de houder vindt het in een kopie van de eigen gegevens" in body(client.get(address))
    client.post(address, {"replace": "", "name": "Maan Bos", "reason": "Verkeerd gespeld."})
    new = Award.objects.current().get()
    client.post(
        reverse("award_record", args=[new.public_id]), {"revoke": "", "reason": "Toch de toets niet."}
    )
    events = export_person(user=learner, now=now)["holdings"]["certification.AwardEvent"]
    assert {"Verkeerd gespeld.", "Toch de toets niet."} <= {event["reason"] for event in events}
    client.force_login(learner)
    assert "Verkeerd gespeld." not in body(client.get(reverse("leerplek")))


def test_a_withdrawn_certificate_is_not_corrected_but_given_anew(award, client, coordinator):
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    client.post(address, {"revoke": "", "reason": "Vergissing."})
    html = body(client.get(address))
    assert "Een ingetrokken certificaat wordt niet vervangen" in html
    assert 'name="replace"' not in html
    # Sent from a page that was opened before it was withdrawn.
    page = client.post(address, {"replace": "", "name": "Maan", "reason": "Naam."}, follow=True)
    assert "Geef in plaats daarvan een nieuw." in body(page)
    assert Award.objects.count() == 1
    page = client.post(address, {"anew": ""}, follow=True)
    new = Award.objects.get(replaces=award)
    assert page.redirect_chain == [(reverse("award_record", args=[new.public_id]), 302)]
    assert f"Gegeven, met nummer {new.serial}" in body(page)
    assert "Een nieuw certificaat geven" not in body(client.get(address))


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("Maan <Bos>", "De naam erop wordt <b><bdi>Maan &lt;Bos&gt;</bdi></b>."),
        ("", "Zonder naam wordt er niets gegeven."),
    ],
)
def test_who_gives_anew_reads_which_name_will_be_printed(award, client, coordinator, now, own, words):
    revoke_award(award=award, by=coordinator, now=now, reason="Vergissing.")
    User.objects.filter(pk=award.holder_id).update(legal_name=own)
    client.force_login(coordinator)
    assert words in body(client.get(reverse("award_record", args=[award.public_id])))


def test_a_coordinator_corrects_a_name(award, client, coordinator):
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    refused = client.post(address, {"replace": "", "name": "😀", "reason": "Naam"})
    assert (refused.status_code, "Schrijf de naam in letters." in body(refused)) == (422, True)
    response = client.post(
        address, {"replace": "", "name": "Maan Bakker", "reason": "Getrouwd."}, follow=True
    )
    new = Award.objects.current().get()
    assert response.redirect_chain[-1][0] == reverse("award_record", args=[new.public_id])
    assert (new.holder_name, new.replaces, new.holder.legal_name) == ("Maan Bakker", award, "Maan Bakker")
    html = body(client.get(address))
    assert new.serial in html
    assert 'name="replace"' not in html


@pytest.mark.parametrize(
    "press",
    [
        {"revoke": "", "reason": "Vergissing."},
        {"revoke": "", "reason": ""},
        {"replace": "", "name": "Maan Bos", "reason": "Naam."},
        {"replace": "", "name": "", "reason": ""},
        {"anew": ""},
    ],
)
def test_from_a_page_that_was_opened_before_it_was_replaced_one_comes_to_the_one_that_stands(
    award, client, coordinator, now, press
):
    new = replace_award(award=award, by=coordinator, now=now, name="Maan Bos", reason="Verkeerde naam")
    last = replace_award(award=new, by=coordinator, now=now, name="Maan de Bos", reason="Verkeerde naam")
    client.force_login(coordinator)
    page = client.post(reverse("award_record", args=[award.public_id]), press, follow=True)
    assert page.redirect_chain == [(reverse("award_record", args=[last.public_id]), 302)]
    assert "Er is niets veranderd: dit certificaat was al vervangen." in body(page)
    assert "Ingetrokken." not in body(page)
    assert sorted(Award.objects.values_list("status", flat=True)) == ["replaced", "replaced", "valid"]


@pytest.mark.parametrize(
    "press", [{"anew": ""}, {"revoke": "", "reason": "Weer."}, {"replace": "", "name": "M", "reason": "x"}]
)
def test_what_was_given_anew_is_not_given_again(award, client, coordinator, now, press):
    revoke_award(award=award, by=coordinator, now=now, reason="Vergissing.")
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    client.post(address, {"anew": ""})
    new = Award.objects.current().get()
    page = client.post(address, press, follow=True)
    assert page.redirect_chain == [(reverse("award_record", args=[new.public_id]), 302)]
    assert "Er is niets veranderd: er was al een nieuw certificaat voor gegeven." in body(page)
    assert Award.objects.count() == 2


@pytest.mark.parametrize("reason", ["Anders.", ""])
def test_a_second_withdrawal_says_that_it_was_withdrawn_before(award, client, coordinator, now, reason):
    revoke_award(award=award, by=coordinator, now=now, reason="Vergissing.")
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    page = body(client.post(address, {"revoke": "", "reason": reason}, follow=True))
    assert "Er is niets veranderd: dit certificaat was al ingetrokken." in page
    assert [each.reason for each in award.events.filter(kind="revoked")] == ["Vergissing."]


def test_of_an_erased_holder_there_is_what_outlives_and_nothing_to_do(
    award, learner, site, client, coordinator, now
):
    client.force_login(coordinator)
    address = reverse("award_record", args=[award.public_id])
    revoke_award(award=award, by=coordinator, now=now, reason="Toets van Maan door een ander gemaakt.")
    erase_person(user=learner, now=now)
    html = body(client.get(address))
    for kept in (
        award.serial,
        award.grouped_id,
        award.title,
        "gegevens van de houder verwijderd",
        "ingetrokken",
    ):
        assert kept in html
    assert "Maan" not in html
    assert not [name for name in ("replace", "revoke", "anew") if f'name="{name}"' in html]
    assert client.post(address, {"anew": ""}).status_code == 404
    listed = " ".join(body(client.get(reverse("certificates") + f"?q={award.serial}")).split())
    assert f'<a href="{address}">gegevens van de houder verwijderd</a>' in listed
    # In which region it was, nobody can tell any more.
    for stranger in (worker(site, Role.COORDINATOR, now, "Gelderland"), worker(site, Role.TRAINER, now)):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    other = PersonFactory()
    grant_role(user=other, role=Role.COORDINATOR, organisation=OrganisationFactory(), now=now)
    client.force_login(other)
    assert client.get(address).status_code == 404


def test_points_of_what_was_withdrawn_are_not_in_the_table(award, client, coordinator, now):
    skj = Register.objects.create(name="SKJ")
    Points.objects.create(
        award=award, register=skj, accreditation_number="1", points=6, minutes=60, earned_on=now.date()
    )
    client.force_login(coordinator)
    assert '<td data-label="Punten">SKJ 6</td>' in listing(client)
    revoke_award(award=award, now=now)
    assert '<td data-label="Punten">–</td>' in listing(client)


@pytest.mark.parametrize("number", ["A" * 26, "x", "%00", "A" * 9000])
def test_unknown_numbers_are_not_found(site, client, coordinator, number):
    client.force_login(coordinator)
    assert client.get(f"/deelnemers/bewijs/{number}/").status_code == 404


# --- all certificates -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?state=valid", True),
        ("?state=soon", True),
        ("?state=expired", False),
        ("?state=revoked", False),
        ("?state=bestaat-niet", True),
        ("?q=Maan", True),
        ("?q=2026-00001", True),
        ("?q=2026-99999", False),
        ("?q=%F0%9F%98%80", False),
        ("?q=%00", True),
        ("?q=99999999999999-999999999", False),
        ("?course=999999999999999999999", True),
        ("?sort=-serial&sort=x&page=99999999999", True),
    ],
)
def test_the_table_is_narrowed(award, client, coordinator, query, found):
    Award.objects.update(valid_until=timezone.localdate() + timedelta(days=60))
    client.force_login(coordinator)
    response = client.get(reverse("certificates") + query)
    assert (response.status_code, award.serial in body(response)) == (200, found)


def serials(client, query):
    return {award.serial for award in client.get(reverse("certificates") + query).context["table"].data}


@pytest.mark.parametrize("state", ["revoked", "replaced"])
def test_what_made_way_for_a_new_one_is_found_by_number_code_and_state(
    award, client, coordinator, now, state
):
    if state == "revoked":
        revoke_award(award=award, now=now)
        give_anew(award=award, by=coordinator, now=now)
    else:
        replace_award(award=award, by=coordinator, now=now, name="Maan Bos", reason="Verkeerde naam")
    new = Award.objects.current().get()
    client.force_login(coordinator)
    assert serials(client, "") == serials(client, "?q=Maan") == {new.serial}
    for query in (
        f"?q={award.serial}",
        f"?q={award.public_id}",
        f"?q={award.grouped_id.lower()}",
        f"?state={state}",
    ):
        assert serials(client, query) == {award.serial}
    assert serials(client, f"?state=valid&q={award.serial}") == set()
    assert serials(client, f"?q={new.public_id}") == {new.serial}


def test_what_belongs_to_others_is_found_by_no_number(award, client, now):
    other = PersonFactory()
    grant_role(user=other, role=Role.COORDINATOR, organisation=OrganisationFactory(), now=now)
    client.force_login(other)
    for query in (f"?q={award.serial}", f"?q={award.public_id}"):
        assert serials(client, query) == set()


def test_the_table_costs_the_same_for_one_and_for_many(award, client, coordinator, now):
    client.force_login(coordinator)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("certificates"))
        return len(queries)

    client.get(reverse("certificates"))
    before = cost()
    for number in range(2, 7):
        Award.objects.create(
            **{
                field.name: getattr(award, field.name)
                for field in Award._meta.concrete_fields
                if field.name not in {"id", "public_id", "subject_key", "enrolment", "serial_number"}
            },
            serial_number=number,
        )
    assert cost() == before


def test_a_trainer_sees_the_courses_of_their_groups_and_no_table(site, award, client, trainer):
    client.force_login(trainer)
    html = body(client.get(reverse("certificates")))
    assert reverse("course_standing", args=[site.course.short_key]) in html
    assert award.serial not in html


def test_who_looks_after_nobody_finds_nothing(learner, client, site):
    assert client.get(reverse("certificates")).status_code == 404
    assert client.get(reverse("course_standing", args=[site.course.short_key])).status_code == 404
