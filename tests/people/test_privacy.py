"""What somebody gets of theirs, and what is left of them: nothing."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailConfirmation
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from wagtail.admin.models import EditingSession, FormState
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    APIToken,
    Comment,
    CommentReply,
    Locale,
    ModelLogEntry,
    Page,
    PageLogEntry,
    PageSubscription,
    ReferenceIndex,
    Revision,
    Task,
    TaskState,
    UploadedFile,
    Workflow,
    WorkflowState,
)
from wagtail.users.models import UserProfile
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    String,
    StringTranslation,
    TranslationContext,
    TranslationSource,
)
from wagtail_localize.strings import StringValue
from wagtailmedia.models import Media

from people import flows, privacy
from people.models import Membership, OutboxMessage, RecoveryCode, SignIn, User
from people.privacy import Holding, Personal
from people.privacy.registry import _registry
from people.privacy.traces import find_traces
from people.services.privacy import erase_person, export_person
from people.services.profiles import save_contact
from people.services.roles import grant_role
from tests.factories import PASSWORD, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
# This floor and the packages; each upper floor tests its own.
HERE = {"people", "account", "usersessions", "sessions", "django_tasks_database"}
HERE |= {holding.app_label for holding in privacy.holdings() if holding.app_label.startswith("wagtail")}


def somebody(name):
    """A person who has left something in every place this floor knows."""
    person = PersonFactory(
        email=f"{name}@uniek.example", alias=f"{name}-bijnaam", legal_name=f"{name}-voluit"
    )
    other, now = PersonFactory(), NOW
    grant_role(user=person, role="editor", organisation=OrganisationFactory(), region="Utrecht", now=now)
    save_contact(
        user=person,
        channel="mail",
        safe_from=None,
        safe_until=None,
        person_name=f"{name}-tante",
        person_phone="06 1",
    )
    flows.send_message(
        recipient=person,
        address=f"{name}.nieuw@uniek.example",
        kind="reminder",
        cause=f"reminder:{person.pk}",
        subject="Een bericht",
        text=f"Dag {name}-bijnaam",
        now=now,
    )
    for issued_by, recovered in ((other, person), (person, other)):
        RecoveryCode.objects.create(
            user=recovered,
            issued_by=issued_by,
            code_hash="-",
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
    # Signed in, and half-way through signing in on another device.
    Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    Client().post(reverse("account_reset_password"), {"email": person.email})
    EmailConfirmation.objects.create(email_address=person.emailaddress_set.get(), key=f"key-{name}")
    DBTaskResult.objects.create(
        args_kwargs={"args": [str(person.pk)], "kwargs": {}},
        task_path="x",
        backend_name="default",
        run_after=now,
    )
    leave_traces_in_the_editor(person, other, name)
    return person


def leave_traces_in_the_editor(person, other, name):
    kind = ContentType.objects.get_for_model(Page)
    about = ContentType.objects.get_for_model(User)
    page = Page.objects.get(depth=1).add_child(
        instance=Page(
            title="Een bladzijde", slug=f"bladzijde-{name}", owner=person, locked_by=person, locked=True
        )
    )
    UserProfile.get_for_user(person)
    EditingSession.objects.create(user=person, content_type=kind, object_id=page.pk, last_seen_at=NOW)
    FormState.objects.create(
        user=person,
        content_type=kind,
        object_id=str(page.pk),
        data=f"door={name}-bijnaam",
        last_updated_at=NOW,
    )
    APIToken.objects.create(user=person, name=f"{name}-bijnaam", key_hash=name, prefix="wagtail_")
    PageSubscription.objects.create(user=person, page=page, comment_notifications=True)
    comment = Comment.objects.create(page=page, user=person, text=f"van {name}-bijnaam", contentpath="title")
    CommentReply.objects.create(comment=comment, user=person, text=f"van {name}-bijnaam")
    Comment.objects.create(
        page=page, user=other, text="van een ander", contentpath="title", resolved_by=person
    )
    page.refresh_from_db()
    revision = page.save_revision(user=person, clean=False)
    workflow = Workflow.objects.create(name="Controle")
    task = Task.objects.create(name="Kijken", content_type=ContentType.objects.get_for_model(Task))
    state = WorkflowState.objects.create(
        base_content_type=kind,
        content_type=kind,
        object_id=str(page.pk),
        workflow=workflow,
        requested_by=person,
    )
    TaskState.objects.create(
        workflow_state=state,
        revision=revision,
        task=task,
        finished_by=person,
        content_type=ContentType.objects.get_for_model(TaskState),
    )
    PageLogEntry.objects.log_action(
        page, "wagtail.edit", user=person, data={"comment": {"user": str(person.pk)}}
    )
    for label, key in ((person.alias, person.pk), ("een ander", other.pk)):
        ModelLogEntry.objects.create(
            content_type=about,
            object_id=str(key),
            label=label,
            action="wagtail.edit",
            timestamp=NOW,
            user=person,
        )
    UploadedFile.objects.create(for_content_type=kind, file="", uploaded_by_user=person)
    Document.objects.create(title="Een stuk", file="stuk.pdf", uploaded_by_user=person)
    Media.objects.create(title="Een film", file="film.mp4", type="video", duration=1, uploaded_by_user=person)
    Image.objects.bulk_create(
        [Image(title="Beeld", file="beeld.png", width=1, height=1, uploaded_by_user=person)]
    )
    ReferenceIndex.objects.create(
        content_type=kind,
        base_content_type=kind,
        object_id=str(page.pk),
        to_content_type=about,
        to_object_id=str(person.pk),
        model_path="owner",
        content_path="owner",
        content_path_hash=page.translation_key,
    )
    source, _created = TranslationSource.get_or_create_from_instance(page)
    context = TranslationContext.objects.create(object=source.object, path=f"title-{name}")
    locale = Locale.objects.first()
    StringTranslation.objects.create(
        translation_of=String.from_value(locale, StringValue.from_plaintext("Een bladzijde")),
        locale=locale,
        context=context,
        data="A page",
        last_translated_by=person,
    )
    OverridableSegment.objects.create(source=source, context=context, order=0, data_json='"x"')
    SegmentOverride.objects.create(locale=locale, context=context, data_json='"y"', last_translated_by=person)


def words_of(person):
    name = person.email.partition("@")[0]
    return [
        person.email,
        f"{name}.nieuw@uniek.example",
        person.alias,
        person.legal_name,
        f"{name}-tante",
        str(person.pk),
        person.pk.hex,
    ]


def rows_per_holding(person):
    return {
        (holding.model, holding.person): holding.model_class()
        ._base_manager.filter(**{holding.person: person.pk})
        .count()
        for holding in privacy.holdings()
        if holding.person and holding.app_label in HERE
    }


def files_naming(words):
    roots = [Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT)]
    files = [path for root in roots if root.exists() for path in root.rglob("*") if path.is_file()]
    return [
        path
        for path in files
        if any(word.encode() in path.read_bytes() or word in path.name for word in words)
    ]


def test_after_erasure_nothing_of_somebody_is_left_in_any_column_of_any_table():
    person, stays = somebody("annabel"), somebody("bernarda")
    words, held = words_of(person), rows_per_holding(person)
    assert [place for place, rows in held.items() if rows == 0] == []  # else this test looks at nothing
    of_the_other = find_traces(words_of(stays))
    report = erase_person(user=person, now=NOW)
    assert report.traces == []
    assert find_traces(words) == []
    assert files_naming(words) == []
    assert {place: rows for place, rows in rows_per_holding(person).items() if rows} == {}
    assert find_traces(words_of(stays)) == of_the_other


def test_what_others_need_outlives_an_erasure_without_the_name():
    person = somebody("annabel")
    page = Page.objects.get(slug="bladzijde-annabel")
    before = Counter(
        {model: model.objects.count() for model in (Page, Revision, PageLogEntry, TaskState, Document)}
    )
    erase_person(user=person, now=NOW)
    assert Counter({model: model.objects.count() for model in before}) == before
    page.refresh_from_db()
    assert (page.owner, page.locked_by) == (None, None)
    content = page.get_latest_revision().content
    assert (content["title"], content["owner"], content["locked_by"]) == ("Een bladzijde", None, None)
    assert [comment["text"] for comment in content["wagtail_admin_comments"]] == ["van een ander"]
    assert page.get_latest_revision_as_object().title == "Een bladzijde"
    assert [entry.user_id for entry in PageLogEntry.objects.filter(action="wagtail.edit")] == [None]
    assert [entry.label for entry in ModelLogEntry.objects.all()] == ["een ander"]


def test_an_erasure_is_all_or_nothing(monkeypatch):
    person = somebody("annabel")
    before = find_traces(words_of(person))

    def fail(*, user, now):
        raise RuntimeError("half-way")

    field = Personal("a purpose", "a term", "deleted")
    failing = Holding(model="people.Lease", person=None, fields={"holder": field}, erase=fail)
    monkeypatch.setattr(_registry, "holdings", [*_registry.holdings[:-1], failing, _registry.holdings[-1]])
    with pytest.raises(RuntimeError, match="half-way"):
        erase_person(user=person, now=NOW)
    assert find_traces(words_of(person)) == before


def test_what_is_left_is_reported_and_not_hidden():
    person = PersonFactory(email="annabel@uniek.example")
    OrganisationFactory(name="Bel annabel@uniek.example")
    report = erase_person(user=person, now=NOW)
    assert [(trace.table, trace.column, trace.rows) for trace in report.traces] == [
        ("people_organisation", "name", 1)
    ]


def test_somebody_gets_all_that_is_held_and_no_secret():
    person, other = somebody("annabel"), somebody("bernarda")
    export = export_person(user=person, now=NOW)
    assert json.loads(json.dumps(export)) == export
    assert (export["account"], export["made_at"]) == ("annabel@uniek.example", "2026-03-02T12:00:00Z")
    held = {place[0]: rows for place, rows in rows_per_holding(person).items()}
    assert {model for model in export["holdings"] if model.partition(".")[0] in HERE} == set(held)
    (account,) = export["holdings"]["people.User"]
    assert (account["email"], account["alias"], account["groups"]) == (person.email, person.alias, ["editor"])
    text = json.dumps(export)
    user = User.objects.get(pk=person.pk)
    secrets = [
        user.password,
        *person.usersession_set.values_list("session_key", flat=True),
        "code_hash",
        "key_hash",
    ]
    assert [secret for secret in secrets if secret in text] == []
    assert [word for word in words_of(other) if word in text] == []


def test_the_commands(tmp_path):
    somebody("annabel")
    target = tmp_path / "annabel.json"
    call_command("export_person", "Annabel@uniek.example", to=target, stdout=StringIO())
    assert json.loads(target.read_text())["account"] == "annabel@uniek.example"
    assert oct(target.stat().st_mode)[-3:] == "600"
    with pytest.raises(CommandError, match="Could not write"):
        call_command("export_person", "annabel@uniek.example", to=target)
    said = StringIO()
    call_command("erase_person", "annabel@uniek.example", yes=True, stdout=said)
    assert said.getvalue().splitlines()[-1] == "Erased. The database mentions the person nowhere."
    for command, options in (("export_person", {"to": tmp_path / "x"}), ("erase_person", {"yes": True})):
        with pytest.raises(CommandError, match="no account"):
            call_command(command, "annabel@uniek.example", **options)


def test_erasing_one_leaves_the_rows_of_others():
    person, stays = somebody("annabel"), somebody("bernarda")
    before = rows_per_holding(stays)
    erase_person(user=person, now=NOW)
    assert rows_per_holding(stays) == before
    assert Membership.objects.filter(user=stays).count() == 1
    assert SignIn.objects.filter(user=stays).count() == 1
    assert OutboxMessage.objects.filter(recipient=stays).count() == 2
