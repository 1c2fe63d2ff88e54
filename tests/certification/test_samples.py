"""`manage.py issue_sample`: a whole document to try on validators, of a certificate that does not exist."""

import io
import json
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from certification.services.samples import NUMBER
from tests.certification.standards import problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Path:
    out = tmp_path_factory.mktemp("sample") / "voorbeeld.pdf"
    with django_db_blocker.block():  # it needs no row, so it leaves none
        call_command("issue_sample", "--out", str(out), stdout=io.StringIO())
    return out


def test_it_is_signed_and_keeps_both_standards(sample: Path):
    assert problems_of(sample.read_bytes()) == []
    said = subprocess.run(["pdfsig", sample], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_it_carries_a_badge_and_leads_to_no_certificate(sample: Path, client: Client):
    with pikepdf.open(sample) as pdf:
        badge = json.loads(pdf.attachments["credential.json"].get_file().read_bytes())
        assert len(pdf.pages) == 1
    assert NUMBER in badge["id"]
    assert badge["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert client.get(f"/bewijs/{NUMBER}/").status_code == 404


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(CommandError, match="bestaat-niet"):
        call_command("issue_sample", "--out", str(tmp_path / "bestaat-niet" / "x.pdf"))


def test_a_key_that_cannot_be_used_is_named_and_leaves_no_file(tmp_path: Path, settings: Settings):
    settings.SIGNING_KEY = "%%%"
    with pytest.raises(CommandError, match="SIGNING_KEY: this is no base64"):
        call_command("issue_sample", "--out", str(tmp_path / "x.pdf"))
    assert not (tmp_path / "x.pdf").exists()
