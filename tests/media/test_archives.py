"""Reading strangers' archives: what is sound is read whole, and whatever else it is, it is refused and nothing worse."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from media.archives import Archive, Policy, Refused, only_endings
from media.packages import h5p
from media.packages.photos import without_place
from tests.media.made_packages import package
from tests.media.photos import PLACE, gps_of, photo_with_place

TEXTS = only_endings({"txt"})


def read(data, policy=None):
    archive = Archive(io.BytesIO(data), policy or Policy(judge=TEXTS))
    return {member.path: b"".join(archive.chunks(member)) for member in archive.members}


def zipped(files, *, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return packed.getvalue()


class Pipe(io.RawIOBase):
    """Somewhere to write to that knows no way back: sizes are then told behind the bytes."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


FILES = {"a.txt": b"", "b/é.txt": b"hallo", "b/c/lang.txt": bytes(range(256)) * 2000}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_sound_archive_is_read_whole(method):
    assert read(zipped(FILES, method=method)) == FILES


def test_an_archive_that_was_written_as_a_stream_is_read():
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in FILES.items():
            archive.writestr(path, data)
    assert read(pipe.data) == FILES


def test_an_archive_with_large_file_fields_is_read():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as file:
        file.write(b"hallo")
    data = bytearray(packed.getvalue())
    entry = data.index(b"PK\x01\x02")
    start, end = entry + 46 + len("a.txt"), data.index(b"PK\x05\x06")
    data[start:end] = struct.pack("<HHQQ", 1, 16, 5, 5)
    struct.pack_into("<LL", data, entry + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", data, entry + 30, 20)
    struct.pack_into("<L", data, data.index(b"PK\x05\x06") + 12, 46 + 5 + 20)
    assert read(bytes(data)) == {"a.txt": b"hallo"}


def test_folders_and_what_systems_add_are_passed_over():
    data = zipped({"b/": b"", "b/a.txt": b"1", "__MACOSX/b/._a.txt": b"2", "b/.DS_Store": b"3"})
    archive = Archive(io.BytesIO(data), Policy(judge=TEXTS))
    assert [member.path for member in archive.members] == ["b/a.txt"]
    assert archive.ignored == ["__MACOSX/b/._a.txt", "b/.DS_Store"]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"archive_bytes": 100}, "archive_too_large"),
        ({"members": 2}, "too_many"),
        ({"member_bytes": 500_000}, "member_too_large"),
        ({"total_bytes": 500_000}, "total_too_large"),
        ({"ratio": 50, "ratio_from": 1000}, "ratio"),
        ({"depth": 1}, "too_deep"),
        ({"path_length": 8}, "path_too_long"),
        ({"judge": only_endings({"md"})}, "ending"),
    ],
)
def test_every_limit_of_a_policy_holds(limits, code):
    with pytest.raises(Refused) as refused:
        read(zipped(FILES), Policy(**({"judge": TEXTS} | limits)))
    assert refused.value.code == code


def test_reading_one_member_keeps_to_what_is_asked():
    archive = Archive(io.BytesIO(zipped({"a.txt": b"12345"})), Policy(judge=TEXTS))
    (member,) = archive.members
    assert archive.read(member, most=5) == b"12345"
    with pytest.raises(Refused) as refused:
        archive.read(member, most=4)
    assert refused.value.code == "member_too_large"


def test_a_file_that_shrinks_while_it_is_read_is_not_complete():
    data = zipped({"a.txt": random.Random(1).randbytes(9000)}, method=zipfile.ZIP_STORED)
    file = io.BytesIO(data)
    archive = Archive(file, Policy(judge=TEXTS))
    file.truncate(4000)
    with pytest.raises(Refused) as refused:
        list(archive.chunks(archive.members[0]))
    assert refused.value.code == "truncated"


def test_a_refusal_names_no_more_of_a_name_than_can_be_shown():
    refused = Refused("path", path="a\0\u202e\ud800" + "b" * 500)
    assert refused.values["path"] == "a���" + "b" * 116 + "…"
    str(refused).encode()


SOUND = package()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(SOUND)),
    st.booleans(),
)
def test_whatever_is_changed_in_a_package_it_is_read_or_refused(changes, cut, shorten):
    """Bytes changed anywhere, and perhaps cut off: no other error, and never more bytes than were declared."""
    data = bytearray(SOUND)
    for at, value in changes:
        data[at] = value
    data = bytes(data[:cut] if shorten else data)
    try:
        archive = Archive(io.BytesIO(data), h5p.POLICY)
        h5p.read(archive)
    except Refused:
        return
    assert sum(member.size for member in archive.members) < 100_000


def photo_saying(exif: bytes, *, before: bytes = b"") -> bytes:
    """A photo with this as its Exif, and `before` the segment."""
    return (
        b"\xff\xd8"
        + before
        + b"\xff\xe1"
        + struct.pack(">H", len(exif) + 8)
        + b"Exif\0\0"
        + exif
        + b"\xff\xd9"
    )


def directory(*entries: tuple[int, int, int, int]) -> bytes:
    listed = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + listed + bytes(4)


TIFF = struct.pack("<2sHL", b"II", 42, 8)
# Of a place: the entry for it in the first directory, which is at 8 and has no other, and one value of the place's own.
AT_26, VALUE = (PLACE, 4, 1, 26), (2, 5, 3, 40)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400))
@example(noise=b"\x97", at=61)
@example(noise=b"\x00\x05", at=2)  # a segment that ends inside the word that says what it is
def test_photos_of_any_kind_keep_their_length(noise, at):
    photo = bytearray(photo_with_place())
    photo[2 + at : 2 + at + len(noise)] = noise
    for data in (
        noise,
        bytes(photo),
        b"\xff\xd8\xff\xe1" + noise,
        photo_saying(noise),
        photo_saying(TIFF + noise),
    ):
        pieces = [data[:100], data[100:]]
        assert len(b"".join(without_place(iter(pieces)))) == len(data)


@pytest.mark.parametrize(
    "exif",
    [
        TIFF[:6],
        struct.pack("<2sHL", b"II", 42, 2**32 - 1),
        TIFF + directory((PLACE, 4, 1, 2**32 - 1)) + b"52 N 4 E",
        TIFF + directory(AT_26, AT_26) + b"52 N 4 E",
        TIFF + struct.pack("<H", 65535) + directory(AT_26)[2:] + directory(VALUE) + b"52 N 4 E",
        TIFF + directory(AT_26) + struct.pack("<H", 65535) + directory(VALUE)[2:] + b"52 N 4 E",
        TIFF + directory(AT_26) + directory(*[(2, 1, 3000, 26)] * 5000),
        TIFF + directory(*[AT_26] * 5000),
    ],
    ids=[
        "no directory",
        "a directory elsewhere",
        "a place elsewhere",
        "two places",
        "a directory without end",
        "a place without end",
        "values on one another",
        "as many places as fit",
    ],
)
def test_a_photo_whose_place_cannot_be_followed_tells_nothing_of_its_making(exif):
    photo = photo_saying(exif)
    kept = b"".join(without_place(iter([photo])))
    assert kept == photo.replace(exif, bytes(len(exif)))


def test_a_value_as_large_as_a_number_can_say_is_left_alone():
    """No reader finds it either; what the segment does hold of the place goes."""
    exif = TIFF + directory(AT_26) + directory((2, 12, 2**32 - 1, 26), (4, 2, 8, 56)) + b"52 N 4 E rest"
    (kept,) = without_place(iter([photo_saying(exif)]))
    assert kept == photo_saying(exif[:26] + bytes(38) + b" rest")


def test_a_photo_with_padding_before_its_segments_loses_its_place_as_well():
    photo = photo_with_place()
    at = photo.index(b"\xff\xe1")
    padded = photo[:at] + b"\xff" * 3 + photo[at:]
    assert gps_of(padded) != {}
    assert gps_of(b"".join(without_place(iter([padded])))) == {}


def test_a_photo_of_another_byte_order_loses_its_place_as_well():
    photo = photo_with_place()
    at = photo.index(b"Exif\0\0") + 6
    assert photo[at : at + 2] in {b"MM", b"II"}
    assert gps_of(b"".join(without_place(iter([photo])))) == {}
