"""The files of packages, as a sandbox fetches them: without a session, in parts, and for as long as their address is good."""

import datetime
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import storages
from django.urls import reverse

from media.packages import addresses
from media.services.player import Unplayable, player_document
from tests.media.played_packages import made_library, made_version

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC)
FILM = bytes(range(256)) * 40


@pytest.fixture
def library(db):
    return made_library({"a.js": "1", "b.css": "i {}", "c.svg": "<svg/>", "d.html": "<b>", "e.woff2": b"x"})


@pytest.fixture
def version(db):
    return made_version(files={"film.mp4": FILM, "images/a.png": b"png", "b.svg": b"<svg/>", "c.js": b"1"})


@pytest.fixture
def client(client):
    """A browser that reads what it gets to the end, which closes the file."""
    get = client.get

    def read(*arguments, **more):
        response = get(*arguments, **more)
        response.body = b"".join(response) if response.streaming else response.content
        return response

    client.get = read
    return client


def of_library(library, path):
    return reverse("library_file", args=[library.tree_hash, path])


def of_version(version, path, now=NOW):
    return reverse("content_file", args=[addresses.ticket_for(version.pk, now), path])


@pytest.fixture(autouse=True)
def _at_that_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("b.css", "text/css; charset=utf-8"),
        ("c.svg", "image/svg+xml"),
        ("d.html", "application/octet-stream"),
        ("e.woff2", "font/woff2"),
    ],
)
def test_a_library_s_file_is_dead_by_itself_and_kept_for_ever(client, library, path, content_type):
    response = client.get(of_library(library, path))

    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    told = {
        name: response[name]
        for name in (
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Access-Control-Allow-Origin",
            "Cross-Origin-Resource-Policy",
            "Cache-Control",
        )
    }
    assert told == {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("film.mp4", "video/mp4"),
        ("images/a.png", "image/png"),
        ("b.svg", "application/octet-stream"),
        ("c.js", "application/octet-stream"),
    ],
)
def test_what_an_author_brought_is_no_program(client, version, path, content_type):
    assert client.get(of_version(version, path))["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("asked", "status", "told", "body"),
    [
        ("bytes=0-9", 206, "bytes 0-9/10240", FILM[:10]),
        ("bytes=10000-", 206, "bytes 10000-10239/10240", FILM[10000:]),
        ("bytes=-5", 206, "bytes 10235-10239/10240", FILM[-5:]),
        ("bytes=0-99999", 206, "bytes 0-10239/10240", FILM),
        ("bytes=-99999", 206, "bytes 0-10239/10240", FILM),
        ("bytes=10240-", 416, "bytes */10240", b""),
        ("bytes=9-8", 416, "bytes */10240", b""),
        ("bytes=-0", 416, "bytes */10240", b""),
        ("bytes=0-1,3-4", 200, None, FILM),
        ("lines=0-1", 200, None, FILM),
        ("bytes=-", 200, None, FILM),
        ("bytes=" + "9" * 400 + "-", 200, None, FILM),
    ],
)
def test_a_player_that_seeks_gets_the_part_it_asks_for(client, version, asked, status, told, body):
    response = client.get(
        of_version(version, "film.mp4"), headers={"Range": asked, "Accept-Encoding": "gzip"}
    )
    assert (response.status_code, response.get("Content-Range")) == (status, told)
    assert response.body == body
    if status != 416:
        assert (response["Content-Length"], response["Content-Encoding"]) == (str(len(body)), "identity")


def test_what_a_browser_has_is_not_sent_again(client, version):
    address = of_version(version, "film.mp4")
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    other = client.get(address, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert other.status_code == 200


def test_asking_how_large_it_is_sends_nothing(client, version):
    response = client.head(of_version(version, "film.mp4"))
    assert (response.status_code, response["Content-Length"]) == (200, "10240")
    assert b"".join(response) == b""


def test_an_address_runs_out_and_cannot_be_made_up(client, version):
    other = made_version(title="Ander", files={"geheim.txt": b"x"}, params={"x": 2})
    good = of_version(version, "film.mp4")
    assert client.get(good).status_code == 200
    ticket = addresses.ticket_for(version.pk, NOW)
    for bad in (
        ticket[:-2] + ("AA" if not ticket.endswith("AA") else "BB"),
        addresses.ticket_for(other.pk, NOW),
        "x",
        "A" * 60,
        ticket + "A",
    ):
        assert client.get(reverse("content_file", args=[bad, "film.mp4"])).status_code == 404
    with time_machine.travel(NOW + addresses.KEPT_OPEN - datetime.timedelta(minutes=1)):
        assert client.get(good).status_code == 200
    with time_machine.travel(NOW + addresses.KEPT_OPEN + datetime.timedelta(hours=1, minutes=1)):
        assert client.get(good).status_code == 404


@pytest.mark.parametrize(
    "path", ["../content.json", "x/../film.mp4", "film.mp4/", "FILM.MP4", "%2e%2e/film.mp4", "nul\x00"]
)
def test_only_what_is_there_by_that_name(client, version, path):
    assert client.get(of_version(version, "film.mp4").replace("film.mp4", path)).status_code == 404


def test_a_file_that_is_gone_is_not_found(client, version):
    blob = version.files.get(path="film.mp4").blob
    storages["private"].delete(blob.file_name)
    assert client.get(of_version(version, "film.mp4")).status_code == 404


def test_nothing_is_written_here(client, version):
    assert client.post(of_version(version, "film.mp4")).status_code == 405


def test_a_file_costs_one_query(client, version, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(of_version(version, "film.mp4"))


@pytest.mark.parametrize("lacks", ["library", "content", "readable content"])
def test_what_cannot_be_played_says_so(version, lacks):
    if lacks == "library":
        version.main_library = None
    elif lacks == "content":
        version.files.get(path="content.json").delete()
    else:
        Path(storages["private"].path(version.files.get(path="content.json").blob.file_name)).write_text("{")
    with pytest.raises(Unplayable):
        player_document(version=version, title="x", places=(), origin="http://testserver", now=NOW)
