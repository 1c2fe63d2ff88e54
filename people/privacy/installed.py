"""What installed packages keep: sign-in, sessions, the editor's traces, the worker's queue.

The editor's rows are about trainers and editors. What they wrote stays, with nobody's name on it.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from .registry import Holding, Personal, declare, declare_impersonal

if TYPE_CHECKING:
    from people.models import User

SESSION = "the session, at most 12 hours"
WORK = "as long as the page"
LOG = "12 months with the name, then without"


def erase_sessions(*, user: "User", now: datetime) -> None:
    """Every stored session that is somebody's, or holds their address half-way through signing in."""
    store_class = import_module(settings.SESSION_ENGINE).SessionStore
    marks = [str(user.pk), user.email.lower()]
    for row in apps.get_model("sessions.Session").objects.iterator():
        held = json.dumps(row.get_decoded(), default=str).lower()
        if any(mark in held for mark in marks):
            store_class().delete(row.session_key)


def erase_tasks(*, user: "User", now: datetime) -> None:
    """Rows of the queue hold ids only; those with this person's go, done or not: there is nobody to do them for."""
    for row in _mentioning(
        apps.get_model("django_tasks_database.DBTaskResult"), ("args_kwargs", "traceback"), user
    ):
        row.delete()


def erase_log(label: str) -> Any:
    """The log keeps what was done, not by whom; entries about the account itself go."""

    def erase(*, user: "User", now: datetime) -> None:
        log = apps.get_model(label)
        if label.endswith("ModelLogEntry"):
            about = apps.get_model("contenttypes.ContentType").objects.get_for_model(type(user))
            log.objects.filter(content_type=about, object_id=str(user.pk)).delete()
        log.objects.filter(user=user).update(user=None)
        for entry in _mentioning(log, ("data",), user):
            log.objects.filter(pk=entry.pk).update(data=_without(entry.data, user))

    return erase


def erase_in_json(label: str, field: str) -> Any:
    """Stored copies of pages carry the keys of owner, locker and commenters inside their JSON."""

    def erase(*, user: "User", now: datetime) -> None:
        model = apps.get_model(label)
        names = {f.name for f in model._meta.concrete_fields}
        if "user" in names:
            model._base_manager.filter(user=user).update(user=None)
        for row in _mentioning(model, (field,), user):
            held = getattr(row, field)
            clean = (
                json.dumps(_without(json.loads(held), user))
                if isinstance(held, str)
                else _without(held, user)
            )
            model._base_manager.filter(pk=row.pk).update(**{field: clean})

    return erase


def erase_references(*, user: "User", now: datetime) -> None:
    """Wagtail's index of what points at what, to and from an account."""
    about = apps.get_model("contenttypes.ContentType").objects.get_for_model(type(user))
    index = apps.get_model("wagtailcore.ReferenceIndex").objects
    index.filter(
        Q(to_content_type=about, to_object_id=str(user.pk)) | Q(content_type=about, object_id=str(user.pk))
    ).delete()


def _mentioning(model: type[Model], fields: Iterable[str], user: "User") -> list[Any]:
    """Rows whose JSON or text holds the key (with or without dashes) or the address of somebody."""
    rows = model._base_manager.alias(**{f"{name}_text": Cast(name, TextField()) for name in fields})
    found = Q()
    for name in fields:
        for mark in (str(user.pk), user.pk.hex, user.email):
            found |= Q(**{f"{name}_text__icontains": mark})
    return list(rows.filter(found))


def _without(held: Any, user: "User") -> Any:
    """JSON without somebody: their comments go, every other mention becomes null."""
    marks = {str(user.pk), user.pk.hex, user.email.lower()}

    def is_theirs(value: Any) -> bool:
        return isinstance(value, str) and value.lower() in marks

    if isinstance(held, dict):
        return {key: _without(value, user) for key, value in held.items()}
    if isinstance(held, list):
        kept = (item for item in held if not (isinstance(item, dict) and is_theirs(item.get("user"))))
        return [_without(item, user) for item in kept]
    return None if is_theirs(held) else held


def _authored(model: str, field: str) -> Holding:
    return Holding(model=model, person=field, fields={field: Personal("who did it", WORK, "cleared")})


def _gone_with_the_account(
    model: str, purpose: str, retention: str, *fields: str, secret: tuple[str, ...] = ()
) -> Holding:
    personal = {name: Personal(purpose, retention, "deleted") for name in ("user", *fields)}
    personal |= {name: Personal(purpose, retention, "deleted", export=False) for name in secret}
    return Holding(model=model, person="user", fields=personal)


declare(
    # --- signing in -------------------------------------------------------------------------------------------------
    _gone_with_the_account(
        "usersessions.UserSession",
        "to end sessions elsewhere",
        SESSION,
        "ip",
        "user_agent",
        "created_at",
        "last_seen_at",
        secret=("session_key", "data"),
    ),
    Holding(
        model="sessions.Session",
        person=None,
        fields={
            "session_key": Personal("staying signed in", SESSION, "deleted", export=False),
            "session_data": Personal("staying signed in", SESSION, "deleted", export=False),
        },
        plain={"expire_date"},
        erase=erase_sessions,
    ),
    Holding(
        model="account.EmailConfirmation",
        person="email_address__user",
        fields={"key": Personal("confirming an address", "3 days", "deleted", export=False)},
    ),
    _gone_with_the_account(
        "account.EmailAddress",
        "signing in",
        "the account + 2 years without use",
        "email",
        "verified",
        "primary",
    ),
    # --- the worker's queue -----------------------------------------------------------------------------------------
    Holding(
        model="django_tasks_database.DBTaskResult",
        person=None,
        fields={
            "args_kwargs": Personal("what is to be done, by id", "30 days", "deleted", export=False),
            "return_value": Personal("what came of it", "30 days", "deleted", export=False),
            "traceback": Personal("what went wrong", "30 days", "deleted", export=False),
        },
        erase=erase_tasks,
    ),
    # --- the editor -------------------------------------------------------------------------------------------------
    _gone_with_the_account(
        "wagtailusers.UserProfile", "how the editor looks to them", "the account", "avatar"
    ),
    _gone_with_the_account("wagtailadmin.EditingSession", "to see who edits the same page", "an hour"),
    _gone_with_the_account("wagtailadmin.FormState", "a form half filled in", "24 hours", "data"),
    _gone_with_the_account(
        "wagtailcore.APIToken", "programs that act for them", "the account", "name", secret=("key_hash",)
    ),
    _gone_with_the_account("wagtailcore.PageSubscription", "to be told about comments", WORK),
    _gone_with_the_account("wagtailcore.CommentReply", "talking about a page", WORK, "text"),
    _gone_with_the_account("wagtailcore.Comment", "talking about a page", WORK, "text"),
    _authored("wagtailcore.Comment", "resolved_by"),
    _authored("wagtailcore.WorkflowState", "requested_by"),
    Holding(
        model="wagtailcore.TaskState",
        person="finished_by",
        fields={
            "finished_by": Personal("who agreed to a page", WORK, "cleared"),
            "comment": Personal("why they did or did not", WORK, "kept"),
        },
    ),
    _authored("wagtailcore.Page", "owner"),
    _authored("wagtailcore.Page", "locked_by"),
    _authored("wagtailcore.UploadedFile", "uploaded_by_user"),
    _authored("wagtailimages.Image", "uploaded_by_user"),
    _authored("wagtaildocs.Document", "uploaded_by_user"),
    _authored("wagtailmedia.Media", "uploaded_by_user"),
    _authored("wagtail_localize.StringTranslation", "last_translated_by"),
    _authored("wagtail_localize.SegmentOverride", "last_translated_by"),
    Holding(
        model="wagtailcore.Revision",
        person="user",
        fields={
            "user": Personal("who wrote it", WORK, "cleared"),
            "content": Personal(
                "how the page was; names owner and commenters by key", WORK, "pseudonymised", export=False
            ),
        },
        erase=erase_in_json("wagtailcore.Revision", "content"),
    ),
    Holding(
        model="wagtail_localize.TranslationSource",
        person=None,
        fields={
            "content_json": Personal(
                "what is translated; names the owner by key", WORK, "pseudonymised", export=False
            )
        },
        erase=erase_in_json("wagtail_localize.TranslationSource", "content_json"),
    ),
    *(
        Holding(
            model=label,
            person="user",
            fields={
                "user": Personal("who did what", LOG, "pseudonymised"),
                "action": Personal("who did what", LOG, "kept"),
                "label": Personal("to what", LOG, "kept"),
                "timestamp": Personal("when", LOG, "kept"),
                "data": Personal("who did what", LOG, "pseudonymised", export=False),
            },
            erase=erase_log(label),
        )
        for label in ("wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry")
    ),
    Holding(
        model="wagtailcore.ReferenceIndex",
        person=None,
        fields={"to_object_id": Personal("what points at what", WORK, "deleted", export=False)},
        erase=erase_references,
    ),
)

declare_impersonal(
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    reason="rights and kinds, the same for everybody",
)
declare_impersonal(
    "taggit.Tag",
    "taggit.TaggedItem",
    "modelsearch.IndexEntry",
    "modelsearch.SQLiteFTSIndexEntry",
    "wagtailsearch.IndexEntry",
    "wagtailsearch.SQLiteFTSIndexEntry",
    "wagtail_localize.LocaleSynchronization",
    "wagtail_localize.OverridableSegment",
    "wagtail_localize.RelatedObjectSegment",
    "wagtail_localize.String",
    "wagtail_localize.StringSegment",
    "wagtail_localize.Template",
    "wagtail_localize.TemplateSegment",
    "wagtail_localize.TranslatableObject",
    "wagtail_localize.Translation",
    "wagtail_localize.TranslationContext",
    "wagtail_localize.TranslationLog",
    "wagtailadmin.Admin",
    "wagtailcore.Collection",
    "wagtailcore.CollectionViewRestriction",
    "wagtailcore.GroupApprovalTask",
    "wagtailcore.GroupCollectionPermission",
    "wagtailcore.GroupPagePermission",
    "wagtailcore.GroupSitePermission",
    "wagtailcore.Locale",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.Site",
    "wagtailcore.Task",
    "wagtailcore.Workflow",
    "wagtailcore.WorkflowContentType",
    "wagtailcore.WorkflowPage",
    "wagtailcore.WorkflowTask",
    "wagtailembeds.Embed",
    "wagtailimages.Rendition",
    "wagtailredirects.Redirect",
    reason="what the site says and how it is arranged",
)
declare_impersonal("wagtailforms.FormSubmission", reason="no page of ours has a form of Wagtail's")
