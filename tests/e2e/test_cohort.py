"""A group from its one form to its last evening: invited, waited for a place, written down on a phone, moved, looked back on.

Eleven weeks of autumn 2026, over the change of the clock. What nobody needs a screen for goes through the flows that the
screens call; every kind of step is done on its own screen at least once, and who was there on all nine evenings.
"""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Activity, ActivityVersion, Cohort, Enrolment
from meetings.flows import accept_invitation, remind
from meetings.models import Attendance, Meeting
from meetings.rules import is_neutral
from meetings.services.invitations import invitation_of
from meetings.services.tokens import make_feed
from people.models import OutboxMessage, Role, User
from people.services.roles import grant_role
from portal.flows import answer_activity
from tests.e2e.pictures import picture
from tests.e2e.steps import address, answer, follow, main_form, sign_in, submit, the_course
from tests.factories import PASSWORD, PersonFactory
from tests.figures import figure
from tests.meetings.calendar_reader import components, moment

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

BIRDS = ("Merel", "Wilg", "Kompas", "Linde", "Anker", "Zeewind", "Vuursteen", "Maan", "Roos")
EVENINGS = 9
# What people say of themselves at the start and at the end; more shame is less well.
START = {
    "zelfinzicht": 4,
    "schuld": 5,
    "schaamte": 8,
    "herstelverhaal": 3,
    "ervaringskennis": 4,
    "identiteit": 5,
}
END = {
    "zelfinzicht": 7,
    "schuld": 6,
    "schaamte": 5,
    "herstelverhaal": 7,
    "ervaringskennis": 8,
    "identiteit": 7,
}
Feed = dict[str, tuple[int, datetime]]  # edition and beginning of an event, by its UID


@pytest.fixture
def clock(settings):
    """The middle of September; the test moves it on. Nobody signs in anew each evening: that is another journey."""
    settings.SESSION_COOKIE_AGE = 100 * 24 * 3600
    with time_machine.travel(datetime(2026, 9, 15, 8, tzinfo=UTC), tick=True) as clock:
        yield clock


def staff(role: Role, alias: str) -> User:
    person = PersonFactory(alias=alias, email=f"{alias.lower()}@example.org")
    organisation = the_course().programme.organisation
    grant_role(user=person, role=role, organisation=organisation, now=timezone.now())
    return person


def make_the_group(page: Page, trainer: User) -> Cohort:
    page.goto(reverse("make_group"))
    form = main_form(page)
    form.locator("[name=course]").select_option(str(the_course().pk))
    form.locator("[name=name]").fill("Utrecht, najaar")
    form.locator(f"[name=trainers][value='{trainer.pk}']").check()
    form.locator("[name=first]").fill("2026-10-01")
    form.locator("[name=clock]").fill("19:00")
    form.locator("[name=place]").fill("Utrecht, zaal 2")
    form.locator("[name=capacity]").fill("8")
    form.locator("[name=way_in]").select_option("invitation")
    submit(form)
    expect(page.locator(".dates > li")).to_have_count(EVENINGS)
    return Cohort.objects.get(name="Utrecht, najaar")


def invite(page: Page, cohort: Cohort, people: list[User]) -> None:
    """The list is looked at first; nothing leaves before that is confirmed."""
    follow(page.locator(f"a[href='{reverse('invite', args=[cohort.pk])}']"))
    page.locator("[name=addresses]").fill("\n".join([*(person.email for person in people), "geen adres"]))
    submit(main_form(page))
    assert OutboxMessage.objects.count() == 0
    submit(main_form(page))
    assert OutboxMessage.objects.count() == len(people)


def link_for(person: User) -> str:
    """The address in the last mail to somebody that leads to an invitation."""
    message = [message for message in mail.outbox if message.to == [person.email]][-1]
    return re.search(r"https?://\S+(/uitnodiging/\S+/)", message.body)[1]


def take_it_up(page: Page, person: User) -> None:
    """By the link in the mail, signing in on the way."""
    page.goto(link_for(person))
    page.locator("#id_login").fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    submit(main_form(page))
    submit(main_form(page))
    expect(page.locator("#samen")).to_be_visible()


def stop(page: Page, person: User) -> None:
    sign_in(page, person.email)
    page.goto(reverse("stop_course", args=[the_course().short_key]))
    submit(main_form(page))


def survey_at(moment: str) -> ActivityVersion:
    activity = Activity.objects.get(
        kind="survey", lesson__session__course=the_course(), versions__specification__moment=moment
    )
    return activity.versions.select_related("activity__lesson").get()


def say(
    version: ActivityVersion, said: Mapping[str, int], page: Page, person: User, others: list[User]
) -> None:
    """One on their phone, the others by what the same form calls."""
    data = {f"survey-{construct}": str(value) for construct, value in said.items()}
    page.goto(address(version.activity.lesson))
    answer(page, version.activity_id, data)
    for other in others:
        answer_activity(
            learner=other,
            activity_id=version.activity_id,
            version_id=version.pk,
            data=data,
            uuid=uuid.uuid4(),
            now=timezone.now(),
        )


def write_down(page: Page, meeting: Meeting, different: Mapping[User, str]) -> tuple[int, float]:
    """Everybody is there but these. How many taps it took, and how long from the page to the word that it is kept."""
    page.goto(reverse("attendance", args=[meeting.pk]))
    began = time.perf_counter()
    for person, status in different.items():
        page.locator(f"label:has([name='status-{person.pk.hex}'][value={status}])").click()
    submit(main_form(page))
    expect(page.locator(".attend fieldset")).to_have_count(8)
    assert meeting.attendances.filter(replacement=None).count() == 8
    return len(different) + 1, time.perf_counter() - began


def move_the_fourth(page: Page, fourth: Meeting) -> None:
    """A week later; five to nine are offered to come along, and do."""
    page.goto(reverse("change_meeting", args=[fourth.pk]))
    day = timezone.localtime(fourth.starts_at) + timedelta(days=7)
    page.locator("[name=day]").fill(f"{day:%Y-%m-%d}")
    submit(main_form(page))
    expect(page.locator(".dates > li")).to_have_count(5)
    with page.expect_navigation():
        page.locator("button[name=later][value=along]").click()


def subscribe(page: Page) -> str:
    page.goto(reverse("calendar_feed"))
    submit(main_form(page))
    return page.locator("#feed").input_value()


def read_feed(page: Page, feed: str) -> Feed:
    events = components(page.request.get(feed).body())["VEVENT"]
    return {
        event["UID"][1]: (int(event["SEQUENCE"][1]), moment(*event["DTSTART"]).astimezone(UTC))
        for event in events
    }


def close_the_round(page: Page, cohort: Cohort) -> list[str]:
    """What stands in the table of start and end then, of the first question."""
    page.goto(reverse("cohort_surveys", args=[cohort.pk]))
    expect(page.locator(".dumb-span")).to_have_count(0)
    form = page.locator("form:has([name=ask][value=T1])")
    form.locator("[name=sure]").check()
    submit(form)
    expect(page.locator(".dumb-span")).to_have_count(len(END))
    first = page.locator("#t0t1 ~ .stack-table, #t0t1 ~ * .stack-table").locator("tbody tr").first
    return [text.strip() for text in first.locator("td").all_inner_texts()]


def assert_nobody_tells(site: str, cohort: Cohort, people: list[User]) -> None:
    """Of no mail can anybody who reads along say why it came, or with whom somebody is in a group."""
    names = [the_course().title, the_course().programme.name, cohort.name]
    names += [meeting.title for meeting in cohort.meetings.all()] + [person.alias for person in people]
    for message in mail.outbox:
        whole = f"{message.from_email} {message.subject} {message.body} {message.alternatives}".replace(
            site, ""
        )
        assert is_neutral(whole)
        assert [name for name in names if name in whole] == []


def test_a_group_from_one_form_to_what_came_of_it(
    site: str, visitor: Callable[..., Page], worker: Callable[[], None], clock
):
    coordinator, trainer = staff(Role.COORDINATOR, "Wies"), staff(Role.TRAINER, "Noor")
    people = [PersonFactory(alias=alias, email=f"{alias.lower()}@example.org") for alias in BIRDS]
    *most, eighth, ninth = people

    desk = visitor(width=1280)
    sign_in(desk, coordinator.email)
    cohort = make_the_group(desk, trainer)
    invite(desk, cohort, people)
    worker()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)

    # Eight are in; the ninth waits. Somebody stops: the place is offered, told of, and taken.
    for person in most:
        invitation = invitation_of(link_for(person).split("/")[2], now=timezone.now())
        accept_invitation(invitation=invitation, person=person, alias=person.alias, now=timezone.now())
    phone, late = visitor(width=360), visitor(width=360)
    take_it_up(phone, eighth)
    take_it_up(late, ninth)
    assert cohort.places.get(person=ninth).status == "waiting"
    stop(visitor(width=360), most[0])
    worker()
    assert mail.outbox[-1].to == [ninth.email]
    late.goto(reverse("leerplek"))
    with late.expect_navigation():
        late.locator("button[name=accept]").click()
    members = [*most[1:], eighth, ninth]
    assert set(Enrolment.objects.exclude(status="withdrawn").values_list("learner", flat=True)) == {
        person.pk for person in members
    }
    others = [person for person in members if person != eighth]
    say(survey_at("T0"), START, phone, eighth, others)

    # Three evenings. Who missed the second catches up on their own.
    hand = visitor(width=360)
    sign_in(hand, trainer.email)
    feeds = {eighth: subscribe(phone), trainer: subscribe(hand)}
    feeds |= {
        person: f"{site}/agenda/{make_feed(person=person, now=timezone.now())}.ics" for person in others
    }
    different = {2: {eighth: "absent"}, 3: {ninth: "late"}, 7: {most[1]: "late", most[2]: "late"}}
    written = []

    def evenings(first: int, last: int) -> None:
        for number in range(first, last + 1):
            meeting = cohort.meetings.order_by("starts_at")[number - 1]
            clock.move_to(meeting.starts_at - timedelta(hours=22))
            remind(now=timezone.now())
            worker()
            clock.move_to(meeting.starts_at + timedelta(minutes=5))
            written.append(write_down(hand, meeting, different.get(number, {})))

    evenings(1, 3)
    picture(hand, "attendance-360")
    desk.goto(reverse("cohort", args=[cohort.pk]))
    picture(desk, "desk-1280")
    second = cohort.meetings.order_by("starts_at")[1]
    phone.goto(reverse("leerplek"))
    follow(phone.locator(f"a[href='{reverse('session', args=[second.session.short_key])}']").first)
    submit(phone.locator(f"form[action='{reverse('caught_up', args=[second.pk])}']"))
    assert Attendance.objects.current().get(meeting=second, person=eighth).status == "caught_up"

    # The fourth moves and takes the others along, over the change of the clock; every calendar follows, the trainer's too,
    # and all are told.
    before = {person: read_feed(phone, feed) for person, feed in feeds.items()}
    fourth = cohort.meetings.order_by("starts_at")[3]
    move_the_fourth(hand, fourth)
    week = timedelta(days=7)
    planned = {f"{each.uid.hex}@": each for each in cohort.meetings.order_by("starts_at")}
    assert [timezone.localtime(each.starts_at).hour for each in planned.values()] == [19] * EVENINGS
    assert set(feeds) == {*members, trainer}
    for person, feed in feeds.items():
        after = read_feed(phone, feed)
        assert sorted(edition for edition, _start in before[person].values()) == [0] * EVENINGS
        assert sorted(edition for edition, _start in after.values()) == [0] * 3 + [1] * 6
        assert {uid.partition("@")[0] + "@": start for uid, (_edition, start) in after.items()} == {
            uid: each.starts_at for uid, each in planned.items()
        }
        at_home = [timezone.localtime(start) for uid, (edition, start) in sorted(after.items()) if edition]
        was = [
            timezone.localtime(before[person][uid][1])
            for uid, (edition, _start) in sorted(after.items())
            if edition
        ]
        assert [each.replace(tzinfo=None) for each in at_home] == [
            each.replace(tzinfo=None) + week for each in was
        ]
    worker()
    told = [message for message in mail.outbox if "6 berichten" in message.subject]
    assert sorted(message.to[0] for message in told) == sorted(person.email for person in members)

    evenings(4, EVENINGS)
    assert sorted(Attendance.objects.current().values_list("status", flat=True)) == sorted(
        ["caught_up"] + ["late"] * 3 + ["present"] * 68
    )
    taps, seconds = max(taps for taps, _seconds in written), max(seconds for _taps, seconds in written)
    figure(
        f"who was there, eight people at 360 px, {EVENINGS} evenings: at most {taps} taps and {seconds:.1f} s each"
    )

    say(survey_at("T1"), END, phone, eighth, others)
    assert close_the_round(desk, cohort)[0::2] == ["4,0 (8 personen)", "7,0 (8 personen)", "–"]
    assert set(OutboxMessage.objects.values_list("kind", "state")) == {
        (kind, "sent") for kind in ("invitation", "offer", "reminder", "moved", "catch_up")
    }
    assert_nobody_tells(site, cohort, [*people, trainer, coordinator])
    figure(f"mails of one group from beginning to end: {len(mail.outbox)}, none of which tells")
