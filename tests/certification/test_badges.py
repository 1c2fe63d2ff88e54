"""Badges, checked by software that is not ours: a Node verifier, without a network."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import jwt
import openbadgeslib.ob3.contexts as published
import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings as django_settings
from django.test import Client
from openbadgeslib.baking import ITXT_KEYWORD_OB3, SVG_ELEMENT_OB3, extract_png, extract_svg
from openbadgeslib.ob3 import decode_encoded_list, set_indices
from pytest_django import Settings

from certification.badges.identity import multikey_of
from certification.models import Award, BadgeStatus, IssuerKey, StatusList
from certification.services import badges
from certification.services.badges import credential_of, issue_badge, place_badge
from certification.services.corrections import replace_award, revoke_award
from certification.services.erasure import erase_awards
from certification.signing import badge_key
from certification.signing.demo import make_badge_key
from courses.models import Programme

pytestmark = pytest.mark.django_db
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0"
CONTEXTS = {
    f"{OB3}/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
    f"{OB3}/extensions.json": "ob-v3p0-extensions.json",
}


def asked(client: Client, credential: dict[str, Any]) -> dict[str, Any]:
    """What the verifier says of a credential, given only what our public addresses serve."""
    address = credential["credentialStatus"]["statusListCredential"]
    served = client.get(urlsplit(address).path)
    folder = Path(published.__file__).parent
    question = {
        "credential": credential,
        "did": client.get("/.well-known/did.json").json(),
        "lists": {address: json.loads(served.content)},
        "contexts": {url: json.loads((folder / name).read_text()) for url, name in CONTEXTS.items()},
    }
    answer = subprocess.run(
        ["node", "tests/certification/verify_badge.mjs"],
        cwd=django_settings.BASE_DIR,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


@pytest.fixture
def badge(finished: Award) -> dict[str, Any]:
    return credential_of(finished)


def test_a_badge_is_verified_with_its_status(client: Client, badge: dict[str, Any]):
    assert asked(client, badge) == {
        "verified": True,
        "statuses": [{"status": False, "verified": True}],
        "statusVerified": True,
        "errors": [],
        "statusErrors": [],
    }


def test_a_withdrawn_one_says_so(
    client: Client, finished: Award, badge: dict[str, Any], record: SimpleNamespace
):
    revoke_award(award=finished, now=record.end)
    answer = asked(client, badge)
    assert (answer["verified"], answer["statuses"]) == (True, [{"status": True, "verified": True}])


def test_a_replaced_one_does_not_count_and_its_successor_does(
    client: Client, finished: Award, badge: dict[str, Any], record: SimpleNamespace
):
    new = replace_award(award=finished, name="Sanne Vries", now=record.end, by=finished.holder, reason="x")
    successor = issue_badge(award=new, now=record.end)
    assert [asked(client, each)["statuses"][0]["status"] for each in (badge, successor)] == [True, False]


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: badge["credentialSubject"]["achievement"].update(name="Iets anders"),
        lambda badge: badge["credentialStatus"].update(statusListIndex="7"),
        lambda badge: badge.update(validFrom="2020-01-01T00:00:00Z"),
        lambda badge: badge["credentialSubject"]["identifier"][0].update(salt="x"),
    ],
    ids=["title", "place", "date", "salt"],
)
def test_a_changed_one_is_not_verified(client: Client, badge: dict[str, Any], change: Callable[[Any], None]):
    change(badge)
    assert asked(client, badge)["verified"] is False


def test_after_the_key_was_changed_old_badges_and_new_ones_are_verified(
    client: Client,
    badge: dict[str, Any],
    other_award: Callable[..., Award],
    settings: Settings,
    tmp_path: Path,
    record: SimpleNamespace,
):
    path = tmp_path / "new.pem"
    make_badge_key(path, passphrase=settings.BADGE_KEY_PASSPHRASE.encode(), organisation="x")
    settings.BADGE_KEY_FILE = str(path)
    new = credential_of(other_award())
    methods = [each["id"] for each in client.get("/.well-known/did.json").json()["verificationMethod"]]
    assert methods == [new["proof"]["verificationMethod"], badge["proof"]["verificationMethod"]]
    assert [asked(client, each)["statusVerified"] for each in (badge, new)] == [True, True]


def test_the_badge_names_nobody_and_lets_who_knows_the_name_check_it(badge: dict[str, Any], finished: Award):
    text = json.dumps(badge, ensure_ascii=False)
    assert "Sanne" not in text
    assert finished.salt not in text
    (identity,) = badge["credentialSubject"]["identifier"]
    digest = hashlib.sha256(f"Sanne de Vries{identity['salt']}".encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${digest}"


def test_a_neutral_badge_bears_the_discreet_title_only(
    other_award: Callable[..., Award], record: SimpleNamespace
):
    award = other_award(audience=Programme.Audience.EXPERIENCE, title="De maatjestraining")
    text = json.dumps(credential_of(award))
    assert ("Avondcursus" in text, "maatje" in text.lower()) == (True, False)


def test_the_paper_carries_the_same_badge(finished: Award, badge: dict[str, Any], private_files: Path):
    with pikepdf.open(BytesIO((private_files / finished.document.file_name).read_bytes())) as pdf:
        assert json.loads(pdf.attachments["credential.json"].get_file().read_bytes()) == badge


def test_pictures_carry_it_too(finished: Award, badge: dict[str, Any], client: Client):
    client.force_login(finished.holder)
    png = client.get(f"/bewijs/{finished.public_id}/badge/png/")
    svg = client.get(f"/bewijs/{finished.public_id}/badge/svg/")
    assert json.loads(extract_png(png.content, keyword=ITXT_KEYWORD_OB3)) == badge
    assert json.loads(extract_svg(svg.content, element=SVG_ELEMENT_OB3, text_fallback=True)) == badge
    assert {each["Content-Disposition"].partition(";")[0] for each in (png, svg)} == {"attachment"}
    assert json.loads(client.get(f"/bewijs/{finished.public_id}/badge/json/").content) == badge


def test_the_list_is_there_as_a_jwt_that_names_its_key(
    client: Client, finished: Award, record: SimpleNamespace
):
    place = BadgeStatus.objects.get(award=finished)
    revoke_award(award=finished, now=record.end)
    text = client.get(f"/bewijs/status/{place.status_list.number}/jwt/").content.decode()
    key = load_pem_public_key(badge_key().public_pem)
    payload = jwt.decode(text, key, algorithms=["EdDSA"], options={"verify_iat": False})
    assert jwt.get_unverified_header(text)["kid"].endswith(multikey_of(badge_key().public_pem))
    assert set_indices(decode_encoded_list(payload["credentialSubject"]["encodedList"])) == {place.index}


def test_a_place_is_given_once(finished: Award):
    assert place_badge(award=finished) == place_badge(award=Award.objects.get(pk=finished.pk))
    assert BadgeStatus.objects.count() == 1


def test_a_full_list_is_followed_by_a_new_one(
    other_award: Callable[..., Award], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(badges, "LIST_SIZE", 2)
    places = [other_award(legal_name=f"Mens {letter}").badge_status for letter in "ABC"]
    assert [place.status_list.number for place in places] == [1, 1, 2]
    assert {place.index for place in places[:2]} == {0, 1}
    assert StatusList.objects.count() == 2


def test_of_an_erased_holder_the_badge_still_counts_and_is_given_to_nobody(
    client: Client, finished: Award, badge: dict[str, Any], record: SimpleNamespace
):
    client.force_login(finished.holder)
    erase_awards(user=finished.holder, now=record.end)
    assert asked(client, badge)["statuses"] == [{"status": False, "verified": True}]
    assert client.get(f"/bewijs/{finished.public_id}/badge/json/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/bewijs/status/0/", "/bewijs/status/999999999999999999999/", "/bewijs/status/7/jwt/"]
)
def test_a_list_that_does_not_exist_is_not_found(client: Client, address: str):
    assert client.get(address).status_code == 404


def test_without_a_key_nothing_is_served_unsigned(client: Client, finished: Award, settings: Settings):
    settings.BADGE_KEY_FILE = ""
    client.force_login(finished.holder)
    assert client.get("/bewijs/status/1/").status_code == 503
    assert client.get(f"/bewijs/{finished.public_id}/badge/json/").status_code == 302
    assert IssuerKey.objects.filter(kind=IssuerKey.Kind.BADGE).count() == 1
