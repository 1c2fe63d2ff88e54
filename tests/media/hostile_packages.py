"""Packages that must be refused: what each one is, how it is made, and the code of the refusal it must get.

Made by a function each, so that a bomb exists only while its test runs.
"""

import io
import random
import stat
import struct
import zipfile
import zlib

from media.archives.policy import MB
from media.packages.packing import pack
from tests.media.made_packages import (
    as_json,
    content,
    files,
    library,
    manifest,
    needed,
    package,
    picture_at,
    png,
)

CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


# --- zip files that lie about themselves ------------------------------------------------------------------------------
def with_name(path, data=b"x"):
    """The right package and one more file under a name that `zipfile` would not write."""
    return package({path: data})


def raw_name(name):
    """The same for bytes that are no text: a placeholder of the same length is written and then overwritten."""
    placeholder = "content/" + "q" * (len(name) - 8)
    return package({placeholder: b"x"}).replace(placeholder.encode(), name)


def patched(path, offset, value, *, local=None, layout="<L"):
    """The right package with a field of a member's central header changed; `local` is where its own header has it."""
    data = bytearray(package())
    name = path.encode()
    entry = data.index(name, data.rindex(END) - 10_000 if len(data) > 10_000 else data.index(CENTRAL)) - 46
    assert data[entry : entry + 4] == CENTRAL
    struct.pack_into(layout, data, entry + offset, value)
    if local is not None:
        header = struct.unpack_from("<L", data, entry + 42)[0]
        assert data[header : header + 4] == LOCAL
        struct.pack_into(layout, data, header + local, value)
    return bytes(data)


def twice(first, second):
    packed = io.BytesIO(package())
    stand_in = second[:-1] + "~"  # `zipfile` warns of what it is asked to do
    with zipfile.ZipFile(packed, "a") as archive:
        for path in (first, stand_in):
            archive.writestr(zipfile.ZipInfo(path), b"x")
    return packed.getvalue().replace(stand_in.encode(), second.encode())


def link():
    packed = io.BytesIO(package())
    member = zipfile.ZipInfo("content/images/link.png")
    member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(member, "/etc/passwd")
    return packed.getvalue()


def overlapping():
    """Many names for the same packed bytes: what a few kilobytes would unpack to is limited by nothing."""
    kernel = zlib.compress(b"\0" * 1_000_000, 9)[2:-4]
    crc, name = zlib.crc32(b"\0" * 1_000_000), b"content/a.txt"
    body = (
        struct.pack("<4s5H3L2H", LOCAL, 20, 0, 8, 0, 0, crc, len(kernel), 1_000_000, len(name), 0)
        + name
        + kernel
    )
    directory = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            CENTRAL,
            20,
            20,
            0,
            8,
            0,
            0,
            crc,
            len(kernel),
            1_000_000,
            len(name),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"content/%c.txt" % letter
        for letter in b"abcdefgh"
    )
    end = struct.pack("<4s4H2LH", END, 0, 0, 8, 8, len(directory), len(body), 0)
    return body + directory + end


def hundred_thousand():
    entry = struct.pack("<4s6H3L5H2L", CENTRAL, 20, 20, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0)
    directory = b"".join(entry + b"a%08d" % number for number in range(100_000))
    end = struct.pack("<4s4H2LH", END, 0, 0, 100_000 & 0xFFFF, 100_000 & 0xFFFF, len(directory), 0, 0)
    return directory + end


def declared(size):
    """A file that says it is of that size, in both headers; its bytes are not."""
    return patched("content/images/a.png", 24, size, local=22)


def bomb(unpacked):
    return package({"content/zeros.txt": b"\0" * unpacked})


def many_large():
    """Each file is as large as one may be, packed as well: only their headers say so."""
    data = bytearray(package({f"content/{letter}.pdf": b"%PDF-" for letter in "abcd"}))
    at = 0
    while (at := data.find(CENTRAL, at)) >= 0:
        if data[at + 46 : at + 60].startswith(b"content/") and data[at + 55 : at + 59] == b".pdf":
            struct.pack_into("<LL", data, at + 20, 190 * MB, 190 * MB)
        at += 4
    return bytes(data)


def truncated(share):
    whole = package()
    return whole[: int(len(whole) * share)]


def cut_in_the_middle():
    """The list of files is whole; the bytes that it points at are not."""
    whole = package({"content/long.txt": b"".join(b"%d" % (n * n) for n in range(5000))})
    start = struct.unpack_from("<L", whole, whole.rindex(END) + 16)[0]
    cut = whole[: start // 2]
    directory = whole[start:]
    end = bytearray(directory)
    struct.pack_into("<L", end, len(directory) - 22 + 16, len(cut))
    return cut + bytes(end)


def json_of(path, raw):
    return package({path: raw})


def chain(length, last):
    """Libraries that need each other in a row; the last one needs `last`."""
    made = library("H5P.Vraag", 1, 2, needs=["H5P.L0"], runnable=1)
    for number in range(length):
        other = f"H5P.L{number + 1}" if number + 1 < length else last
        made |= library(f"H5P.L{number}", needs=[other])
    return package(made)


HOSTILE = {
    # the way out
    "up and out": (lambda: with_name("../x.png"), "path"),
    "up and out of a folder": (lambda: with_name("content/../../x.png"), "path"),
    "up and back": (lambda: with_name("content/x/../y.png"), "path"),
    "absolute": (lambda: with_name("/etc/x.png"), "path"),
    "drive": (lambda: with_name("C:/x.png"), "path"),
    "backslashes": (lambda: with_name("content\\..\\..\\x.png"), "path"),
    "drive and backslash": (lambda: raw_name(b"C:\\Temp\\x.png"), "path"),
    "a stream of Windows": (lambda: with_name("content/a.png:b"), "path"),
    "a device": (lambda: with_name("content/CON.png"), "path"),
    "a device in a folder": (lambda: with_name("content/nul/a.png"), "path"),
    "trailing dot": (lambda: with_name("content/a.png."), "path"),
    "trailing space": (lambda: with_name("content/a.png "), "path"),
    "NUL in a name": (lambda: raw_name(b"content/a\0.png"), "path"),
    "line break in a name": (lambda: with_name("content/a\n.png"), "path"),
    "turned letters in a name": (lambda: with_name("content/gnp.\u202ea.png"), "path"),
    "empty part of a name": (lambda: with_name("content//a.png"), "path"),
    "name of a thousand letters": (lambda: with_name(f"content/{'a' * 1000}.png"), "path_too_long"),
    "a hundred folders deep": (lambda: with_name("content/" + "a/" * 100 + "a.png"), "too_deep"),
    "the same name twice": (lambda: twice("content/b.txt", "content/b.txt"), "twice"),
    "names that differ by case": (lambda: twice("content/b.txt", "content/B.txt"), "twice"),
    "folders that differ by case": (lambda: twice("content/b/1.txt", "content/B/2.txt"), "twice"),
    "names that differ by Unicode form": (lambda: twice("content/\u00e9.txt", "content/e\u0301.txt"), "twice"),
    "a file that is a folder, too": (lambda: twice("content/b.txt", "content/b.txt/c.txt"), "twice"),
    "a link": (link, "link"),
    # bombs
    "a hundred thousand files": (hundred_thousand, "too_many"),
    "six thousand files": (lambda: package({f"content/{n}.txt": b"" for n in range(6000)}), "too_many"),
    "packed a thousand times": (lambda: bomb(20 * MB), "ratio"),
    "many files packed a thousand times": (lambda: package({f"content/{n}.txt": b"\0" * 7 * MB for n in range(9)}), "ratio"),
    "one huge file": (lambda: patched("content/images/a.png", 24, 250 * MB, local=22), "member_too_large"),
    "says it is more than there is": (many_large, "ratio"),
    "overlapping": (overlapping, "overlap"),
    "says it is smaller": (lambda: declared(3), "false_size"),
    "says it is larger": (lambda: declared(90_000), "false_size"),
    "another checksum": (lambda: patched("content/images/a.png", 16, 1), "false_size"),
    "another name inside": (lambda: package().replace(b"content/images/a.png", b"content/images/b.png", 1), "false_size"),
    "a file in a file": (lambda: with_name("content/more.zip", package()), "ending"),
    "a package in a package": (lambda: with_name("content/more.h5p", package()), "ending"),
    "locked": (lambda: patched("content/images/a.png", 8, 1, local=6, layout="<H"), "encrypted"),
    "locked in its own header only": (lambda: package().replace(LOCAL + b"\x14\x00\x00\x00", LOCAL + b"\x14\x00\x01\x00", 1), "encrypted"),
    "packed oddly": (lambda: patched("content/images/a.png", 10, 12, local=8, layout="<H"), "compression"),
    "nothing": (lambda: b"", "not_a_zip"),
    "no zip file": (lambda: b"%PDF-1.7 and so on" * 100, "not_a_zip"),
    "cut off": (lambda: truncated(0.5), "not_a_zip"),
    "cut off at the end": (lambda: truncated(0.99), "not_a_zip"),
    "cut in the middle": (cut_in_the_middle, "overlap"),
    # what it says of itself
    "no h5p.json": (lambda: package({"h5p.json": None}), "no_manifest"),
    "h5p.json in capitals": (lambda: package({"h5p.json": None, "H5P.json": as_json(manifest())}), "manifest_case"),
    "all in a folder": (lambda: pack({f"les/{path}": data for path, data in files().items()}), "manifest_folder"),
    "h5p.json is no JSON": (lambda: json_of("h5p.json", b"{'title': 1}"), "json"),
    "h5p.json is a list": (lambda: json_of("h5p.json", b"[]"), "json"),
    "h5p.json is bad UTF-8": (lambda: json_of("h5p.json", b'{"title": "\xff"}'), "json"),
    "h5p.json is bottomless": (lambda: json_of("h5p.json", b"[" * 100_000), "json"),
    "h5p.json of two megabytes": (lambda: json_of("h5p.json", as_json(manifest(x=random.Random(1).randbytes(MB).hex()))), "member_too_large"),
    "endless number": (lambda: json_of("h5p.json", b'{"title": ' + b"9" * 5000 + b"}"), "json"),
    "not a number": (lambda: json_of("h5p.json", b'{"title": NaN}'), "json"),
    "half a letter": (lambda: package({"h5p.json": as_json(manifest(title="\ud800"))}), "json"),
    "NUL in the title": (lambda: package({"h5p.json": as_json(manifest(title="a\0b"))}), "json"),
    "no title": (lambda: package({"h5p.json": as_json(manifest(title=""))}), "field"),
    "title of a thousand letters": (lambda: package({"h5p.json": as_json(manifest(title="a" * 1000))}), "field"),
    "main library is markup": (lambda: package({"h5p.json": as_json(manifest(main="<script>"))}), "field"),
    "main library is not listed": (lambda: package({"h5p.json": as_json(manifest() | {"preloadedDependencies": []})}), "field"),
    "dependencies are words": (lambda: package({"h5p.json": as_json(manifest() | {"preloadedDependencies": ["x"]})}), "field"),
    "version is minus one": (lambda: package({"h5p.json": as_json(manifest(minor=-1))}), "field"),
    "no content": (lambda: package({"content/content.json": None}), "no_content"),
    "content is no JSON": (lambda: json_of("content/content.json", b"<p>"), "json"),
    "content is null": (lambda: json_of("content/content.json", b"null"), "json"),
    # libraries
    "folder without library.json": (lambda: package({"H5P.Ander-1.0/a.js": b"1"}), "not_a_library"),
    "library.json is no JSON": (lambda: json_of("H5P.Deel-1.0/library.json", b"x"), "json"),
    "library without patch": (lambda: package(library("H5P.Deel", patchVersion=None)), "field"),
    "library under another name": (lambda: package({"H5P.Ander-1.0/library.json": files()["H5P.Deel-1.0/library.json"]}), "folder_name"),
    "library twice": (lambda: package({path.replace("-1.0", ""): data for path, data in library("H5P.Deel").items()}), "library_twice"),
    "library without its script": (lambda: package({"H5P.Deel-1.0/main.js": None}), "library_file"),
    "library loads from outside": (lambda: package(library("H5P.Deel", preloadedJs=[{"path": "https://elders.example/x.js"}])), "library_file"),
    "library loads another's file": (lambda: package(library("H5P.Deel", preloadedJs=[{"path": "../H5P.Vraag-1.2/main.js"}])), "library_file"),
    "main library missing": (lambda: package(dict.fromkeys(library("H5P.Vraag", 1, 2))), "missing"),
    "dependency missing": (lambda: package(dict.fromkeys(library("H5P.Deel"))), "missing"),
    "dependency of another version": (lambda: package(dict.fromkeys(library("H5P.Deel")) | library("H5P.Deel", 1, 4)), "other_version"),
    "library of the content missing": (lambda: package(content({"part": {"library": "H5P.Weg 1.0", "params": {}}})), "missing"),
    "needs itself": (lambda: package(library("H5P.Deel", needs=["H5P.Deel"])), "cycle"),
    "need each other": (lambda: package(library("H5P.Deel", needs=[needed("H5P.Vraag", 1, 2)])), "cycle"),
    "a circle of five hundred": (lambda: chain(500, "H5P.L0"), "cycle"),
    "needs a newer H5P": (lambda: package(library("H5P.Deel", coreApi={"majorVersion": 1, "minorVersion": 99})), "core"),
    "not to be shown by itself": (lambda: package(library("H5P.Vraag", 1, 2, needs=["H5P.Deel"], runnable=0)), "not_runnable"),
    # files
    "script of a server": (lambda: with_name("content/a.php"), "ending"),
    "script of a server in a library": (lambda: with_name("H5P.Deel-1.0/a.php"), "ending"),
    "two endings": (lambda: with_name("content/a.png.php"), "ending"),
    "no ending": (lambda: with_name("content/a"), "ending"),
    "rules for a server": (lambda: with_name("content/.htaccess"), "hidden"),
    "hidden folder": (lambda: with_name("H5P.Deel-1.0/.git/config.json"), "hidden"),
    "page in the content": (lambda: with_name("content/a.html"), "ending"),
    "page in a library": (lambda: with_name("H5P.Deel-1.0/a.html"), "ending"),
    "drawing in the content": (lambda: with_name("content/a.svg", b"<svg onload='x'/>"), "ending"),
    "script in the content": (lambda: with_name("content/a.js"), "ending"),
    "style in the content": (lambda: with_name("content/a.css"), "ending"),
    "script beside the content": (lambda: with_name("a.js"), "ending"),
    "page called a picture": (lambda: with_name("content/a.png", b"<html><script>alert(1)</script>"), "disguised"),
    "page called a film": (lambda: with_name("content/a.mp4", b"<!doctype html>"), "disguised"),
    "page called a font": (lambda: with_name("content/a.woff2", b"<!doctype html>"), "disguised"),
    "program called a document": (lambda: with_name("content/a.pdf", b"MZ\x90\x00" + b"\0" * 2000), "disguised"),
    "pixel flood": (lambda: with_name("content/a.png", png(60_000, 60_000)), "pixels"),
    "pixel flood as GIF": (lambda: with_name("content/a.gif", b"GIF89a\xff\xff\xff\xff" + b"\0" * 20), "pixels"),
    "pixel flood as JPEG": (lambda: with_name("content/a.jpg", b"\xff\xd8\xff\xe0\x00\x04\0\0\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\0\0\0"), "pixels"),
    # what needs the internet
    "video of YouTube": (lambda: package(content({"v": picture_at("https://www.youtube.com/watch?v=x", "video/YouTube")})), "streamed"),
    "video of Vimeo": (lambda: package(content({"v": [{"w": picture_at("https://player.vimeo.com/video/1", "video/Vimeo")}]})), "streamed"),
    "video of YouTube without a scheme": (lambda: package(content({"v": picture_at("youtu.be/x", "video/mp4")})), "streamed"),
    "picture of another website": (lambda: package(content({"v": picture_at("//elders.example/a.png")})), "elsewhere"),
    "picture by a script": (lambda: package(content({"v": picture_at("data:text/html,<script>", "text/html")})), "elsewhere"),
}  # fmt: skip
