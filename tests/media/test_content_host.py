"""The host of SCORM packages: each version its own, nothing of ours on it, and nothing of it on ours."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver

from media.checks import packages_have_another_domain
from media.packages import addresses, content_host
from media.packages.packing import pack_scorm
from media.services.scorm import player_address


@pytest.fixture(autouse=True)
def _site(settings):
    settings.CONTENT_HOST = "pakketten.example"
    settings.SITE_URL = "https://leerhuis.example"
    settings.ALLOWED_HOSTS = ["leerhuis.example", ".pakketten.example"]


@pytest.fixture
def version(db, bring_in):
    return bring_in(pack_scorm("scorm12"), name="les.zip").version


@pytest.fixture
def other(db, bring_in):
    return bring_in(pack_scorm("scorm2004"), name="ander.zip").version


def address_of(version, now=None):
    when = now or datetime.datetime.now(datetime.UTC)
    return player_address(
        version=version, language="nl", scheme="https", beside="leerhuis.example", now=when
    ).url


def host_of(version):
    return urlsplit(address_of(version)).netloc


def ticket_of(version):
    return urlsplit(address_of(version)).path.split("/")[1]


def get(address, client=None, **headers):
    """Ask for an address as a browser does."""
    found = urlsplit(address)
    response = (client or Client()).get(
        found.path, HTTP_HOST=found.netloc, secure=found.scheme == "https", headers=headers
    )
    if response.streaming:  # a file is open under it until it was read
        response.body = b"".join(response.streaming_content)
    return response


def file_address(version, path="index.html"):
    return f"https://{host_of(version)}/{ticket_of(version)}/{path}"


FRAME = {"sec-fetch-dest": "iframe"}


def test_every_version_has_an_origin_of_its_own(version, other, bring_in, now):
    again = bring_in(pack_scorm("scorm12"), name="les.zip", title="Nog eens").version
    hosts = {host_of(each) for each in (version, other, again)}
    assert len(hosts) == 3
    assert all(host.endswith(".pakketten.example") for host in hosts)
    assert all(content_host.LABEL.fullmatch(host.partition(".")[0]) for host in hosts)


def test_the_player_may_nothing_but_frame_its_own_package(version):
    response = get(address_of(version), **FRAME)
    assert response.status_code == 200
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    site = "https://leerhuis.example/static"
    assert policy == {
        "sandbox": "allow-scripts allow-same-origin allow-forms",
        "default-src": "'none'",
        "script-src": f"{site}/scorm/scorm12.js",
        "style-src": f"{site}/scorm/scorm.css",
        "font-src": "data:",
        "img-src": "data:",
        "frame-src": f"https://{host_of(version)}/{ticket_of(version)}/",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "https://leerhuis.example",
    }
    assert (response["Cache-Control"], response["Clear-Site-Data"]) == ("no-store", '"storage"')


def test_a_page_of_the_package_reaches_its_own_files_alone(version):
    response = get(file_address(version))
    own = f"https://{host_of(version)}/{ticket_of(version)}/"
    assert (response.status_code, response["Content-Type"]) == (200, "text/html")
    assert response["Content-Security-Policy"] == (
        f"sandbox allow-scripts allow-same-origin allow-forms; default-src 'none'; "
        f"script-src {own} 'unsafe-inline' 'unsafe-eval'; style-src {own} 'unsafe-inline'; "
        f"img-src {own} data: blob:; media-src {own} data: blob:; font-src {own} data:; connect-src {own}; "
        f"frame-src {own}; worker-src 'none'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'self' https://leerhuis.example"
    )


@pytest.mark.parametrize("which", ["player", "file"])
def test_what_holds_for_everything_there(version, which):
    response = get(address_of(version) if which == "player" else file_address(version), **FRAME)
    assert {
        name: response[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
            "Origin-Agent-Cluster",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",
    }
    assert "camera=()" in response["Permissions-Policy"]
    assert "Set-Cookie" not in response
    assert "X-Frame-Options" not in response


def test_a_service_worker_is_never_handed_out(version):
    for headers in ({"service-worker": "script"}, {"sec-fetch-dest": "serviceworker"}):
        assert get(file_address(version, "les.js"), **headers).status_code == 404
    assert get(file_address(version, "les.js")).status_code == 200


def test_the_player_opens_in_a_frame_only(version):
    assert get(address_of(version), **{"sec-fetch-dest": "document"}).status_code == 404
    assert get(address_of(version)).status_code == 200  # older browsers do not say


def test_a_ticket_opens_one_host_for_a_while(version, other, now):
    ticket = ticket_of(version)
    swapped = f"https://{host_of(other)}/{ticket}/index.html"
    assert get(swapped).status_code == 404
    old = address_of(version, now - datetime.timedelta(days=400))
    assert get(old, **FRAME).status_code == 404
    assert get(file_address(version).replace(ticket, "A" * len(ticket))).status_code == 404
    # The tickets of H5P's files open nothing here, and ours nothing there.
    theirs = addresses.ticket_for(version.pk, datetime.datetime.now(datetime.UTC))
    assert get(f"https://{host_of(version)}/{theirs}/index.html").status_code == 404
    assert get(f"https://leerhuis.example/pakket/inhoud/{ticket}/index.html").status_code == 404


@pytest.mark.parametrize("path", ["../../etc/passwd", "nee.html", "index.html%00", "imsmanifest.xml/", ""])
def test_what_is_not_in_the_package_is_not_there(version, path):
    assert get(file_address(version, path)).status_code == 404


def simple_addresses():
    """Addresses of our own that need nothing filled in."""
    found, stack = [], [("/", get_resolver().url_patterns)]
    while stack:
        prefix, patterns = stack.pop()
        for each in patterns:
            route = str(each.pattern)
            if hasattr(each, "url_patterns"):
                stack.append((prefix + route.lstrip("/"), each.url_patterns))
            elif not set("<(\\^$") & set(route):
                found.append(prefix + route)
    return found


def test_nothing_of_ours_is_on_the_host_of_packages(version):
    ours = [*simple_addresses(), "/static/leerhuis/leerhuis.js", "/leerplek/", "/cms/", "/account/login/"]
    assert len(ours) > 60
    client = Client()
    client.cookies["leerhuis_session"] = "x"
    for host in (host_of(version), "pakketten.example", "iets.pakketten.example"):
        answers = {
            path: get(f"https://{host}{path}", client).status_code for path in ours if path.startswith("/")
        }
        assert {path: status for path, status in answers.items() if status != 404} == {}


def test_nothing_of_packages_is_on_our_host(version):
    for address in (address_of(version), file_address(version)):
        ours = address.replace(host_of(version), "leerhuis.example")
        assert get(ours, **FRAME).status_code == 404


def test_a_site_without_a_host_for_them_takes_no_scorm(db, bring_in, settings):
    settings.CONTENT_HOST = ""
    job = bring_in(pack_scorm("scorm12"), name="les.zip")
    assert (job.state, job.refusal["code"]) == ("refused", "no_content_host")
    assert content_host.every_origin(scheme="https", beside="leerhuis.example") == []
    assert not content_host.is_below("x.leerhuis.example")


@pytest.mark.parametrize(
    ("host", "beside", "origin"),
    [
        ("pakketten.example", "leerhuis.example", "https://px.pakketten.example"),
        ("localhost", "localhost:8000", "https://px.localhost:8000"),
        ("localhost:9000", "localhost:8000", "https://px.localhost:9000"),
    ],
)
def test_the_port_is_that_of_our_own_host_unless_another_is_named(settings, host, beside, origin):
    settings.CONTENT_HOST = host
    assert content_host.origin_of("px", scheme="https", beside=beside) == origin


def test_only_ones_own_machine_has_the_site_at_the_content_host_itself(settings):
    settings.CONTENT_HOST, settings.SITE_URL = "localhost", "http://localhost:8000"
    assert not content_host.is_below("localhost:8000")
    assert content_host.is_below("p0.localhost:8000")
    settings.CONTENT_HOST, settings.SITE_URL = "pakketten.example", "https://elders.example"
    assert content_host.is_below("pakketten.example")


def test_a_package_is_replaced_by_one_of_its_own_kind(version, bring_in, now):
    other_kind = bring_in(pack_scorm("scorm2004"), name="ander.zip", replaces=version.package)
    assert (other_kind.state, other_kind.refusal["code"]) == ("refused", "other_kind")
    changed = bring_in(
        pack_scorm("scorm12", {"les.css": b"body{}"}), name="les.zip", replaces=version.package
    )
    version.package.refresh_from_db()
    assert (changed.version.number, version.package.current) == (2, changed.version)


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("", []),
        ("pakketten.example", []),
        ("leerhuis.example", ["media.E001"]),
        ("p.leerhuis.example:8443", ["media.E001"]),
    ],
)
def test_a_deployment_is_told_where_packages_would_share_the_site_s_domain(settings, host, found):
    settings.CONTENT_HOST, settings.SITE_URL = host, "https://www.leerhuis.example"
    assert [each.id for each in packages_have_another_domain(None)] == found
