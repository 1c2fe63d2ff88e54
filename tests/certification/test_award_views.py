"""The holder's own: the document, its state, and whether the name is shown."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django_tasks_db.models import DBTaskResult

from certification.models import Award, Document
from certification.services.documents import produce
from certification.services.erasure import erase_awards
from people.models import User
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def holder(learner: User, client: Client) -> Client:
    """A browser in which the holder is signed in."""
    client.force_login(learner)
    return client


@pytest.fixture
def somebody_else() -> Client:
    browser = Client()
    browser.force_login(PersonFactory())
    return browser


def test_the_holder_gets_the_pdf_under_a_name_that_says_nothing(
    finished: Award, holder: Client, private_files: Path
):
    response = holder.get(f"/bewijs/{finished.public_id}/pdf/")
    body = b"".join(response.streaming_content)
    assert body == (private_files / finished.document.file_name).read_bytes()
    assert {
        name: response[name]
        for name in ("Content-Type", "Content-Disposition", "Cache-Control", "X-Robots-Tag")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="bewijs-{finished.public_id[:6]}.pdf"',
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }


@pytest.mark.parametrize("path", ["/bewijs/{id}/pdf/", "/bewijs/mijn/{id}/"])
def test_for_anybody_else_it_does_not_exist(finished: Award, somebody_else: Client, path: str):
    PersonFactory(is_superuser=True, is_staff=True)
    foreign = somebody_else.get(path.format(id=finished.public_id))
    nothing = somebody_else.get(path.format(id="ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert (foreign.status_code, nothing.status_code) == (404, 404)


def test_not_even_for_an_administrator(finished: Award, client: Client):
    client.force_login(PersonFactory(is_superuser=True, is_staff=True))
    assert client.get(f"/bewijs/{finished.public_id}/pdf/").status_code == 404
    assert client.post(f"/bewijs/{finished.public_id}/naam/", {"visible": "on"}).status_code == 404


def test_who_is_not_signed_in_is_asked_to_whatever_the_number(finished: Award, client: Client):
    for number in (finished.public_id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        response = client.get(f"/bewijs/{number}/pdf/")
        assert (response.status_code, response["Location"]) == (
            302,
            f"/account/login/?next=/bewijs/{number}/pdf/",
        )
        assert client.get(f"/bewijs/mijn/{number}/", headers=HTMX).status_code == 404
        assert client.post(f"/bewijs/{number}/naam/").status_code == 302


def test_while_it_is_made_the_holder_is_sent_to_their_own_place(
    award: Award, holder: Client, settings: object
):
    settings.LOGIN_REDIRECT_URL = "/leerplek/"
    response = holder.get(f"/bewijs/{award.public_id}/pdf/")
    assert (response.status_code, response["Location"]) == (302, f"/leerplek/#bewijs-{award.public_id}")


def test_a_file_that_was_lost_is_made_again(
    finished: Award, holder: Client, private_files: Path, settings: object
):
    settings.LOGIN_REDIRECT_URL = "/leerplek/"
    DBTaskResult.objects.all().delete()
    (private_files / finished.document.file_name).unlink()
    assert holder.get(f"/bewijs/{finished.public_id}/pdf/").status_code == 302
    assert (Document.objects.get().stage, DBTaskResult.objects.count()) == ("making", 1)


def test_the_state_says_nothing_until_there_is_something_to_say(
    award: Award, holder: Client, record: SimpleNamespace
):
    state = f"/bewijs/mijn/{award.public_id}/"
    first = holder.get(state, headers=HTMX)
    assert (first.status_code, f'hx-get="{state}?shown=making"' in first.content.decode()) == (200, True)
    same = holder.get(f"{state}?shown=making", headers=HTMX)
    assert (same.status_code, same.content) == (204, b"")
    produce(award_id=award.pk, now=record.end)
    ready = holder.get(f"{state}?shown=making", headers=HTMX)
    page = ready.content.decode()
    assert ready.status_code == 286  # htmx ends its polling
    assert (f'href="/bewijs/{award.public_id}/pdf/"' in page, "hx-get" in page) == (True, False)
    assert ready["Cache-Control"] == "no-store"


def test_a_failure_is_said_and_asked_about_less_often(award: Award, holder: Client):
    Document.objects.update(state="failed", attempts=5, last_error="OSError ENOSPC")
    response = holder.get(f"/bewijs/mijn/{award.public_id}/?shown=making", headers=HTMX)
    assert (response.status_code, 'hx-trigger="every 60s"' in response.content.decode()) == (200, True)
    assert "ENOSPC" not in response.content.decode()


def test_without_javascript_the_state_leads_to_ones_own_place(award: Award, holder: Client, settings: object):
    settings.LOGIN_REDIRECT_URL = "/leerplek/"
    response = holder.get(f"/bewijs/mijn/{award.public_id}/")
    assert (response.status_code, response["Location"]) == (302, f"/leerplek/#bewijs-{award.public_id}")


def test_the_holder_shows_and_hides_the_name(finished: Award, holder: Client, settings: object):
    settings.LOGIN_REDIRECT_URL = "/leerplek/"
    address = f"/bewijs/{finished.public_id}/naam/"
    shown = holder.post(address, {"visible": "on"})
    assert (shown.status_code, Award.objects.get().name_visible) == (302, True)
    hidden = holder.post(address, {"visible": ""}, headers=HTMX)
    assert (hidden.status_code, Award.objects.get().name_visible) == (200, False)
    assert f'id="bewijs-{finished.public_id}"' in hidden.content.decode()


def test_nobody_else_sets_it_and_not_by_get(finished: Award, holder: Client, somebody_else: Client):
    address = f"/bewijs/{finished.public_id}/naam/"
    assert somebody_else.post(address, {"visible": "on"}).status_code == 404
    assert holder.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(finished.holder)
    assert strict.post(address, {"visible": "on"}).status_code == 403
    assert Award.objects.get().name_visible is False


def test_after_erasure_nobody_holds_it(finished: Award, holder: Client, record: SimpleNamespace):
    erase_awards(user=finished.holder, now=record.end)
    assert holder.get(f"/bewijs/{finished.public_id}/pdf/").status_code == 404


def test_the_part_for_ones_own_place_escapes_what_it_shows(
    finished: Award, learner: User, rf: RequestFactory
):
    finished.title = "<b>x</b>"
    html = render_to_string("certification/parts/award.html", {"award": finished}, request=rf.get("/"))
    assert ("<b>x</b>" in html, "&lt;b&gt;x&lt;/b&gt;" in html) == (False, True)
