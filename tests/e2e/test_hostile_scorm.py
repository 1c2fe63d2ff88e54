"""The same stranger as a SCORM package, on a host of its own: it goes for the site, and for another package beside it."""

import contextlib
import json
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Error, Frame, Page, expect

from cms.models import CoursePage
from courses.models import Activity, Attempt, Lesson, ResumePoint, Statement
from media.flows import import_package
from media.packages.packing import pack, pack_scorm
from tests.cms import made_pages as made
from tests.e2e.spying import FOLDER, Spy
from tests.e2e.steps import activity_form, address, enrolled, sign_in, the_course
from tests.factories import PersonFactory
from tests.figures import figure
from tests.media.hostile_scorm import manifest

SCRIPTS = ("hostile.js", "scorm.js", "frame.js", "worker.js", "drawing.svg")
PAGE = b"<!doctype html><title>x</title><body><p>hostile</p><script src=hostile.js></script><script src=scorm.js></script>"
# What is a package's own affair on a host of its own: its storage (emptied before each time), its player, its own scripts.
ITS_OWN = {
    "set a cookie", "the real local storage", "indexed database", "cache storage", "file system", "locks",
    "parent document", "address of the parent", "own frame element", "storage of the parent", "cookie of the parent",
    "inline script", "eval", "new Function", "javascript address", "handler attribute", "an origin",
    "read a file of a library as text", "access to storage",
    "window without the shim, by a frame", "window without the shim, in a shadow",
    "window without the shim, declared in a shadow", "window without the shim, written in a shadow",
    "window without the shim, in a copied shadow", "window without the shim, behind replaced methods",
    "script in a frame of its own text",
    # Decision record 38 says what these can tell, and to whom.
    "peer connection", "peer connection under another name",
}  # fmt: skip
# Takes the frame away from under the test, or the page in it: each anew, after the others.
LEAVING = {
    "refresh", "window without the shim, written in a shadow", "form to the site", "point a form at the site", "form get",
    "form post", "xml stylesheet",
}  # fmt: skip


@pytest.fixture
def place(site, settings, now):
    """A lesson with the hostile package and one that is its victim, and a learner."""
    settings.CONTENT_HOST = f"localhost:{urlsplit(site).port}"
    session = made.make_session(CoursePage.objects.get(translation_key=the_course().key), "Oefenen")
    files = {"imsmanifest.xml": manifest(), "a.html": PAGE}
    hostile = pack(files | {name: (FOLDER / name).read_bytes() for name in SCRIPTS})
    brought = []
    for title, data in (("Vijandig", hostile), ("Slachtoffer", pack_scorm("scorm12"))):
        job = import_package(file=ContentFile(data, "x.zip"), title=title, now=now)
        assert job.state == "done", job.refusal
        brought.append(made.package(job.version.package))
    lesson = Lesson.objects.get(key=made.make_lesson(session, "Probeer", *brought).translation_key)
    one, two = Activity.objects.filter(lesson=lesson).order_by("position")
    person = PersonFactory(alias="Noor", email="noor@example.org")
    enrolled(person, now=now)
    return SimpleNamespace(lesson=lesson, hostile=one, victim=two, learner=person, site=site)


def frames_of(page: Page, activity: Activity, words: str) -> tuple[Frame, Frame]:
    """The player of a package and the page in it, once that shows some words."""
    box = activity_form(page, activity.pk)
    box.scroll_into_view_if_needed()
    expect(box.frame_locator("iframe").frame_locator("iframe").locator(f"text={words}").first).to_be_visible()
    player = box.locator("iframe").element_handle().content_frame()
    return player, player.child_frames[0]


@pytest.fixture
def opened(visitor, place, watch) -> SimpleNamespace:
    """The lesson, open, with secrets in the site's storage and in the victim's."""
    for words in ("console:", "policy:", "script error:"):
        watch.allow(words)
    page = visitor(width=1280, as_shipped=True)
    sign_in(page, place.learner.email)
    page.evaluate("localStorage.setItem('secret', 'shh'); sessionStorage.setItem('secret', 'shh')")
    page.goto(address(place.lesson))
    page.evaluate(
        "const channel = new BroadcastChannel('leerhuis'); setInterval(() => channel.postMessage('secret'), 50)"
    )
    _player, victim = frames_of(page, place.victim, "Bladzijde 1")
    victim.evaluate("localStorage.setItem('secret', 'shh'); indexedDB.open('secret'); caches.open('secret')")
    own_player, hostile = frames_of(page, place.hostile, "hostile")
    told = {"site": place.site, "domain": "localhost", "victim": urljoin(victim.url, ".")}
    return SimpleNamespace(page=page, hostile=hostile, hostile_player=own_player, victim=victim, told=told)


def attempt(frame: Frame, name: str, told: dict[str, str], spy: Spy) -> bool:
    """One try, by where it is written. Of the network the test sees at the other end what arrived."""
    if name in frame.evaluate("scorm.names()"):
        return frame.evaluate("([name, told]) => scorm.attempt(name, told)", [name, told])
    if name in frame.evaluate("hostile.inside()"):
        return frame.evaluate("name => hostile.tryInside(name)", name) and name not in ITS_OWN
    frame.evaluate("([name, url]) => hostile.tryNetwork(name, url)", [name, spy.url(name)])
    return False


def is_within(frame: Frame | None, package: Frame) -> bool:
    while frame is not None and frame != package:
        frame = frame.parent_frame
    return frame is not None


@pytest.mark.e2e
def test_nothing_that_a_scorm_package_tries_succeeds(opened, place, spy):
    page, frame, happened, answered = opened.page, opened.hostile, [], []
    page.on("dialog", lambda dialog: (happened.append("dialog"), dialog.dismiss()))
    page.on("download", lambda _download: happened.append("download"))
    page.on("popup", lambda _popup: happened.append("popup"))
    page.on("response", lambda answer: answered.append((answer.frame, answer.url)))
    before = page.url
    names = [
        name
        for listed in ("scorm.names()", "hostile.inside()", "hostile.network()")
        for name in frame.evaluate(listed)
    ]
    got = {name: attempt(frame, name, opened.told, spy) for name in names if name not in LEAVING}
    page.wait_for_timeout(1500)
    own = frame.url.rpartition("/")[0]
    elsewhere = {
        url for by, url in answered if is_within(by, opened.hostile_player) and not url.startswith(own)
    }
    assert opened.victim.evaluate("localStorage.getItem('secret')") == "shh"
    expect(opened.victim.locator("#where")).to_have_text("Bladzijde 1 van 4")
    for name in sorted(LEAVING):
        page.reload()
        _player, frame = frames_of(page, place.hostile, "hostile")
        with contextlib.suppress(Error):  # the page goes while it answers
            got[name] = attempt(frame, name, opened.told, spy)
        got.setdefault(name, False)
        page.wait_for_timeout(600)
    got |= dict.fromkeys(spy.arrived, True)
    succeeded = [name for name, reached in got.items() if reached]
    figure(f"{len(succeeded)} of {len(got)} tries of a hostile SCORM package succeeded")
    # Of the site and of the other package nothing was answered to it but 404, on its own host; and no cookie was planted.
    assert (succeeded, happened, page.url, spy.arrived) == ([], [], before, set())
    assert {urlsplit(url).netloc for url in elsewhere} <= {urlsplit(own).netloc}
    assert "planted" not in {each["name"] for each in page.context.cookies()}
    assert page.locator("h1").inner_text() == "Probeer"
    assert len(got) > 160


@pytest.mark.e2e
def test_what_it_says_in_anothers_name_is_not_heard(opened, place):
    statement = {
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "result": {"completion": True, "score": {"raw": 100, "max": 100}},
    }
    forged = [
        {"context": "leerhuis", "kind": "statement", "statement": statement},
        {"context": "leerhuis", "kind": "state", "part": "0", "state": json.dumps({"cmi": {}})},
        {
            "context": "leerhuis",
            "kind": "start",
            "told": {},
            "places": {"0": json.dumps({"status": "passed"})},
        },
        {"context": "leerhuis", "kind": "flush"},
    ]
    for message in forged:
        opened.hostile.evaluate("message => scorm.forge(message)", message)
    opened.page.wait_for_timeout(2500)
    assert not Attempt.objects.exists()
    assert not Statement.objects.exclude(verb="attempted").exists()
    kept = ResumePoint.objects.filter(activity=place.victim, part="0")
    assert [json.loads(point.data)["status"] for point in kept] == ["begun"]


@pytest.mark.e2e
def test_what_it_left_behind_is_gone_the_next_time(opened, place):
    opened.hostile.evaluate("localStorage.setItem('left', '1'); document.cookie = 'left=1'")
    assert opened.hostile.evaluate("localStorage.getItem('left')") == "1"
    opened.page.reload()
    _player, hostile = frames_of(opened.page, place.hostile, "hostile")
    assert hostile.evaluate("localStorage.getItem('left')") is None


@pytest.mark.e2e
def test_more_than_can_be_kept_is_said_and_what_counts_stays(opened, place):
    """Five megabytes of state, as a package would send them past its runtime."""
    sent = "window.parent.postMessage({context: 'leerhuis', kind: 'state', part: '0', state: JSON.stringify('x'.repeat(5e6))}, '*')"
    opened.hostile_player.evaluate(f"() => {{ {sent} }}")
    form = activity_form(opened.page, place.hostile.pk)
    expect(form.locator("[data-note=large]")).to_be_visible()
    assert not ResumePoint.objects.filter(activity=place.hostile, part="0").exists()
