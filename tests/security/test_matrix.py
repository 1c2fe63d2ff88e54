"""Every address of the house, as everybody: who gets in, who is told there is nothing, and that reading never writes.

The table below is the yardstick. An address that it does not know fails the test: whoever adds one says who may use it.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from wagtail.models import Locale, Site

from tests.figures import figure
from tests.security.conftest import House, Side

# Thousands of addresses, roles and methods: a guard against hanging, with room for a machine that does more at once.
pytestmark = pytest.mark.timeout(600)

# wagtail-localize's report of translations is not sorted (1.14, 2026-11-22): a warning, and here warnings are errors.
UNSORTED = pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")

# --- who stands how to a side ---------------------------------------------------------------------------------------
# owner: the learner whose it is. trainer: of their group. coordinator: of the organisation, or of the group's region.
# Everybody else who is signed in is a stranger: other organisation, other group, other region, editor, administrator.
CARERS = {"trainer": "trainer", "coordinator": "coordinator", "regional": "coordinator"}


def relation(role: str, side: Side) -> str:
    if role == "anonymous":
        return "anonymous"
    what, _, whose = role.partition("_")
    if whose != side.name:
        return "stranger"
    return "owner" if what == "learner" else CARERS.get(what, "stranger")


def is_staff(role: str) -> bool:
    return role.startswith(("trainer", "coordinator", "regional", "elsewhere"))


# --- what an address answers ----------------------------------------------------------------------------------------
LOGIN = "to the sign-in page"
# A redirect to somewhere else.
AWAY = "away"
Answers = Mapping[str, Any]


def all_get(answer: Any) -> Answers:
    return {"*": answer}


def signed_in(answer: Any) -> Answers:
    """The same for everybody with an account."""
    return {"anonymous": LOGIN, "*": answer}


def visitors(answer: Any) -> Answers:
    """For who is not signed in; others are sent on."""
    return {"anonymous": answer, "*": AWAY}


def owner(answer: Any, *, others: Any = 404) -> Answers:
    """The learner's own; for others it does not exist."""
    return {"anonymous": LOGIN, "owner": answer, "*": others}


def owner_or_page_writers(answer: Any) -> Answers:
    """The learner's own; who may edit the page is sent on to what is theirs."""
    return {"anonymous": LOGIN, "owner": answer, "trainer": AWAY, "editors": AWAY, "*": 404}


def carers(answer: Any) -> Answers:
    """For the trainers of the learner's group and who coordinates it."""
    return {"anonymous": LOGIN, "trainer": answer, "coordinator": answer, "*": 404}


def trainers(answer: Any) -> Answers:
    """For the trainers of the learner's group alone: what is handed in is for them."""
    return {"anonymous": LOGIN, "trainer": answer, "*": 404}


def administered(answer: Any) -> Answers:
    """For administrators, and who coordinates the learner."""
    return {"anonymous": LOGIN, "administrator": answer, "coordinator": answer, "*": 404}


def in_or_carers(answer: Any) -> Answers:
    """For who comes to a meeting and who cares for it."""
    return {"anonymous": LOGIN, "owner": answer, "trainer": answer, "coordinator": answer, "*": 404}


def in_room(answer: Any, *, anonymous: Any = LOGIN) -> Answers:
    """For who is in a room for intervision: who takes part, and who leads the meeting. Not for who coordinates."""
    return {"anonymous": anonymous, "owner": answer, "trainer": answer, "*": 404}


NOT_ALLOWED = signed_in(405)
NOT_ALLOWED_AT_ALL = {"*": 405}

# Address: what GET answers, what POST without any data answers.
OWN: dict[str, tuple[Answers, Answers]] = {
    "cms/login/": (all_get(AWAY), all_get(AWAY)),
    "cms/password_reset/": (all_get(AWAY), all_get(AWAY)),
    "_util/login/": (all_get(AWAY), all_get(AWAY)),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        all_get(404),
        all_get(404),
    ),
    # Where Wagtail sends whoever may not enter the editor.
    "schrijven/": ({"anonymous": LOGIN, "writers": AWAY, "*": 403}, NOT_ALLOWED),
    "weg/": (all_get(405), all_get(AWAY)),
    "taal/": (all_get(405), all_get(AWAY)),
    "account/login/": (visitors(200), visitors(200)),
    "account/login/code/": (visitors(200), visitors(200)),
    "account/login/code/confirm/": (all_get(AWAY), all_get(AWAY)),
    "account/logout/": ({"anonymous": AWAY, "*": 200}, all_get(AWAY)),
    "account/inactive/": (all_get(200), all_get(405)),
    "account/signup/": (visitors(200), visitors(200)),
    "account/confirm-email/": (all_get(AWAY), all_get(AWAY)),
    "account/email/": (signed_in(200), signed_in(AWAY)),
    "account/reauthenticate/": (signed_in(200), signed_in(200)),
    "account/password/change/": (signed_in(200), signed_in(200)),
    "account/password/set/": (signed_in(AWAY), signed_in(AWAY)),
    "account/password/reset/": (all_get(200), all_get(200)),
    "account/password/reset/confirm/": (all_get(AWAY), all_get(AWAY)),
    "account/password/reset/complete/": (all_get(AWAY), all_get(AWAY)),
    "account/password/reset/done/": (all_get(200), all_get(405)),
    "account/sessions/": (signed_in(200), signed_in(AWAY)),
    "account/recovery/": (all_get(200), all_get(200)),
    # Switches messages off by the token of a mail; here it is nobody's.
    "account/messages/<str:token>/": (all_get(404), all_get(404)),
    ".well-known/did.json": (all_get(200), NOT_ALLOWED_AT_ALL),
    "bewijs/": (all_get(200), all_get(422)),
    # For software that checks badges: the same for everybody. The list of number 1 holds the badges of the house.
    "bewijs/status/<int:number>/": (all_get(200), NOT_ALLOWED_AT_ALL),
    "bewijs/status/<int:number>/jwt/": (all_get(200), NOT_ALLOWED_AT_ALL),
    # With a link that the holder gave away: see tests/certification/test_share_links.py. Without one: nothing.
    "bewijs/gedeeld/<str:token>/": (all_get(404), NOT_ALLOWED_AT_ALL),
    # Strangers with the number: what it says of the holder is compared below.
    "bewijs/<str:public_id>/": (all_get(200), all_get(422)),
    # Asked for by the page itself, every few seconds: no sign-in page may be swapped into it.
    "bewijs/mijn/<str:public_id>/": ({"owner": AWAY, "*": 404}, all_get(405)),
    "bewijs/<str:public_id>/pdf/": (owner(200), all_get({405, 404, LOGIN})),
    "bewijs/<str:public_id>/naam/": (all_get(405), owner(AWAY)),
    "bewijs/<str:public_id>/badge/<str:form>/": (owner(200), all_get({405, 404, LOGIN})),
    "bewijs/<str:public_id>/delen/": (all_get(405), owner(AWAY)),
    "bewijs/<str:public_id>/delen/<int:link_id>/weg/": (all_get(405), owner(AWAY)),
    "les/sessie/<slug:short_key>/": (owner_or_page_writers(200), NOT_ALLOWED),
    "les/sessie/<slug:short_key>/begeleiding/": (carers(200), NOT_ALLOWED),
    # Page 1 is nobody's lesson; who may try which draft is in tests/cms/test_try_lesson.py and test_dialogue_block.py.
    "les/proberen/<int:page_id>/": (signed_in(404), signed_in(404)),
    "les/proberen/<int:page_id>/<uuid:block_id>/": (signed_in(404), NOT_ALLOWED),
    # No package has this key here: see tests/cms/test_trying_packages.py and tests/portal/test_packages.py.
    "les/proberen/<int:page_id>/<uuid:block_id>/spelen/": (signed_in(404), NOT_ALLOWED),
    "les/proberen/pakket/<uuid:key>/": (signed_in(404), NOT_ALLOWED),
    "antwoord/<int:activity_id>/spelen/": (signed_in(404), NOT_ALLOWED),
    "antwoord/<int:activity_id>/melding/": (NOT_ALLOWED, signed_in(422)),
    "antwoord/<int:activity_id>/stand/": (NOT_ALLOWED, signed_in(422)),
    "trainen/pakket/<int:activity_id>/": (signed_in(404), NOT_ALLOWED),
    "trainen/pakket/<int:activity_id>/<uuid:enrolment_id>/": (signed_in(404), NOT_ALLOWED),
    "trainen/meldingen/<slug:short_key>/": (carers(200), NOT_ALLOWED),
    # For a sandbox, which has no session: the address alone opens it, and this one is nobody's.
    "pakket/deel/<slug:tree_hash>/<path:path>": (all_get(404), all_get(405)),
    "pakket/inhoud/<slug:ticket>/<path:path>": (all_get(404), all_get(405)),
    "les/<slug:short_key>/": (owner_or_page_writers(200), NOT_ALLOWED),
    "leerplek/": (signed_in(200), NOT_ALLOWED),
    "leerplek/profiel/": (signed_in(200), signed_in(200)),
    "leerplek/gegevens/": (signed_in(200), NOT_ALLOWED),
    "leerplek/gegevens/download/": (NOT_ALLOWED, signed_in(200)),
    "leerplek/gegevens/wissen/": (NOT_ALLOWED, signed_in(422)),
    "leerplek/teksten/": (signed_in(200), NOT_ALLOWED),
    "leerplek/teksten/<int:pk>/": (owner(200), owner({200, 422})),
    "leerplek/teksten/<int:pk>/wissen/": (NOT_ALLOWED, owner(AWAY)),
    "leerplek/teksten/<int:pk>/delen/": (NOT_ALLOWED, owner(AWAY)),
    "leerplek/pauze/<slug:short_key>/": (owner(200), NOT_ALLOWED),
    "leerplek/bellen/<slug:short_key>/": (owner(200), owner(AWAY)),
    "leerplek/bellen/<slug:short_key>/niet-meer/": (NOT_ALLOWED, owner(AWAY)),
    "leerplek/groep/<slug:short_key>/": (owner(200), NOT_ALLOWED),
    # The course asks nothing before and after: with questions, see tests/portal/test_evaluation_pages.py.
    "leerplek/later/<slug:short_key>/": (signed_in(404), signed_in(404)),
    "leerplek/naam/": (signed_in(200), signed_in({200, 422})),
    # The course is open: anybody may start it, who is in it goes to it.
    "leerplek/start/<slug:short_key>/": (owner(AWAY, others=200), owner(AWAY, others={200, 422})),
    "leerplek/cursus/<slug:short_key>/": (owner(200), NOT_ALLOWED),
    "leerplek/cursus/<slug:short_key>/stoppen/": (owner(200), owner(AWAY)),
    # By address alone it leads to the task. Without the form's own number there is nothing to answer: see test_web.
    "antwoord/<int:activity_id>/": (owner(AWAY), signed_in(404)),
    "antwoord/<int:activity_id>/plek/": (NOT_ALLOWED, signed_in(422)),
    # Without an address that a lesson gave out there is nothing; who gets one is in tests/portal/test_playing.py.
    "bestand/<str:token>/": (all_get(404), all_get(405)),
    # No trainer's own, and in no lesson: whose it is, is in tests/cms/test_library.py.
    "bestand/<slug:door>/<int:pk>/": ({"anonymous": LOGIN, "editors": 200, "*": 404}, NOT_ALLOWED),
    "trainen/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "antwoord/<int:activity_id>/bestand/": (owner(200), NOT_ALLOWED),
    "trainen/opdrachten/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "trainen/opdrachten/<int:pk>/": (trainers(200), trainers(422)),
    "trainen/opdrachten/<int:pk>/bestand/": (trainers(200), NOT_ALLOWED),
    "trainen/groep/<int:pk>/": (carers(200), NOT_ALLOWED),
    "trainen/groep/<int:pk>/deelnemers.<str:file_format>": (carers(200), NOT_ALLOWED),
    "trainen/groep/<int:pk>/vragen/": (carers(200), signed_in(404)),
    # Who was called: a post that names nobody finds nobody.
    "trainen/groep/<int:pk>/nabellen/<slug:short_key>/": (trainers(200), trainers(404)),
    "trainen/bellen/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "trainen/bellen/<int:pk>/": (NOT_ALLOWED, trainers(AWAY)),
    "trainen/antwoorden/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    # Nothing was said in own words here, and no text is shared: see tests/portal/test_desk.py and test_shared_texts.py.
    "trainen/antwoorden/<int:pk>/gelezen/": (NOT_ALLOWED, signed_in(404)),
    "trainen/teksten/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "trainen/teksten/<int:pk>/": (signed_in(404), NOT_ALLOWED),
    "trainen/peiling/<slug:short_key>/": (carers(200), NOT_ALLOWED),
    "deelnemers/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "deelnemers/<uuid:pk>/code/": (
        {"anonymous": LOGIN, "coordinator": 200, "*": 404},
        {"anonymous": LOGIN, "coordinator": 200, "*": 404},
    ),
    "leerplek/punten/": (signed_in(200), signed_in(422)),
    # For administrators; for coordinators those to their own people, which "elsewhere" has none of here.
    "deelnemers/berichten/": (
        {
            "anonymous": LOGIN,
            "administrator": 200,
            "trainer": 404,
            "coordinator": 200,
            "staff": {200, 404},
            "*": 404,
        },
        NOT_ALLOWED,
    ),
    "deelnemers/berichten/opnieuw/": (
        NOT_ALLOWED,
        {
            "anonymous": LOGIN,
            "administrator": AWAY,
            "trainer": 404,
            "coordinator": AWAY,
            "staff": {AWAY, 404},
            "*": 404,
        },
    ),
    # Without a note nothing is put aside.
    "deelnemers/berichten/<uuid:pk>/": (administered(200), administered(422)),
    "deelnemers/berichten/<uuid:pk>/opnieuw/": (NOT_ALLOWED, administered(AWAY)),
    # Of the groups that somebody coordinates: nothing here for who coordinates others.
    "deelnemers/punten/": (
        {"anonymous": LOGIN, "trainer": 404, "coordinator": 200, "staff": {200, 404}, "*": 404},
        {"anonymous": LOGIN, "trainer": 404, "coordinator": 422, "staff": {422, 404}, "*": 404},
    ),
    # No run has a number here: with one, see tests/portal/test_points_screens.py.
    "deelnemers/punten/<int:pk>/": (NOT_ALLOWED, signed_in(404)),
    "deelnemers/bewijzen/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "deelnemers/bewijzen/<slug:short_key>/": (carers(200), NOT_ALLOWED),
    # Who may say yes to many; without anybody in the form it leads back. Regional coordinators: the group is theirs.
    "deelnemers/bewijzen/<slug:short_key>/geven/": (
        {"anonymous": LOGIN, "coordinator": 200, "*": 404},
        {"anonymous": LOGIN, "coordinator": AWAY, "*": 404},
    ),
    "deelnemers/samen/<uuid:pk>/": (
        {"anonymous": LOGIN, "coordinator": 200, "*": 404},
        {"anonymous": LOGIN, "coordinator": AWAY, "*": 404},
    ),
    # Asked for by the page itself; by itself it leads to that page. The zip file is not made here.
    "deelnemers/samen/<uuid:pk>/stand/": (
        {"anonymous": LOGIN, "coordinator": AWAY, "*": 404},
        NOT_ALLOWED,
    ),
    "deelnemers/samen/<uuid:pk>/bestand/": (
        NOT_ALLOWED,
        {"anonymous": LOGIN, "coordinator": AWAY, "*": 404},
    ),
    "deelnemers/bewijs/<str:public_id>/": (
        {"anonymous": LOGIN, "coordinator": 200, "*": 404},
        {"anonymous": LOGIN, "coordinator": 422, "*": 404},
    ),
    "deelnemers/<uuid:pk>/ja/": (NOT_ALLOWED, {"anonymous": LOGIN, "coordinator": AWAY, "*": 404}),
    "deelnemers/<uuid:pk>/klaar/": (NOT_ALLOWED, trainers(AWAY)),
    # What a group chose in a conversation: for its trainers alone.
    "trainen/gesprek/<int:activity_id>/": ({"anonymous": LOGIN, "trainer": 200, "*": 404}, NOT_ALLOWED),
    # The activity is no test here: with one, see tests/portal/test_questions.py.
    "trainen/vragen/<int:activity_id>/": (signed_in(404), NOT_ALLOWED),
    "groepen/": ({"anonymous": LOGIN, "staff": 200, "*": 404}, NOT_ALLOWED),
    "groepen/nieuw/": (
        {"anonymous": LOGIN, "staff": 200, "*": 404},
        {"anonymous": LOGIN, "staff": 422, "*": 404},
    ),
    "groepen/<int:pk>/": (carers(200), NOT_ALLOWED),
    "groepen/<int:pk>/wijzigen/": (carers(200), carers(422)),
    "groepen/<int:pk>/opbergen/": (carers(200), carers(AWAY)),
    "groepen/<int:pk>/terughalen/": (NOT_ALLOWED, carers(AWAY)),
    "groepen/<int:pk>/bijeenkomst/": (carers(200), carers(422)),
    "groepen/<int:pk>/uitnodigen/": (carers(200), carers(422)),
    "groepen/<int:pk>/gesprek/<uuid:person>/": (carers(200), carers(200)),
    "groepen/<int:pk>/lijst/": (carers(200), carers(AWAY)),
    "groepen/<int:pk>/apart/": (carers(200), carers(422)),
    "groepen/<int:pk>/apart/<uuid:mark>/": (NOT_ALLOWED, carers(AWAY)),
    # Nobody has an offer here, and no group comes in after a talk: see tests/meetings.
    "groepen/<int:pk>/plaats/": (NOT_ALLOWED, signed_in(404)),
    # Who completed the course may ask to do it once more, like anybody else.
    "groepen/vragen/<slug:short_key>/": (signed_in(404), signed_in(404)),
    "uitnodiging/<str:token>/": (signed_in(404), signed_in(404)),
    "bijeenkomsten/": (signed_in(200), NOT_ALLOWED),
    "bijeenkomsten/nieuw/": (
        {"anonymous": LOGIN, "staff": 200, "*": 404},
        {"anonymous": LOGIN, "staff": 422, "*": 404},
    ),
    "bijeenkomsten/agenda/": (signed_in(200), signed_in(200)),
    "bijeenkomsten/<uuid:pk>/": (in_or_carers(200), NOT_ALLOWED),
    "bijeenkomsten/<uuid:pk>/komen/": (NOT_ALLOWED, owner(AWAY)),
    "bijeenkomsten/<uuid:pk>/plaats/": (NOT_ALLOWED, in_or_carers(AWAY)),
    "bijeenkomsten/<uuid:pk>/agenda.ics": (in_or_carers(200), NOT_ALLOWED),
    "bijeenkomsten/<uuid:pk>/wijzigen/": (carers(200), carers(422)),
    "bijeenkomsten/<uuid:pk>/afzeggen/": (carers(200), carers(AWAY)),
    # Its meeting stands: of one that is off, see tests/meetings/test_changing_meetings.py.
    "bijeenkomsten/<uuid:pk>/opnieuw/": (carers(AWAY), carers(AWAY)),
    "bijeenkomsten/<uuid:pk>/aanwezig/": (trainers(200), trainers(422)),
    # A group's meeting has no list of its own.
    "bijeenkomsten/<uuid:pk>/lijst/": (signed_in(404), signed_in(404)),
    "bijeenkomsten/<uuid:pk>/scherm/": (trainers(200), NOT_ALLOWED),
    "bijeenkomsten/<uuid:pk>/ingehaald/": (NOT_ALLOWED, owner(AWAY)),
    "bijeenkomsten/<uuid:pk>/kamer/": (in_room(200), NOT_ALLOWED),
    # Asked for by the page itself, every few seconds: no sign-in page may be swapped into it.
    "bijeenkomsten/<uuid:pk>/kamer/stand/": (in_room(200, anonymous=404), NOT_ALLOWED_AT_ALL),
    "bijeenkomsten/<uuid:pk>/kamer/methode/": (NOT_ALLOWED, trainers(422)),
    "bijeenkomsten/<uuid:pk>/kamer/rollen/": (NOT_ALLOWED, trainers(422)),
    "bijeenkomsten/<uuid:pk>/kamer/klok/": (NOT_ALLOWED, trainers(422)),
    "bijeenkomsten/<uuid:pk>/kamer/binnen/": (NOT_ALLOWED, owner(AWAY)),
    # Nobody here brings the case; an empty learning point is none.
    "bijeenkomsten/<uuid:pk>/kamer/tekst/": (NOT_ALLOWED, in_room(AWAY)),
    "bijeenkomsten/<uuid:pk>/kamer/meenemen/": (NOT_ALLOWED, in_room(AWAY)),
    "bijeenkomsten/<uuid:pk>/kamer/sluiten/": (trainers(200), trainers(422)),
    "inchecken/bevestigen/<str:receipt>/": (signed_in(404), signed_in(404)),
    "inchecken/<str:code>/": (all_get(404), all_get(405)),
    "agenda/<str:token>.ics": (all_get(404), all_get(405)),
    # Pages: the home page here; lessons in the tree are in test_authoring.
    "^((?:[\\w\\-]+/)*)$": (all_get(200), all_get({200, 405})),
}

# --- Wagtail's editor -----------------------------------------------------------------------------------------------
# Scripts and drawings of the editor itself, and Wagtail's own password screens, which are switched off.
OPEN = {
    "wagtailadmin_sprite": 200,
    "wagtailadmin_javascript_catalog": 200,
    "wagtailadmin_login": AWAY,
    "wagtailadmin_password_reset": AWAY,
    "wagtailadmin_password_reset_done": 404,
    "wagtailadmin_password_reset_confirm": 404,
    "wagtailadmin_password_reset_complete": 404,
}
# For who writes pages (trainer, editor): pages they may edit, and the tools of the editor.
WRITERS = {
    "wagtailadmin_api",
    "wagtailadmin_api:pages",
    "wagtailadmin_api:images",
    "wagtailadmin_api:documents",
    "wagtailadmin_pages",
    "wagtailadmin_reports",
    "wagtailadmin_editing_sessions",
    "wagtail_localize",
    "wagtailforms",
    "wagtailembeds",
    "wagtaildocs_chooser",
    "wagtailimages_chooser",
    "wagtaildocs",
    "wagtailmedia",
    "wagtailsnippets",
    "wagtailsnippets_cms_questionbank",
    "wagtailsnippetchoosers_cms_questionbank",
    # Nobody's package; whose is whose is in tests/cms/test_package_screens.py.
    "packages",
    "package_chooser",
}
WRITERS_NAMES = {
    "",
    "wagtailadmin_home",
    "wagtailadmin_error_test",
    "wagtailadmin_explore_root",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtail_bulk_action",
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_choose_page_chosen_multiple",
    "chosen_pages",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_choose_page_anchor_link",
    "wagtailadmin_tag_autocomplete",
    "wagtailadmin_tag_model_autocomplete",
    "wagtailadmin_account",
    "wagtailadmin_logout",
    "wagtailadmin_dismissibles",
    "wagtailadmin_block_preview",
    "confirm_publishing",
    "new_lesson",
    "upload_recording",
    "programmes",
    "download_programme",
    "upload_report",
    "drop_upload",
    "paper_looks",
    "paper_look",
    "paper_sample",
    "wagtailadmin_workflows:task_chooser",
    "wagtailadmin_workflows:task_chooser_results",
    "wagtailadmin_workflows:task_chooser_create",
    "wagtailadmin_workflows:task_chosen",
}
# For administrators only: people, groups, sites, files, settings.
CLOSED = {
    "wagtailadmin_collections",
    "wagtailadmin_workflows",
    "wagtailredirects",
    "wagtailimages",
    "wagtaillocales",
    "wagtailsites",
    "wagtailusers_users",
    "wagtailusers_groups",
}
# For editors alone: what certificates ask, who signs, which registers count them.
EDITORS = {"certificate_schemes", "accreditations", "registers", "signatories"}
EDITORS_NAMES = {"who_would_get_it", "scheme_paper", "new_scheme_paper"}
CLOSED_NAMES = {
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:locked_pages_results",
    "wagtailimages_chooser:create",
    "wagtail_localize:submit_page_translation",
    "wagtail_localize:submit_snippet_translation",
    "wagtail_localize:update_translations",
}
# Sending pages to be translated: for who has all pages.
EDITORS_ALONE = {"wagtail_localize:submit_page_translation", "wagtail_localize:submit_snippet_translation"}
# Says no more of a page outside one's tree than its title; the move itself is refused (below).
TITLE_ONLY = {"wagtailadmin_pages:move_confirm"}
# Made by Wagtail to show its page for errors.
BREAKS_ON_PURPOSE = "wagtailadmin_error_test"


def addresses() -> Iterator[tuple[str, str]]:
    """All routes of the resolver with their names, namespaces included."""

    def walk(patterns: Any, before: str, spaces: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            route = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                space = f"{each.namespace}:" if each.namespace else ""
                yield from walk(each.url_patterns, route, spaces + space)
            else:
                yield route, spaces + (each.name or "")

    yield from walk(get_resolver().url_patterns, "", "")


def editor_rule(name: str) -> str:
    """open, writers, editors or closed; a `KeyError` for what this test does not know."""
    space = name.rpartition(":")[0]
    if name in OPEN:
        return "open"
    if name in CLOSED_NAMES:
        return "closed"
    if name in WRITERS_NAMES or space in WRITERS:
        return "writers"
    if name in EDITORS_NAMES or space in EDITORS:
        return "editors"
    if space in CLOSED:
        return "closed"
    raise KeyError(name)


def is_closed(name: str, role: str) -> bool:
    """Whether an address of the editor is closed to somebody who writes."""
    rule = editor_rule(name)
    for_editors = rule == "editors" or name in EDITORS_ALONE
    return role != "superuser" and (role != "editor" if for_editors else rule == "closed")


EDITOR = [(route, name) for route, name in addresses() if route.startswith("cms/") and route not in OWN]


def own_path(route: str, side: Side) -> str:
    keys = {
        "les/sessie/<slug:short_key>/": side.session.short_key,
        "les/sessie/<slug:short_key>/begeleiding/": side.session.short_key,
        "les/<slug:short_key>/": side.lesson.short_key,
        "deelnemers/<uuid:pk>/code/": side.learner.pk,
        "deelnemers/punten/<int:pk>/": 1,
        "deelnemers/<uuid:pk>/ja/": side.award.enrolment_id,
        "deelnemers/<uuid:pk>/klaar/": side.award.enrolment_id,
        "leerplek/teksten/<int:pk>/": side.reflection.pk,
        "leerplek/teksten/<int:pk>/wissen/": side.reflection.pk,
        "leerplek/teksten/<int:pk>/delen/": side.reflection.pk,
        "leerplek/pauze/<slug:short_key>/": side.lesson.short_key,
        "leerplek/bellen/<slug:short_key>/": side.lesson.short_key,
        "leerplek/bellen/<slug:short_key>/niet-meer/": side.lesson.short_key,
        "trainen/groep/<int:pk>/nabellen/<slug:short_key>/": side.session.short_key,
        "trainen/bellen/<int:pk>/": side.call.pk,
        "trainen/antwoorden/<int:pk>/gelezen/": side.submission.attempt_id,
        "trainen/teksten/<int:pk>/": side.reflection.pk,
        "trainen/opdrachten/<int:pk>/": side.submission.pk,
        "trainen/opdrachten/<int:pk>/bestand/": side.submission.pk,
        "bestand/<slug:door>/<int:pk>/": side.recording.pk,
        **{route: side.undelivered.pk for route in OWN if route.startswith("deelnemers/berichten/<uuid:pk>")},
        **{route: side.batch.pk for route in OWN if route.startswith("deelnemers/samen/")},
        **{route: side.cohort.pk for route in OWN if route.startswith("groepen/<int:pk>")},
        **{route: side.meeting.pk for route in OWN if route.startswith("bijeenkomsten/<uuid:pk>")},
        **{route: side.intervision.pk for route in OWN if "/kamer/" in route},
    }
    key = keys.get(route, side.course.short_key)
    activities = {
        "antwoord/<int:activity_id>/bestand/": side.submission.activity_id,
        **{talk: side.talk.pk for talk in OWN if talk.startswith("trainen/") and "activity_id" in talk},
    }
    values = {
        "short_key": key,
        "pk": side.cohort.pk if route.startswith("trainen/groep/") else key,
        "file_format": "csv",
        "activity_id": activities.get(route, side.version.activity_id),
        "public_id": side.award.public_id,
        "number": 1,
        "token": "a" * 32,
        "form": "json",
        "link_id": 1,
        "page_view_restriction_id": 1,
        "page_id": 1,
        "block_id": UUID(int=1),
        "door": "opname",
        "person": side.asked.person_id,
        "mark": side.mark.pk,
        **dict.fromkeys(("token", "receipt", "code"), "niets"),
        "key": UUID(int=1),
        "enrolment_id": side.enrolment.pk,
        "tree_hash": "x",
        "ticket": "x",
        "path": "x",
    }
    if route.startswith("^"):
        return "/"
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(values[found.group(1)]), route)


def editor_path(route: str, name: str, page: Any, house: House) -> str:
    own_keys = {
        "wagtailusers_users": house.a.learner.pk,
        "wagtailusers_groups": Group.objects.first().pk,
        "wagtailsites": Site.objects.first().pk,
        "wagtaillocales": Locale.objects.first().pk,
        "wagtailadmin_api:pages": page.pk,
        "packages": UUID(int=1),
        "package_chooser": UUID(int=1),
    }
    values = {
        "pk": own_keys.get(name.rpartition(":")[0], 1),
        "page_id": page.pk,
        "parent_page_id": page.pk,
        "page_to_move_id": page.pk,
        "page_pk": page.pk,
        "object_id": page.pk,
        "destination_id": house.course_page.pk,
        "session_id": house.session_page.pk,
        "revision_id": page.latest_revision_id,
        "content_type_app_name": "cms",
        "content_type_model_name": "lessonpage",
        "app_label": "wagtailcore",
        "model_name": "page",
        "action": "delete",
        "key": house.a.course.programme.key,
        "token": "00000000-0000-0000-0000-000000000001",
        "organisation_id": 1,
        "template": "certificate",
        "language": "nl",
        "name": "lang",
    }
    if "revisions/compare" in route:
        return f"/cms/pages/{page.pk}/revisions/compare/earliest...live/"
    # Libraries write some of theirs as regular expressions.
    route = re.sub(r"\(\?P<\w+>(\w+)[^)]*\)", r"\1", route).replace("/^", "/").removesuffix("$")
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found.group(1), 1)), route)
    return "/" + path.replace("^.*/$", "bestaat-niet/").replace("^", "")


def body_of(response: Any) -> str:
    """The whole answer; reading a file to its end closes it."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def outcome(response: Any) -> Any:
    if response.status_code in {301, 302, 303}:
        path = response["Location"].partition("?")[0]
        at_the_door = (
            path.endswith(("/account/login/", "/cms/login/", "/schrijven/"))
            and "next=" in response["Location"]
        )
        return LOGIN if at_the_door else AWAY
    return response.status_code


def expected(answers: Answers, role: str, side: Side) -> Any:
    if "writers" in answers and role.startswith(("trainer", "editor", "superuser")):
        return answers["writers"]
    if "editors" in answers and role.startswith(("editor", "superuser")):
        return answers["editors"]
    if "administrator" in answers and role == "superuser":
        return answers["administrator"]
    known = relation(role, side)
    if known in answers:
        return answers[known]
    return answers["staff"] if "staff" in answers and is_staff(role) else answers["*"]


def may_read(role: str, side: Side, path: str) -> tuple[str, ...]:
    """The words of a side that this reader may meet."""
    known = relation(role, side)
    if known == "owner":
        return (*side.secrets, side.alias)
    if known == "coordinator" and path.startswith("/deelnemers/bewijs/"):
        return (side.award.holder_name, side.alias)  # that they looked is noted
    if role == "superuser" and path.startswith("/deelnemers/berichten/"):
        return (side.alias,)
    of_learners = path.startswith(("/deelnemers/", "/trainen/", "/groepen/", "/bijeenkomsten/"))
    return (side.alias,) if known in {"trainer", "coordinator"} and of_learners else ()


def leaks(body: str, role: str, house: House, path: str) -> list[str]:
    """Words of either side that stand in a page and are not for this reader."""
    return [
        word
        for side in (house.a, house.b)
        for word in (*side.secrets, side.alias)
        if word in body and word not in may_read(role, side, path)
    ]


def ask(client: Client, method: str, path: str, **headers: str) -> Any:
    """One request of which nothing stays in the database."""
    with transaction.atomic():
        response = getattr(client, method)(path, headers=headers)
        transaction.set_rollback(True)
    return response


WRITES = re.compile(r'^\s*(?:INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """The tables that statements write to while this lasts. Django's log of queries would ask SQLite to quote every value."""
    tables: set[str] = set()

    def watch(execute: Any, sql: Any, *rest: Any) -> Any:
        if match := WRITES.match(str(sql)):
            tables.add(match.group(1))
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield tables


def test_every_address_is_known():
    routes = dict(addresses())
    own = {route for route in routes if not route.startswith("cms/") or route in OWN}
    assert own == set(OWN)
    assert {editor_rule(name) for _route, name in EDITOR} == {"open", "writers", "editors", "closed"}


@dataclass(frozen=True)
class Cell:
    """What somebody was answered at an address, the words in it that are not theirs, and the tables it wrote to."""

    status: int
    outcome: Any
    leaked: list[str]
    written: set[str]


def look(client: Client, method: str, path: str, role: str, house: House) -> Cell:
    with tables_written() as tables:
        response = ask(client, method, path)
        body = body_of(response)
    return Cell(response.status_code, outcome(response), leaks(body, role, house, path), tables)


@pytest.fixture(scope="module")
def own_cells(house_of_the_module: House) -> Callable[[Side], dict[tuple[str, str, str], Cell]]:
    """Our addresses about a side, as everybody, by role, method and path: asked once for all tests, and for both sides
    where the path names neither."""
    house = house_of_the_module
    cells: dict[tuple[str, str, str], Cell] = {}

    def ask_about(name: str) -> None:
        for role in ["anonymous", *house.people]:
            cache.clear()  # how often a stranger may look is counted per address, and here all have one
            client = house.client(role)
            for route, method in product(OWN, ("get", "post")):
                key = role, method, own_path(route, getattr(house, name))
                if key in cells:
                    continue
                cells[key] = look(client, method, key[2], role, house)
                if route in {"weg/", "account/logout/"}:
                    client = house.client(role)

    ask_once = functools.cache(ask_about)

    def about(side: Side) -> dict[tuple[str, str, str], Cell]:
        ask_once(side.name)
        return cells

    return about


@pytest.mark.parametrize("name", ["a", "b"])
def test_own_screens_answer_everybody_as_the_table_says(house: House, own_cells, name: str):
    side, cells, wrong = getattr(house, name), 0, []
    for role, (route, by_method) in product(["anonymous", *house.people], OWN.items()):
        path = own_path(route, side)
        for method, answers in zip(("get", "post"), by_method, strict=True):
            cell = own_cells(side)[role, method, path]
            wanted = expected(answers, role, side)
            wanted = wanted if isinstance(wanted, set) else {wanted}
            got, found = cell.outcome, cell.leaked
            cells += 1
            if not ({got, AWAY if got == LOGIN else got} & wanted) or found:
                wrong.append(f"{role} {method} {path}: {got}, wanted {wanted}; leaked {found}")
    figure(f"{cells} cells of role × address × method on side {name}: {len(wrong)} wrong or leaking")
    assert wrong == [], f"{len(wrong)} of {cells} cells"
    assert cells == len(OWN) * 2 * 13


def test_english_addresses_answer_the_same(house: House):
    cells, wrong = 0, []
    same_everywhere = (".well-known/", "cms/", "bestand/", "pakket/", "schrijven/", "weg/", "taal/", "^")
    routes = [route for route in OWN if not route.startswith(same_everywhere)]
    for role in ["anonymous", *house.people]:
        client = house.client(role)
        for route in routes:
            path = "/en" + own_path(route, house.a)
            response = ask(client, "get", path)
            wanted = expected(OWN[route][0], role, house.a)
            wanted = wanted if isinstance(wanted, set) else {wanted}
            got, found = outcome(response), leaks(body_of(response), role, house, path.removeprefix("/en"))
            cells += 1
            if not ({got, AWAY if got == LOGIN else got} & wanted) or found:
                wrong.append(f"{role} {path}: {got}, wanted {wanted}; leaked {found}")
    figure(f"{cells} cells in English: {len(wrong)} wrong or leaking")
    assert wrong == []


def test_who_does_not_write_pages_has_no_editor_at_all(house: House):
    """By GET, by POST and as the editor's own scripts ask, learners and coordinators are turned away as strangers are."""
    cells, wrong = 0, []
    paths = {(editor_path(route, name, house.lesson_page, house), name) for route, name in EDITOR}
    for role in ("anonymous", "learner_a", "coordinator_a", "regional_b"):
        client = house.client(role)
        for path, name in sorted(paths):
            asked = [("get", {}), ("post", {}), ("get", {"x-requested-with": "XMLHttpRequest"})]
            for method, headers in asked:
                response = ask(client, method, path, **headers)
                got = outcome(response)
                wanted = {LOGIN, 403} if name not in OPEN else {OPEN[name], LOGIN, 405}
                cells += 1
                if got not in wanted or leaks(body_of(response), role, house, path):
                    wrong.append(f"{role} {method} {path}: {got}, wanted {wanted}")
    figure(f"{cells} cells of the editor for people without it: {len(wrong)} wrong")
    assert wrong == [], f"{len(wrong)} of {cells} cells"


@pytest.fixture(scope="module")
def editor_cells(house_of_the_module: House) -> Callable[[str], dict[str, Cell]]:
    """What somebody gets at every address of the editor, of a lesson and of a page about us, by path: asked once."""
    house = house_of_the_module

    def ask_all(role: str) -> dict[str, Cell]:
        client, cells = house.client(role), {}
        for (route, name), page in product(EDITOR, (house.lesson_page, house.standard)):
            path = editor_path(route, name, page, house)
            if path not in cells:
                cells[path] = look(client, "get", path, role, house)
                if name == "wagtailadmin_logout":  # takes the cookie even where it refuses
                    client = house.client(role)
        return cells

    return functools.cache(ask_all)


@UNSORTED
@pytest.mark.parametrize("role", ["trainer_a", "editor", "superuser"])
def test_writers_enter_what_is_theirs(house: House, editor_cells, role: str):
    """Nobody meets a server error or a learner's words in the editor; trainers and editors meet no settings."""
    cells, wrong = 0, []
    for route, name in EDITOR:
        for page in (house.lesson_page, house.standard):
            path = editor_path(route, name, page, house)
            cell = editor_cells(role)[path]
            got, found = cell.status, cell.leaked
            cells += 1
            # People and their addresses are an administrator's work; what learners wrote for themselves is nobody's.
            written = [word for side in (house.a, house.b) for word in side.secrets[2:] if word in found]
            bad = written if role == "superuser" else found
            if is_closed(name, role):
                bad = bad or got not in {302, 403, 404, 405}
            bad = bad or (got >= 500 and name != BREAKS_ON_PURPOSE)
            outside = role == "trainer_a" and page is house.standard and f"/{page.pk}/" in path
            # A page outside their own tree: not to look at, not to touch.
            bad = bad or (outside and got == 200 and name not in TITLE_ONLY and "/choose-page/" not in path)
            if bad:
                wrong.append(f"{role} {path} ({name}): {got} {found}")
    figure(f"{cells} cells of the editor as {role}: {len(wrong)} wrong")
    assert wrong == []


@UNSORTED
@pytest.mark.parametrize("role", ["trainer_a", "editor"])
def test_what_is_closed_to_writers_is_closed_to_their_posts(house: House, role: str):
    """Wherever the rule says closed, and for a trainer on every page outside the tree, a POST writes nothing of theirs."""
    client, cells, wrong = house.client(role), 0, []
    ours = (
        "wagtailcore_page",
        "people_",
        "courses_",
        "certification_",
        "cms_",
        "media_",
        "auth_",
        "wagtailcore_",
        "wagtailusers_",
    )
    for route, name in EDITOR:
        page = house.standard
        path = editor_path(route, name, page, house)
        outside = role == "trainer_a" and f"/{page.pk}/" in path
        if not is_closed(name, role) and not outside:
            continue
        with tables_written() as tables:
            response = ask(client, "post", path)
        written = [table for table in tables if table.startswith(ours)]
        cells += 1
        if (
            written
            or response.status_code >= 500
            or (response.status_code == 200 and outside and name not in TITLE_ONLY)
        ):
            wrong.append(f"{role} POST {path} ({name}): {response.status_code} wrote {written}")
    figure(f"{cells} closed addresses posted to as {role}: {len(wrong)} wrong")
    assert wrong == []


# What reading may leave behind: the session, and the lesson in which the learner is ("go on where you were").
# And that somebody opened a certificate.
LEFT_BY_READING = {
    "les/<slug:short_key>/": {"courses_enrolment"},
    "bewijs/<str:public_id>/pdf/": {"certification_awardaccess"},
    "deelnemers/bewijs/<str:public_id>/": {"certification_awardaccess"},
}
SESSION = {"django_session", "usersessions_usersession"}
NOTED_BY_THE_EDITOR = {
    "wagtailadmin_editingsession",
    "wagtailcore_pagesubscription",
    "wagtailusers_userprofile",
}


def test_reading_never_writes(house: House, own_cells):
    cells, wrong = 0, []
    for role, route, side in product(["anonymous", *house.people], OWN, (house.a, house.b)):
        cell = own_cells(side)[role, "get", own_path(route, side)]
        written = cell.written - SESSION - LEFT_BY_READING.get(route, set())
        cells += 1
        if written:
            wrong.append(f"{role} GET {route}: {written}")
    figure(f"{cells} addresses read: {len(wrong)} wrote")
    assert wrong == []
    assert cells == len(OWN) * 2 * 13


@UNSORTED
def test_reading_in_the_editor_writes_no_page_and_no_record(house: House, editor_cells):
    """Wagtail notes who has a page open, and nothing else."""
    wrong = []
    for route, name in EDITOR:
        if name in {"wagtailadmin_logout", BREAKS_ON_PURPOSE}:
            continue
        cell = editor_cells("superuser")[editor_path(route, name, house.lesson_page, house)]
        written = cell.written - SESSION - NOTED_BY_THE_EDITOR
        if written:
            wrong.append(f"GET {route}: {written}")
    assert wrong == []


def test_a_post_without_the_token_is_refused_everywhere_but_at_the_exit(house: House):
    """Only what would have been allowed can tell: as the learner on their own, as a coordinator, and as a stranger."""
    cells, passed = 0, []
    for role in ("learner_a", "coordinator_a", "anonymous"):
        client = house.client(role, enforce_csrf_checks=True)
        for route in OWN:
            response = ask(client, "post", own_path(route, house.a))
            cells += 1
            if response.status_code != 403:
                passed.append((role, route, response.status_code))
        for route, name in EDITOR:
            response = ask(client, "post", editor_path(route, name, house.lesson_page, house))
            cells += 1
            # Wagtail's API asks for the token itself, after it has asked who is there.
            if response.status_code != 403 and outcome(response) != LOGIN:
                passed.append((role, route, response.status_code))
    figure(f"{cells} POSTs without a token: {len(passed)} passed")
    # The exit; the check of a file, which changes nothing; and switching off messages by a mail program's one click, which
    # has no token but that of the address, and here it is nobody's.
    open_to_all = (("weg/", 303), ("account/messages/<str:token>/", 404), ("bewijs/", 422))
    roles = ("learner_a", "coordinator_a", "anonymous")
    assert sorted(passed) == sorted((role, *each) for role in roles for each in open_to_all)


@UNSORTED
def test_the_editor_takes_no_post_without_the_token(house: House):
    client = house.client("superuser", enforce_csrf_checks=True)
    passed = []
    for route, name in EDITOR:
        with tables_written() as tables:
            response = ask(client, "post", editor_path(route, name, house.lesson_page, house))
        if response.status_code != 403 or tables - SESSION:
            passed.append((name, response.status_code, tables))
    assert passed == []
