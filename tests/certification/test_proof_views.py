"""What strangers see: the proof, the file check, and one page for all that is not there."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from certification.models import Award, Document
from certification.services.awards import set_name_visible
from certification.services.corrections import revoke_award
from certification.uploads import MOST_BYTES, MOST_READ
from certification.views.proof import MOST_COMPARISONS, MOST_LOOKS

pytestmark = pytest.mark.django_db
UNKNOWN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def page_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def rows_of(response: HttpResponse) -> list[str]:
    """What the first list of facts says, without its labels."""
    facts = response.content.decode().split('<dl class="record">')[1].split("</dl>")[0]
    return [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<dd.*?</dd>", facts, re.DOTALL)]


def compare(client: Client, award: Award, content: bytes, name: str = "x.pdf") -> HttpResponse:
    return client.post(f"/bewijs/{award.public_id}/", {"pdf": SimpleUploadedFile(name, content)})


@pytest.fixture
def pdf(finished: Award, private_files: Path) -> bytes:
    return (private_files / finished.document.file_name).read_bytes()


def test_study_time_that_is_nothing_is_left_out(finished: Award, client: Client):
    pages = []
    for net, attended in ((0, 90), (25, 0)):
        Award.objects.filter(pk=finished.pk).update(net_minutes=net, attended_minutes=attended)
        pages.append(client.get(f"/bewijs/{finished.public_id}/").content.decode())
    assert [("Studietijd, netto" in page, "Bijeenkomsten" in page) for page in pages] == [
        (False, True),
        (True, False),
    ]


def test_a_stranger_sees_that_it_is_valid_and_what_was_certified_but_no_name(
    finished: Award, client: Client, django_assert_num_queries: DjangoAssertNumQueries, dutch: None
):
    client.get("/bewijs/")  # fills the cache of the navigation
    with django_assert_num_queries(2):  # the award with its document; what renewed it
        response = client.get(f"/bewijs/{finished.public_id}/")
    rows = rows_of(response)
    assert response.status_code == 200
    assert [rows[1], rows[3], rows[4], rows[5], rows[7], rows[9]] == [
        "Motiverende gespreksvoering",
        "12 november 2026",
        "12 november 2026",
        finished.net_time,
        "Leerhuis",
        finished.grouped_id,
    ]
    assert "Sanne" not in page_of(response)


def test_the_name_is_there_where_the_holder_allows_it(finished: Award, client: Client):
    set_name_visible(award=finished, holder=finished.holder, visible=True)
    assert rows_of(client.get(f"/bewijs/{finished.public_id}/"))[0] == "Sanne de Vries"


def test_of_the_training_for_experts_by_experience_only_the_neutral_title_shows(
    other_award: Callable[..., Award], client: Client
):
    award = other_award(audience="ervaringsmaatjes", title="De maatjestraining")
    page = page_of(client.get(f"/bewijs/{award.public_id}/"))
    assert ("Avondcursus" in page, "maatje" in page.lower()) == (True, False)


def test_a_revoked_one_says_since_when_and_not_why(finished: Award, client: Client, record: SimpleNamespace):
    valid = client.get(f"/bewijs/{finished.public_id}/")
    revoke_award(award=finished, now=record.end)
    revoked = client.get(f"/bewijs/{finished.public_id}/")
    headings = [re.search(r"<h1>(.*?)</h1>", page_of(each))[1] for each in (valid, revoked)]
    assert headings[0] != headings[1]
    assert revoked.status_code == 200


@pytest.mark.parametrize(
    ("points", "dutch_words", "english_words"),
    [("6.0", "6 punten", "6 points"), ("2.5", "2,5 punten", "2.5 points"), ("1.0", "1 punt", "1 point")],
)
def test_points_are_written_as_people_write_them(
    finished: Award, client: Client, points: str, dutch_words: str, english_words: str
):
    register = {"register": "SKJ", "number": "A-1", "category": "", "points": points, "net_minutes": None}
    Award.objects.update(accreditations=[register])
    assert f"{dutch_words}, accreditatie A-1" in rows_of(client.get(f"/bewijs/{finished.public_id}/"))
    in_english = client.get(f"/en/bewijs/{finished.public_id}/", headers={"Accept-Language": "en"})
    assert f"{english_words}, accreditation A-1" in rows_of(in_english)


def test_html_in_a_name_is_text(other_award: Callable[..., Award], client: Client):
    award = other_award(legal_name="<img src=x onerror=alert(1)>Jan")
    set_name_visible(award=award, holder=award.holder, visible=True)
    page = page_of(client.get(f"/bewijs/{award.public_id}/"))
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;Jan" in page


TYPED = re.compile(r' value="([^"]*)"(?= maxlength)')


@pytest.mark.parametrize("path", ["/bewijs/{id}/", f"/bewijs/{UNKNOWN}/", "/bewijs/x/", "/bewijs/?nummer=x"])
def test_no_answer_is_kept_or_indexed(finished: Award, client: Client, path: str):
    response = client.get(path.format(id=finished.public_id))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_unknown_and_malformed_numbers_get_one_page_but_for_what_was_typed(db: None, client: Client):
    paths = [
        f"/bewijs/{UNKNOWN}/",
        "/bewijs/x/",
        "/bewijs/" + "A" * 300 + "/",
        "/bewijs/%3Cscript%3Ealert(1)%3C/",
        "/bewijs/%00%ff/",
        f"/bewijs/{UNKNOWN}x/",
        "/bewijs/99999999999999999999999999/",
        "/bewijs/?nummer=hallo",
        "/bewijs/?nummer=%3Cscript%3E",
        "/bewijs/?nummer=" + "9" * 5000,
    ]
    responses = [client.get(path) for path in paths]
    assert [response.status_code for response in responses] == [404] * len(paths)
    assert len({TYPED.sub("", response.text) for response in responses}) == 1


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/bewijs/?nummer=hallo", "hallo"),
        ("/bewijs/?nummer=%3Cscript%3E", "&lt;script&gt;"),
        ("/bewijs/?nummer=%22%20onfocus=x", "&quot; onfocus=x"),
        (f"/bewijs/{UNKNOWN}/", UNKNOWN),
        ("/bewijs/?nummer=" + "9" * 5000, "9" * 60),
    ],
)
def test_a_mistyped_number_waits_in_the_box(db: None, client: Client, path: str, shown: str):
    assert TYPED.search(client.get(path).text).group(1) == shown


@pytest.mark.parametrize(
    "change", [str.lower, lambda number: f" {number[:5]}-{number[5:]} ".replace(" ", "%20")]
)
def test_a_number_typed_another_way_leads_to_the_proof(
    finished: Award, client: Client, change: Callable[[str], str]
):
    target = f"/bewijs/{finished.public_id}/"
    for path in (f"/bewijs/{change(finished.public_id)}/", f"/bewijs/?nummer={change(finished.public_id)}"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, target)


def test_misread_digits_lead_to_the_proof(finished: Award, client: Client):
    number = "O" * 9 + "I" * 9 + "B" * 8
    Award.objects.filter(pk=finished.pk).update(public_id=number)
    response = client.get("/bewijs/" + "0" * 9 + "1" * 9 + "8" * 8 + "/")
    assert (response.status_code, response["Location"]) == (302, f"/bewijs/{number}/")


def test_a_typed_number_tells_no_more_than_its_address(client: Client, db: None):
    response = client.get(f"/bewijs/?nummer={UNKNOWN.lower()}")
    assert (response.status_code, response["Location"]) == (302, f"/bewijs/{UNKNOWN}/")


def test_the_form_to_type_a_number_is_there_without_an_account(client: Client, db: None):
    response = client.get("/bewijs/")
    assert response.status_code == 200
    assert ('name="nummer"' in page_of(response), "Set-Cookie" in response.headers) == (True, False)


def test_our_own_file_is_the_same(finished: Award, pdf: bytes, client: Client):
    response = compare(client, finished, pdf)
    assert (response.status_code, response.context["comparison"]) == (200, "same")


def test_a_file_with_one_bit_changed_is_not(finished: Award, pdf: bytes, client: Client):
    changed = pdf[:-9] + bytes([pdf[-9] ^ 1]) + pdf[-8:]
    response = compare(client, finished, changed)
    assert (response.status_code, response.context["comparison"]) == (200, "changed")


def test_the_file_of_another_certificate_is_not(
    finished: Award, client: Client, other_award: Callable[..., Award], private_files: Path
):
    other = (private_files / other_award().document.file_name).read_bytes()
    assert compare(client, finished, other).context["comparison"] == "other"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty"),
        (b"<html>", 422, "no_pdf"),
        (b"\x89PNG\r\n\x1a\n%PDF-", 422, "no_pdf"),
        (b"%PDF-" + b"x" * MOST_BYTES, 413, "too_large"),
    ],
)
def test_what_is_no_file_of_ours_is_said_clearly(
    finished: Award, client: Client, content: bytes, status: int, code: str
):
    response = compare(client, finished, content)
    errors = response.context["form"].errors.as_data()["pdf"]
    assert (response.status_code, [error.code for error in errors]) == (status, [code])
    assert response.context["comparison"] is None


def test_no_file_at_all_is_said_clearly(finished: Award, client: Client):
    response = client.post(f"/bewijs/{finished.public_id}/", {"pdf": "text"})
    assert (response.status_code, response.context["form"].errors.as_data()["pdf"][0].code) == (
        422,
        "required",
    )


def test_a_flood_is_refused_without_being_read(finished: Award, client: Client):
    class Untouchable:
        def read(self, *args: int) -> bytes:
            raise AssertionError("it was read")

        readline = read

    response = client.generic(
        "POST",
        f"/bewijs/{finished.public_id}/",
        b"",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(MOST_READ + 1), "wsgi.input": Untouchable()},
    )
    assert response.status_code == 413
    assert response.context["form"].errors.as_data()["pdf"][0].code == "too_large"


def test_the_file_is_neither_kept_nor_written_down(
    finished: Award, pdf: bytes, client: Client, private_files: Path, tmp_path: Path, settings: object
):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"  # does not exist: writing there would fail
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    before = sorted(tmp_path.rglob("*"))
    assert compare(client, finished, pdf).context["comparison"] == "same"
    assert sorted(tmp_path.rglob("*")) == before


def test_only_the_first_of_several_files_counts(finished: Award, pdf: bytes, client: Client):
    several = {"pdf": [SimpleUploadedFile("a.pdf", pdf), SimpleUploadedFile("b.pdf", b"%PDF-x")]}
    assert client.post(f"/bewijs/{finished.public_id}/", several).context["comparison"] == "same"


@pytest.mark.parametrize("name", ["../../x.pdf", "C:\\x.pdf", "a\x00b.pdf", "<b>.pdf", "CON"])
def test_the_name_of_the_file_means_nothing(finished: Award, pdf: bytes, client: Client, name: str):
    assert compare(client, finished, pdf, name).context["comparison"] == "same"


def test_comparing_asks_for_the_token(finished: Award, pdf: bytes):
    strict = Client(enforce_csrf_checks=True)
    assert compare(strict, finished, pdf).status_code == 403
    strict.get(f"/bewijs/{finished.public_id}/")
    token = strict.cookies["leerhuis_csrf"].value
    data = {"csrfmiddlewaretoken": token, "pdf": SimpleUploadedFile("a.pdf", pdf)}
    response = strict.post(f"/bewijs/{finished.public_id}/", data)
    assert (response.status_code, response.context["comparison"]) == (200, "same")


def test_while_the_document_is_made_there_is_nothing_to_compare_with(award: Award, client: Client):
    assert client.get(f"/bewijs/{award.public_id}/").context["comparable"] is False
    response = compare(client, award, b"%PDF-1.7")
    assert (response.status_code, response.context["comparison"]) == (200, None)


def test_comparing_writes_nothing(
    finished: Award, pdf: bytes, client: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    client.get("/bewijs/")  # fills the cache of the navigation
    with django_assert_num_queries(2):  # the award with its document; what renewed it
        compare(client, finished, pdf)
    assert Document.objects.get(award=finished).rendered_at == finished.document.rendered_at


@time_machine.travel("2026-11-21 14:00:00+00:00", tick=False)
def test_who_tries_many_numbers_is_asked_to_wait(finished: Award, client: Client):
    statuses = [client.get(f"/bewijs/{UNKNOWN}/").status_code for _ in range(MOST_LOOKS + 2)]
    assert statuses == [404] * MOST_LOOKS + [429] * 2
    refused = client.get(f"/bewijs/{finished.public_id}/")
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (429, "60", "no-store")
    assert client.get("/bewijs/?nummer=x").status_code == 429
    assert client.get(f"/bewijs/{finished.public_id}/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_who_compares_many_files_is_asked_to_wait(finished: Award, client: Client):
    statuses = [compare(client, finished, b"%PDF-x").status_code for _ in range(MOST_COMPARISONS + 1)]
    assert statuses == [200] * MOST_COMPARISONS + [429]


def test_an_ipv6_household_is_one_address(finished: Award, client: Client):
    statuses = {
        client.get(f"/bewijs/{UNKNOWN}/", REMOTE_ADDR=f"2001:db8:1:2::{number:x}").status_code
        for number in range(1, MOST_LOOKS + 1)
    }
    assert statuses == {404}
    assert client.get(f"/bewijs/{UNKNOWN}/", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get(f"/bewijs/{UNKNOWN}/", REMOTE_ADDR="2001:db8:1:3::1").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(finished: Award, client: Client, method: str):
    assert getattr(client, method)(f"/bewijs/{finished.public_id}/").status_code == 405


def test_the_titles_of_these_pages_name_no_course(finished: Award, client: Client):
    titles = [
        re.search(r"<title>(.*?)</title>", page_of(client.get(path)))[1]
        for path in (f"/bewijs/{finished.public_id}/", "/bewijs/", "/bewijs/x/")
    ]
    assert all("gespreksvoering" not in title.lower() and finished.public_id not in title for title in titles)
