"""A package brought in, and a new version of it, on the command line."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from media.models import Package, PackageImport
from media.packages.packing import pack, pack_example
from tests.factories import OrganisationFactory
from tests.media.conftest import files_in
from tests.media.made_packages import OTHER, package

pytestmark = pytest.mark.django_db


def test_the_command_prints_the_key_and_takes_a_new_version(tmp_path, capsys):
    organisation, file = OrganisationFactory(), tmp_path / "vraag.h5p"
    file.write_bytes(package())
    call_command("import_package", file, title="Een vraag", organisation=organisation.slug)
    made = Package.objects.get()
    assert (capsys.readouterr().out, made.organisation) == (f"{made.pk}\n", organisation)
    file.write_bytes(package(OTHER))
    call_command("import_package", file, title="Een betere vraag", replace=str(made.pk))
    made.refresh_from_db()
    assert (capsys.readouterr().out, made.title) == (f"{made.pk}\n", "Een betere vraag")
    assert (made.current.number, made.organisation) == (2, organisation)


def test_the_command_says_why_it_refuses_and_leaves_nothing(
    tmp_path, private_files, django_capture_on_commit_callbacks
):
    file = tmp_path / "geen.h5p"
    file.write_bytes(pack({"a.txt": b"1"}))
    with (
        translation.override("en"),
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(CommandError, match=r"^Refused: This is neither an H5P package"),
    ):
        call_command("import_package", file, title="Geen")
    assert (PackageImport.objects.count(), files_in(private_files)) == (0, [])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"replace": "00000000-0000-0000-0000-000000000000"}, "no package"),
        ({"organisation": "niemand"}, "no organisation"),
        ({}, "could not be read"),
    ],
)
def test_the_command_says_what_is_wrong_with_the_call(fields, said, tmp_path):
    with pytest.raises(CommandError, match=said):
        call_command("import_package", tmp_path / "weg.h5p", title="x", **fields)


def test_packing_the_example_does_not_overwrite(tmp_path):
    file = tmp_path / "voorbeeld.h5p"
    call_command("pack_example", file)
    assert file.read_bytes() == pack_example()
    with pytest.raises(CommandError, match="exists"):
        call_command("pack_example", file)
