"""From one form to a group that meets: invited, waited for a place, written down on a phone, moved, and in the calendar."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Cohort, Enrolment
from meetings.flows import accept_invitation, leave_group
from meetings.models import Attendance, Meeting
from meetings.rules import is_neutral
from meetings.services.invitations import invitation_of
from people.models import Role, User
from people.services.roles import grant_role
from tests.e2e.steps import follow, main_form, sign_in, submit, the_course
from tests.factories import PersonFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

BIRDS = ("Merel", "Wilg", "Kompas", "Linde", "Anker", "Zeewind", "Vuursteen", "Maan", "Roos")


def staff(role: Role, alias: str) -> User:
    person = PersonFactory(alias=alias, email=f"{alias.lower()}@example.org")
    organisation = the_course().programme.organisation
    grant_role(user=person, role=role, organisation=organisation, now=timezone.now())
    return person


def link_for(person: User) -> str:
    """The address in the last mail to somebody that leads to an invitation."""
    message = [message for message in mail.outbox if message.to == [person.email]][-1]
    return re.search(r"https?://\S+(/uitnodiging/\S+/)", message.body)[1]


def make_the_group(page: Page, trainer: User) -> Cohort:
    """The first meeting begins this minute; the others every week at the same time."""
    here = timezone.localtime()
    page.goto(reverse("make_group"))
    form = main_form(page)
    form.locator("[name=course]").select_option(str(the_course().pk))
    form.locator("[name=name]").fill("Utrecht, voorjaar")
    form.locator(f"[name=trainers][value='{trainer.pk}']").check()
    form.locator("[name=first]").fill(f"{here:%Y-%m-%d}")
    form.locator("[name=clock]").fill(f"{here:%H:%M}")
    form.locator("[name=place]").fill("Utrecht, zaal 2")
    form.locator("[name=capacity]").fill("8")
    form.locator("[name=way_in]").select_option("invitation")
    submit(form)
    expect(page.locator(".dates > li")).to_have_count(9)
    return Cohort.objects.get(name="Utrecht, voorjaar")


def test_a_group_from_one_form_to_everybodys_calendar(site, visitor, worker):
    coordinator, trainer = staff(Role.COORDINATOR, "Wies"), staff(Role.TRAINER, "Noor")
    people = [PersonFactory(alias=alias, email=f"{alias.lower()}@example.org") for alias in BIRDS]
    *most, eighth, ninth = people

    # The coordinator makes the group, looks at the list of nine and sends.
    desk = visitor(width=1280)
    sign_in(desk, coordinator.email)
    cohort = make_the_group(desk, trainer)
    follow(desk.locator(f"a[href='{reverse('invite', args=[cohort.pk])}']"))
    desk.locator("[name=addresses]").fill("\n".join([*(person.email for person in people), "geen adres"]))
    submit(main_form(desk))
    assert len(mail.outbox) == 0
    submit(main_form(desk))
    worker()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)

    # Seven are in; the eighth comes by the link on a phone, signing in on the way; the ninth waits.
    for person in most:
        secret = link_for(person).split("/")[2]
        invitation = invitation_of(secret, now=timezone.now())
        accept_invitation(invitation=invitation, person=person, alias=person.alias, now=timezone.now())
    phone = visitor(width=360)
    phone.goto(link_for(eighth))
    phone.locator("#id_login").fill(eighth.email)
    phone.locator("#id_password").fill("een-goed-geheim-42")
    submit(main_form(phone))
    submit(main_form(phone))
    expect(phone.locator("#samen ~ .meeting")).to_have_count(1)
    late = visitor(width=360)
    sign_in(late, ninth.email)
    late.goto(link_for(ninth))
    submit(main_form(late))
    assert cohort.places.get(person=ninth).status == "waiting"

    # Somebody stops: the place is offered, told of, and taken.
    leave_group(enrolment=Enrolment.objects.get(learner=most[0]), now=timezone.now())
    worker()
    late.goto(reverse("leerplek"))
    with late.expect_navigation():
        late.locator("button[name=accept]").click()
    assert Enrolment.objects.filter(cohort=cohort).exclude(status="withdrawn").count() == 8

    # The trainer writes down who is there, with a thumb: one is missing.
    hand = visitor(width=360)
    sign_in(hand, trainer.email)
    first = cohort.meetings.order_by("starts_at")[0]
    hand.goto(reverse("attendance", args=[first.pk]))
    hand.locator(f"label:has([name='status-{eighth.pk.hex}'][value=absent])").click()
    submit(main_form(hand))
    counts = Attendance.objects.current().values_list("status", flat=True)
    assert sorted(counts) == ["absent"] + ["present"] * 7
    worker()
    phone.goto(reverse("session", args=[first.session.short_key]))
    submit(main_form(phone))
    assert Attendance.objects.current().get(person=eighth).status == "caught_up"

    # Session four moves, five to nine along; the calendar that the eighth subscribed to follows.
    phone.goto(reverse("calendar_feed"))
    submit(main_form(phone))
    feed = phone.locator("#feed").input_value()
    before = phone.request.get(feed).text()
    fourth = cohort.meetings.order_by("starts_at")[3]
    hand.goto(reverse("change_meeting", args=[fourth.pk]))
    day = timezone.localtime(fourth.starts_at) + timedelta(days=7)
    hand.locator("[name=day]").fill(f"{day:%Y-%m-%d}")
    submit(main_form(hand))
    expect(hand.locator(".dates > li")).to_have_count(5)
    with hand.expect_navigation():
        hand.locator("button[name=later][value=along]").click()
    after = phone.request.get(feed).text()
    assert (before.count("SEQUENCE:1"), after.count("SEQUENCE:1")) == (0, 6)
    assert re.findall(r"UID:\S+", before) == re.findall(r"UID:\S+", after)
    assert Meeting.objects.filter(sequence=1).count() == 6

    worker()
    moved = [message for message in mail.outbox if "6 berichten" in message.subject]
    assert len(moved) == 8
    names = (the_course().title, the_course().programme.name, cohort.name, fourth.title)
    for message in mail.outbox:
        whole = f"{message.from_email} {message.subject} {message.body} {message.alternatives}"
        assert is_neutral(whole.replace(site, ""))
        assert [name for name in names if name in whole] == []
