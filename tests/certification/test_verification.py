"""What strangers may learn: the state of a certificate, the name for whom the holder gave a link, and what a file is."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from certification.flows import remake_document
from certification.models import Award, ShareLink
from certification.services.corrections import replace_award, revoke_award
from certification.services.documents import produce
from certification.services.erasure import erase_awards
from certification.services.samples import signed_sample
from certification.services.sharing import MOST_LINKS, ShareRefused, share_award, withdraw_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dutch")]


def heading(response: HttpResponse) -> str:
    return re.search(r"<h1>(.*?)</h1>", response.content.decode())[1]


def shown(award: Award, client: Client) -> str:
    return heading(client.get(f"/bewijs/{award.public_id}/"))


def hand_over(client: Client, content: bytes, address: str = "/bewijs/") -> HttpResponse:
    return client.post(address, {"pdf": SimpleUploadedFile("x.pdf", content)})


@pytest.fixture
def pdf(finished: Award, private_files: Path) -> bytes:
    return (private_files / finished.document.file_name).read_bytes()


def test_every_state_has_its_word(finished: Award, client: Client, record: SimpleNamespace):
    words = [shown(finished, client)]
    Award.objects.filter(pk=finished.pk).update(valid_until=(record.end + timedelta(days=5)).date())
    with time_machine.travel(record.end + timedelta(days=5)):
        words.append(shown(finished, client))
    with time_machine.travel(record.end + timedelta(days=6, hours=6)):
        words.append(shown(finished, client))
    replace_award(award=finished, name="Sanne Vries", now=record.end, by=finished.holder, reason="tikfout")
    words.append(shown(finished, client))
    assert words == ["Geldig", "Geldig", "Verlopen", "Vervangen"]


def test_a_withdrawn_one_says_no_reason(finished: Award, client: Client, record: SimpleNamespace):
    revoke_award(award=finished, now=record.end, by=finished.holder, reason="fraude")
    response = client.get(f"/bewijs/{finished.public_id}/")
    assert (heading(response), "fraude" in response.content.decode()) == ("Ingetrokken", False)


def test_a_replaced_one_does_not_lead_to_the_new_number(
    finished: Award, client: Client, record: SimpleNamespace
):
    """Who found the old paper must not learn the number of the new one, which may show a name."""
    new = replace_award(award=finished, name="Sanne Vries", now=record.end, by=finished.holder, reason="x")
    page = client.get(f"/bewijs/{finished.public_id}/").content.decode()
    assert (new.public_id in page, new.grouped_id in page) == (False, False)


def test_who_has_a_link_reads_the_name_and_nobody_else(
    finished: Award, client: Client, record: SimpleNamespace
):
    link = share_award(award=finished, holder=finished.holder, days=7, now=record.end)
    with time_machine.travel(record.end + timedelta(days=6)):
        shared = client.get(f"/bewijs/gedeeld/{link.token}/")
        plain = client.get(f"/bewijs/{finished.public_id}/")
    assert ["Sanne de Vries" in each.content.decode() for each in (shared, plain)] == [True, False]
    assert (shared["X-Robots-Tag"], shared["Cache-Control"]) == ("noindex, nofollow", "no-store")


def test_a_link_that_ended_or_was_withdrawn_leads_where_every_unknown_one_does(
    finished: Award, client: Client, record: SimpleNamespace
):
    ended = share_award(award=finished, holder=finished.holder, days=7, now=record.end)
    with time_machine.travel(record.end + timedelta(days=7, seconds=1)):
        pages = [client.get(f"/bewijs/gedeeld/{ended.token}/")]
    withdraw_link(link_id=ended.pk, holder=finished.holder)
    pages.append(client.get(f"/bewijs/gedeeld/{ended.token}/"))
    pages += [client.get(f"/bewijs/gedeeld/{token}/") for token in ("a" * 32, "x", "%00", "a" * 10_000)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_links_are_the_holders_alone(
    finished: Award, client: Client, other_award: Callable[..., Award], record: SimpleNamespace
):
    stranger = other_award().holder
    link = share_award(award=finished, holder=finished.holder, days=30, now=record.end)
    with pytest.raises(Award.DoesNotExist):
        share_award(award=finished, holder=stranger, days=30, now=record.end)
    withdraw_link(link_id=link.pk, holder=stranger)
    client.force_login(stranger)
    assert client.post(f"/bewijs/{finished.public_id}/delen/", {"days": 7}).status_code == 404
    assert client.post(f"/bewijs/{finished.public_id}/delen/{link.pk}/weg/").status_code == 404
    assert list(ShareLink.objects.all()) == [link]


def test_the_holder_makes_a_link_and_withdraws_it(finished: Award, client: Client):
    client.force_login(finished.holder)
    made = client.post(f"/bewijs/{finished.public_id}/delen/", {"days": 30}, headers={"HX-Request": "true"})
    link = ShareLink.objects.get()
    assert link.address in made.content.decode()
    client.post(f"/bewijs/{finished.public_id}/delen/{link.pk}/weg/")
    assert ShareLink.objects.count() == 0


@pytest.mark.parametrize("days", ["", "8", "-1", "99999999999", "x"])
def test_only_the_offered_lengths_are_taken(finished: Award, client: Client, days: str):
    client.force_login(finished.holder)
    answer = client.post(
        f"/bewijs/{finished.public_id}/delen/", {"days": days}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, "Kies hoe lang" in answer.content.decode()) == (200, True)
    assert ShareLink.objects.count() == 0


def test_there_are_never_more_than_ten_links(finished: Award, record: SimpleNamespace):
    for _ in range(MOST_LINKS):
        share_award(award=finished, holder=finished.holder, days=7, now=record.end)
    with pytest.raises(ShareRefused):
        share_award(award=finished, holder=finished.holder, days=7, now=record.end)
    share_award(award=finished, holder=finished.holder, days=7, now=record.end + timedelta(days=8))
    assert ShareLink.objects.count() == 1


def test_erasure_ends_every_link(finished: Award, client: Client, record: SimpleNamespace):
    link = share_award(award=finished, holder=finished.holder, days=90, now=record.end)
    erase_awards(user=finished.holder, now=record.end)
    assert client.get(f"/bewijs/gedeeld/{link.token}/").status_code == 404
    assert (ShareLink.objects.count(), shown(finished, client)) == (0, "Geldig")


def test_a_file_of_ours_leads_to_its_certificate_without_a_number(
    finished: Award, pdf: bytes, client: Client
):
    response = hand_over(client, pdf)
    assert (response.context["award"], response.context["comparison"]) == (finished, "same")


def test_a_file_that_we_made_anew_since_is_still_known_by_its_signature(
    finished: Award, pdf: bytes, client: Client, private_files: Path, record: SimpleNamespace
):
    (private_files / finished.document.file_name).unlink()
    remake_document(award=finished, now=record.end)
    assert produce(award_id=finished.pk, now=record.end)
    for address in ("/bewijs/", f"/bewijs/{finished.public_id}/"):
        response = hand_over(client, pdf, address)
        assert (response.context["award"], response.context["comparison"]) == (finished, "signed")


def test_other_files_are_told_what_they_are(finished: Award, pdf: bytes, client: Client):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out)
    middle = len(pdf) // 2
    changed = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    for content, expected in (
        (out.getvalue(), "changed"),
        (changed, "changed"),
        (b"%PDF-1.7 something else", "different"),
    ):
        assert hand_over(client, content, f"/bewijs/{finished.public_id}/").context["comparison"] == expected
        page = hand_over(client, content).content.decode()
        said = ("Dit bestand is veranderd" in page, "We kennen dit bestand niet" in page)
        assert said == (expected == "changed", expected == "different")


def test_a_byte_behind_the_signature_is_a_change(finished: Award, pdf: bytes, client: Client):
    end = pdf.rindex(b"0>")
    changed = pdf[:end] + b"1" + pdf[end + 1 :]
    assert hand_over(client, changed, f"/bewijs/{finished.public_id}/").context["comparison"] == "changed"
    page = hand_over(client, changed).content.decode()
    assert ("Dit bestand is veranderd" in page, "opnieuw gemaakt" in page) == (True, False)


def test_a_signed_sample_is_no_certificate_of_ours(finished: Award, client: Client):
    sample = signed_sample(now=finished.issued_at)
    told = "Het is een voorbeeld van ons"
    for address in ("/bewijs/", f"/bewijs/{finished.public_id}/"):
        page = hand_over(client, sample, address).content.decode()
        assert (told in page, "wel van ons" in page) == (True, False)


def test_another_certificate_of_ours_is_said_to_be_that(
    finished: Award, client: Client, other_award: Callable[..., Award], private_files: Path
):
    other = (private_files / other_award().document.file_name).read_bytes()
    assert hand_over(client, other, f"/bewijs/{finished.public_id}/").context["comparison"] == "other"


def test_the_file_of_somebody_erased_is_not_looked_up(
    finished: Award, pdf: bytes, client: Client, record: SimpleNamespace
):
    """It leads to what is left by its signature, and says of the file what the page of the number says."""
    erase_awards(user=finished.holder, now=record.end)
    response = hand_over(client, pdf)
    page = response.content.decode()
    assert (response.context["award"], response.context["comparison"]) == (finished, "erased")
    assert "Sanne" not in page
    assert "opnieuw gemaakt" not in page
    by_number = client.get(f"/bewijs/{finished.public_id}/").content.decode()
    for said in ("De gegevens van de houder zijn verwijderd.", "Een bestand vergelijken kan niet meer"):
        assert (page.count(said) >= 1, by_number.count(said)) == (True, 1)
