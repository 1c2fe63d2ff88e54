"""By whichever door a lesson goes live: who publishes knows who notices, and somebody answers for it."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import PageLogEntry, Workflow

from cms.publishing import was_held_back
from cms.roles import READING_ALONG, give_roles_their_permissions
from courses.models import Cohort
from courses.services.teams import assign_trainers
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.cms.made_pages import fresh
from tests.cms.test_confirm_publishing import confirm, learners, questions, reworded, trainer  # noqa: F401 -- fixtures
from tests.cms.test_editor import edit, somebody
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def bulk(*pages):
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'publish'])}?" + "&".join(
        [*(f"id={page.pk}" for page in pages), f"next={reverse('wagtailadmin_home')}"]
    )


def draft_of(page, client):
    client.post(edit(page), as_posted(page, *reworded(page)))


# --- many at once ---------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("trainer", "learners")
def test_many_at_once_publish_nothing_where_learners_would_notice(tree, client):
    draft_of(tree.one, client)
    other = fresh(tree.two)
    other.title = "Anders"
    other.save_revision()
    response = client.post(bulk(tree.one, tree.two), follow=True)
    assert (questions(), fresh(tree.two).title) == (["Wat past?"], "Een zorg")
    assert f'href="{confirm(tree.one)}"' in response.text
    assert f'href="{confirm(tree.two)}"' not in response.text


@pytest.mark.usefixtures("trainer")
def test_many_at_once_are_published_where_nobody_would_notice(tree, client):
    draft_of(tree.one, client)
    client.post(bulk(tree.one, tree.two))
    assert questions() == ["Wat past?", "Wat past nu?"]


# --- later ----------------------------------------------------------------------------------------------------------
def scheduled(page, when):
    return as_posted(
        page, *reworded(page), go_live_at=f"{timezone.localtime(when):%Y-%m-%d %H:%M}", **PUBLISH
    )


@pytest.mark.usefixtures("trainer", "learners")
def test_who_puts_a_change_on_the_schedule_sees_who_notices_first(tree, client):
    now = timezone.now()
    response = client.post(edit(tree.one), scheduled(tree.one, now + timedelta(days=1)))
    page = fresh(tree.one)
    assert (response.url, page.scheduled_revision) == (confirm(tree.one), None)
    assert gettext("Put on the schedule") in client.get(confirm(tree.one)).text
    client.post(confirm(tree.one), {"revision": page.latest_revision_id})
    assert fresh(tree.one).scheduled_revision.pk == page.latest_revision_id
    with time_machine.travel(now + timedelta(days=2), tick=False):
        call_command("publish_scheduled", verbosity=0)
    assert questions() == ["Wat past?", "Wat past nu?"]


def test_what_was_scheduled_by_who_lost_the_right_stays_a_draft_and_says_so(trainer, tree, client, now):  # noqa: F811
    now = timezone.now()
    client.post(edit(tree.one), scheduled(tree.one, now + timedelta(days=1)))
    cohort = Cohort.objects.get()
    colleague = somebody(Role.TRAINER, now)
    assign_trainers(cohort=cohort, trainers=[], now=now)
    with time_machine.travel(now + timedelta(days=2), tick=False):
        call_command("publish_scheduled", verbosity=0)
        call_command("publish_scheduled", verbosity=0)
    page = fresh(tree.one)
    assert (questions(), page.has_unpublished_changes, page.scheduled_revision) == (["Wat past?"], True, None)
    assert PageLogEntry.objects.filter(page=page.pk, action="leerhuis.held_back").count() == 1
    client.force_login(colleague)
    told = gettext(
        "This page was not published on its date: who scheduled it may no longer publish it. "
        "Read it through, and publish it if it is good."
    )
    assert told in unescape(client.get(edit(page)).text)
    made.publish(page)
    assert was_held_back(page) is False
    assert told not in unescape(client.get(edit(page)).text)


def test_what_no_person_scheduled_goes_live(tree):
    now = timezone.now()
    page = fresh(tree.two)
    page.title, page.go_live_at = "Later", now + timedelta(days=1)
    page.save_revision().publish()
    with time_machine.travel(now + timedelta(days=2), tick=False):
        call_command("publish_scheduled", verbosity=0)
    assert (fresh(tree.two).title, fresh(tree.two).live) == ("Later", True)


# --- a colleague reads along ----------------------------------------------------------------------------------------
@pytest.fixture
def handed_in(trainer, tree, client, now):  # noqa: F811
    """A changed lesson that the trainer handed in, with a colleague who trains the same course."""
    client.post(edit(tree.one), as_posted(tree.one, *reworded(tree.one), **{"action-submit": "1"}))
    colleague = somebody(Role.TRAINER, now)
    return fresh(tree.one), colleague


def deal(page, action="approve"):
    return reverse(
        "wagtailadmin_pages:workflow_action", args=[page.pk, action, page.current_workflow_task_state.pk]
    )


def test_there_is_one_way_of_review_and_it_has_a_plain_name(tree):
    give_roles_their_permissions()
    give_roles_their_permissions()
    assert [workflow.name for workflow in Workflow.objects.active()] == [READING_ALONG]
    assert [task.name for task in fresh(tree.one).get_workflow().tasks] == [READING_ALONG]


def test_who_handed_it_in_cannot_approve_it(handed_in, client):
    page, _colleague = handed_in
    assert page.workflow_in_progress is True
    client.post(deal(page), {"revision": page.latest_revision_id, "comment": ""})
    client.post(
        edit(page),
        as_posted(
            page, *reworded(page), **{"action-workflow-action": "1", "workflow-action-name": "approve"}
        ),
    )
    assert (questions(), fresh(page).workflow_in_progress) == (["Wat past?"], True)
    assert page.current_workflow_task.get_actions(page, page.current_workflow_state.requested_by) == []


def test_a_colleague_sees_who_notices_and_approves(handed_in, learners, client):  # noqa: F811
    page, colleague = handed_in
    client.force_login(colleague)
    assert page.title in client.get(reverse("wagtailadmin_home")).text
    shown = client.get(deal(page)).json()["html"]
    assert "Wat past?" in shown
    assert (
        client.post(deal(page), {"revision": page.latest_revision_id, "comment": "Mooi."}).status_code == 302
    )
    assert (questions(), fresh(page).workflow_in_progress) == (["Wat past?", "Wat past nu?"], False)


def test_a_colleague_approves_only_what_they_read(handed_in, client):
    page, colleague = handed_in
    page.save_revision()
    client.force_login(colleague)
    client.post(deal(page), {"revision": page.latest_revision_id - 1, "comment": ""})
    client.post(deal(page), {"comment": ""})
    assert (questions(), fresh(page).workflow_in_progress) == (["Wat past?"], True)


def test_a_colleague_asks_for_changes(handed_in, client):
    page, colleague = handed_in
    client.force_login(colleague)
    client.post(deal(page, "reject"), {"comment": "De vraag is nog te lang."})
    assert (questions(), fresh(page).current_workflow_state.status) == (["Wat past?"], "needs_changes")


def test_a_trainer_of_another_course_neither_reads_nor_approves(handed_in, tree, now):
    page, _colleague = handed_in
    stranger = somebody(Role.EDITOR, now)
    stranger.groups.clear()
    other = made.make_course(tree.catalogue, "Een andere cursus")
    made.trains(stranger, other)
    client = Client()
    client.force_login(stranger)
    assert page.title not in client.get(reverse("wagtailadmin_home")).text
    assert client.get(edit(page)).status_code == 302
    client.post(deal(page), {"revision": page.latest_revision_id, "comment": ""})
    assert questions() == ["Wat past?"]


def test_mail_about_review_names_no_page(handed_in, client, django_capture_on_commit_callbacks):
    page, colleague = handed_in
    client.force_login(colleague)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(deal(page, "reject"), {"comment": "De vraag is nog te lang."})
    words = [part for message in mail.outbox for part in (message.subject, message.body)]
    assert words
    assert [word for word in words if page.title in word or "te lang" in word] == []
    assert edit(page) in words[1]


def test_mail_to_who_reads_along_says_that_something_waits_and_leads_there(
    trainer,  # noqa: F811
    tree,
    client,
    now,
    django_capture_on_commit_callbacks,
):
    reader = PersonFactory(is_superuser=True, email="leest@example.org")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit(tree.one), as_posted(tree.one, *reworded(tree.one), **{"action-submit": "1"}))
    (message,) = [message for message in mail.outbox if message.to == [reader.email]]
    assert message.subject == "Er wacht iets op je in de editor"
    sentence, _empty, address = message.body.splitlines()
    assert sentence.startswith("Er wacht iets op je: iemand vraagt je mee te lezen")
    assert address == f"{settings.WAGTAILADMIN_BASE_URL}{edit(tree.one)}"
    (html,) = [content for content, _type in message.alternatives] or [message.body]
    assert tree.one.title not in message.body + html
    visitor = Client()
    door = visitor.get(edit(tree.one))
    assert parse_qs(urlsplit(door.url).query)["next"] == [edit(tree.one)]


def test_the_button_of_who_reads_along_says_once_that_it_publishes(handed_in, client):
    page, colleague = handed_in
    client.force_login(colleague)
    shown = client.get(edit(page)).text
    assert "Goedkeuren en publiceren" in shown
    assert "publiceren en publiceren" not in shown
    assert "Goedkeuren en publiceren</button>" in client.get(deal(page)).json()["html"]
