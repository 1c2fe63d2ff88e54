"""What each role may do in Wagtail. The roles themselves are `people`'s, and the teams of courses are `courses`'."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.permission_policies import ModelPermissionPolicy

from cms.models import CoursePage, HomePage, QuestionBank, SecondReader
from courses.services.teams import align_teams, team_of
from people.models import Role

EDITING = ("add_page", "change_page", "publish_page")
# In Wagtail's library trainers bring files. What they brought is theirs, and what their courses use (`cms.library`).
BRINGING = ("add_media", "add_document")
FILES = (*BRINGING, "change_media", "change_document", "choose_document")
PACKAGES = ("view_package", "add_package", "change_package")
CERTIFICATES = ("scheme", "accreditation", "register", "signatory")
BANKS = ("view_questionbank", "add_questionbank", "change_questionbank", "delete_questionbank")
TRANSLATING = "submit_translation"
# What comes with Wagtail, and what it is called here: in the language of who writes, for it is content.
WAGTAILS_WORKFLOW = "Moderators approval"
READING_ALONG = "Een collega leest mee"


@transaction.atomic
def give_roles_their_permissions() -> None:
    """Trainers write the courses they train, editors all pages and what certificates ask; others do not enter Wagtail."""
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    admin = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    banks = Permission.objects.filter(content_type__app_label="cms", codename__in=BANKS)
    # Sending pages to be translated asks for no right to the page: for who has all pages.
    translating = Permission.objects.filter(content_type__app_label="wagtail_localize", codename=TRANSLATING)
    packages = Permission.objects.filter(content_type__app_label="media", codename__in=PACKAGES)
    groups[Role.TRAINER].permissions.set([admin, *banks, *packages])
    schemes = Permission.objects.filter(
        content_type__app_label="certification", content_type__model__in=CERTIFICATES
    )
    looks = Permission.objects.filter(content_type__app_label="certification", codename="add_mark")
    groups[Role.EDITOR].permissions.set([admin, *banks, *packages, *translating, *schemes, *looks])
    for role in (Role.TRAINEE, Role.COORDINATOR):
        groups[role].permissions.clear()
    # A trainer's way to pages is the team of a course alone.
    GroupPagePermission.objects.filter(group=groups[Role.TRAINER]).delete()
    for page in (*HomePage.objects.all(), *CoursePage.objects.all()):
        give_writers_their_page(page)
    align_teams(now=timezone.now())
    let_colleagues_read_along()
    _let_into_the_library(groups[Role.TRAINER], BRINGING)
    _let_into_the_library(groups[Role.EDITOR], FILES)


def _let_into_the_library(group: Group, codenames: tuple[str, ...]) -> None:
    """These rights to recordings and documents, and no others of an earlier time."""
    files = Permission.objects.filter(content_type__app_label__in=("wagtailmedia", "wagtaildocs"))
    wanted = files.filter(codename__in=codenames)
    held = GroupCollectionPermission.objects.filter(group=group, permission__in=files)
    held.exclude(permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )


def let_colleagues_read_along() -> None:
    """One way of review for all pages, in place of Wagtail's own: a second writer of the page reads it."""
    workflow = Workflow.objects.filter(name__in=[WAGTAILS_WORKFLOW, READING_ALONG]).order_by("pk").first()
    if workflow is None:
        workflow = Workflow.objects.create(name=READING_ALONG)
    workflow.name, workflow.active = READING_ALONG, True
    workflow.save()
    reader, _made = SecondReader.objects.get_or_create(name=READING_ALONG)
    WorkflowTask.objects.filter(workflow=workflow).exclude(task=reader).delete()
    WorkflowTask.objects.get_or_create(workflow=workflow, task=reader)
    for home in HomePage.objects.all():
        WorkflowPage.objects.get_or_create(page=home.page_ptr, defaults={"workflow": workflow})


def give_writers_their_page(page: HomePage | CoursePage) -> None:
    """A home page, in whichever language, with all below it is for editors; a course page for the team of its course."""
    if isinstance(page, HomePage):
        _let_edit(Group.objects.get_or_create(name=Role.EDITOR.value)[0], page)
    else:
        _let_edit(team_of(page.translation_key), page)


def _let_edit(group: Group, page: Page) -> None:
    for codename in EDITING:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=page.page_ptr, permission=permission)


class BankPolicy(ModelPermissionPolicy):
    """A question bank goes with its programme: for who writes a course of it. One without a programme is for editors."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        allowed = super().user_has_permission_for_instance(user, action, instance)
        return allowed and QuestionBank.objects.visible_to(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: list[str]) -> QuerySet[Any]:
        allowed = super().instances_user_has_any_permission_for(user, actions)
        return allowed.filter(pk__in=QuestionBank.objects.visible_to(user).values("pk"))
