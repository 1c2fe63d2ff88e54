"""The room for intervision in three browsers: who leads, who brings the case, who takes part.

All see phase and clock move without asking for the page anew; what was written is gone from all of them at the end.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from meetings.flows import register
from meetings.models import Attendance, Meeting, Room, Seat
from people.privacy.traces import find_traces
from tests.e2e.steps import follow, main_form, sign_in, submit
from tests.e2e.test_axe import AXE, COLOURS, RUN, WIDER_THAN_THE_WINDOW
from tests.factories import MeetingFactory, PersonFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CASE = "Een moeder zegt elke week af. Ik word er moedeloos van."


@pytest.fixture
def meeting(site) -> Meeting:
    """Begins in a few minutes: Noor leads it, Ree and Das are on its list."""
    now = timezone.now()
    meeting = MeetingFactory(kind="intervision", starts_at=now + timedelta(minutes=5))
    meeting.leaders.add(PersonFactory(alias="Noor", email="noor@example.org"))
    for alias in ("Ree", "Das"):
        person = PersonFactory(alias=alias, email=f"{alias.lower()}@example.org")
        register(meeting=meeting, person=person, now=now)
    return meeting


def part(page: Page, name: str):
    return page.locator(f'[data-room-part="{name}"]')


def mark(page: Page) -> None:
    """Lost when the page is asked for anew."""
    page.evaluate("window.stayed = true")


def phase(page: Page, number: int) -> None:
    """The phase they see, in its own words."""
    expect(page.locator(".room-phases > li").nth(number)).to_have_attribute("aria-current", "step")
    expect(part(page, "clock").locator(".eyebrow")).to_contain_text(f"{number + 1}")


def seconds(page: Page) -> int:
    minutes, rest = page.locator("[role=timer]").inner_text().split(":")
    return int(minutes) * 60 + int(rest)


def looks_well(page: Page, *rules: str) -> None:
    page.evaluate(AXE)
    assert page.evaluate(RUN, list(rules) or None) == []
    assert page.evaluate(WIDER_THAN_THE_WINDOW) == ""


def test_three_browsers_in_one_room(visitor, meeting):
    noor, ree, das = visitor(width=1280), visitor(width=360), visitor(width=1280, dark=True)
    for page, name in ((noor, "noor"), (ree, "ree"), (das, "das")):
        sign_in(page, f"{name}@example.org")
        page.goto(reverse("meeting", args=[meeting.pk]))
        follow(page.locator(f'#inhoud a[href="{reverse("room", args=[meeting.pk])}"]'))
    mark(ree)
    mark(das)

    # It opens before the eyes of who waits.
    expect(part(das, "waiting")).to_be_visible()
    noor.locator("#method-gossip").check()
    submit(part(noor, "waiting").locator("form"))
    expect(part(das, "clock")).to_be_visible()
    ree.locator("#room-come").click()
    expect(ree.locator("#room-come")).to_have_count(0)
    expect(part(noor, "people").locator("li", has_text="Ree").locator(".tag")).to_be_visible()

    # Who brings the case gets a place to write it; what points at somebody comes back.
    part(noor, "roles").locator("summary").first.click()
    part(noor, "roles").get_by_label("Ree").select_option("owner")
    submit(part(noor, "roles").locator("form").first)
    expect(part(ree, "case").locator("textarea")).to_be_visible()
    assert ree.evaluate("window.stayed")
    part(ree, "case").locator("textarea").fill("Bel 06-12345678.")
    submit(part(ree, "case").locator("form"))
    expect(part(ree, "case").locator("[data-form-errors]")).to_be_focused()
    part(ree, "case").locator("textarea").fill(CASE)
    submit(part(ree, "case").locator("form"))
    mark(ree)
    mark(noor)
    expect(das.locator(".room-text")).to_have_text(CASE)

    # The clock runs in all three.
    noor.locator("#room-next").click()
    for page in (noor, ree, das):
        phase(page, 0)
        timer = page.locator("[role=timer]")
        expect(timer).to_be_visible()
        expect(timer).not_to_have_text(timer.inner_text())
    assert abs(seconds(ree) - seconds(das)) <= 2  # the two were read one after another
    expect(das.locator("[data-live]")).to_contain_text("Vertel de casus")
    for page in (noor, ree):
        looks_well(page)
    looks_well(das, *COLOURS)

    # The next phase, by the keys; the button keeps its focus, and who types keeps what was typed.
    part(ree, "case").locator("textarea").fill(f"{CASE} En nu")
    noor.locator("#room-next").focus()
    noor.keyboard.press("Enter")
    for page in (noor, ree, das):
        phase(page, 1)
    expect(noor.locator("#room-next")).to_be_focused()
    assert part(ree, "case").locator("textarea").input_value() == f"{CASE} En nu"
    noor.locator("#room-hold").click()
    expect(part(das, "clock").locator("strong", has_text="De klok staat stil.")).to_be_visible()
    assert [page.evaluate("window.stayed") for page in (noor, ree, das)] == [True] * 3

    # The end: in two browsers by itself, and nothing of the case anywhere.
    follow(part(noor, "roles").locator(f'a[href="{reverse("close_room", args=[meeting.pk])}"]'))
    looks_well(noor)
    submit(main_form(noor))
    for page in (noor, ree, das):
        expect(page.locator("[data-room-ended]")).to_be_visible()
        assert "moedeloos" not in page.content()
    assert [page.evaluate("window.stayed") for page in (ree, das)] == [True] * 2
    looks_well(ree)
    assert (Room.objects.get().case, Seat.objects.count(), find_traces(["moedeloos"])) == (None, 0, [])
    assert dict(Attendance.objects.values_list("person__alias", "status")) == {
        "Ree": "present",
        "Das": "absent",
    }
