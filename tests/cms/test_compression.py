"""Pages are compressed as Django does it, padding included."""

import gzip
import secrets
import zlib

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

from cms.middleware import Compression

PAGE = b"<p>Een maatje staat naast iemand.</p>\n" * 100


def answered(body, accepts="gzip, deflate, br", kind=HttpResponse, by=Compression, **headers):
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return by(lambda _request: kind(body, headers=headers))(request)


def test_a_page_is_compressed_and_comes_out_the_same():
    response = answered(PAGE)
    assert gzip.decompress(response.content) == PAGE
    assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")
    assert response["Content-Length"] == str(len(response.content))
    assert len(response.content) < len(PAGE)


def test_the_same_page_has_another_length_each_time():
    bodies = [answered(PAGE).content for _time in range(200)]
    assert len({len(body) for body in bodies}) > 40  # of a hundred lengths, by chance
    assert {zlib.decompress(body, wbits=31) for body in bodies} == {PAGE}


def test_who_does_not_ask_for_it_gets_the_page_plain():
    response = answered(PAGE, accepts="identity")
    assert (response.content, response["Vary"]) == (PAGE, "Accept-Encoding")
    assert not response.has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"kort", {}), (PAGE, {"Content-Encoding": "br"}), (PAGE, {"ETag": '"a"'})],
    ids=["short", "compressed already", "with a tag"],
)
def test_what_is_no_plain_page_goes_djangos_way(body, headers):
    ours, theirs = (answered(body, by=by, **headers) for by in (Compression, GZipMiddleware))
    assert {**ours.headers, "Content-Length": ""} == {**theirs.headers, "Content-Length": ""}


def test_a_stream_stays_a_stream():
    response = answered([PAGE, PAGE], kind=StreamingHttpResponse)
    assert gzip.decompress(b"".join(response.streaming_content)) == PAGE * 2


def test_what_does_not_get_shorter_is_sent_as_it_is():
    noise = secrets.token_bytes(2000)
    response = answered(noise)
    assert response.content == noise
    assert not response.has_header("Content-Encoding")
