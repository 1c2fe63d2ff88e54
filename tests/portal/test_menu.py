"""The menu of who works here is the same on every screen, and a lesson asks nothing for it."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from people.models import Role
from tests.cms import made_pages as made
from tests.cms.test_editor import somebody
from tests.courses.talks import kemal

pytestmark = pytest.mark.django_db


def menu(response):
    html = response.content.decode()
    nav = re.search(r'<nav class="mainnav".*?</nav>', html, re.DOTALL)[0]
    return re.findall(r"<li><a [^>]*>([^<]+)</a></li>", nav)


@pytest.mark.parametrize("screen", ["training", "session_notes", "trial", "trial_of_a_talk"])
def test_a_trainers_menu_is_the_same_on_every_screen(screen, site, client, now):
    made.change(site.one, *made.raw_body(site.one), made.conversation(kemal()))
    talk = made.fresh(site.one).body[-1].id
    client.force_login(somebody(Role.TRAINER, now))
    address = {
        "training": reverse("training"),
        "session_notes": reverse("trainer_notes", args=[site.lesson.session.short_key]),
        "trial": reverse("try_lesson", args=[site.one.pk]),
        "trial_of_a_talk": reverse("try_conversation", args=[site.one.pk, talk]),
    }[screen]
    shown = menu(client.get(address))
    work = [gettext(word) for word in ("Learners", "Groups", "For trainers", "Certificates", "Write")]
    assert [word for word in shown if word in work] == work


def test_a_learners_menu_has_nothing_of_it(site, learner, client):
    shown = menu(client.get(reverse("reflections")))
    assert gettext("My learning place") in shown
    assert gettext("Learners") not in shown
