"""What each role may do in Wagtail. The roles themselves are `people`'s."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission

from cms.models import CataloguePage, HomePage
from people.models import Role

EDITING = ("add_page", "change_page", "publish_page")
BANKS = ("view_questionbank", "add_questionbank", "change_questionbank", "delete_questionbank")


@transaction.atomic
def give_roles_their_permissions() -> None:
    """Trainers write courses, editors the public pages; trainees and coordinators do not enter Wagtail at all."""
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    admin = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    banks = Permission.objects.filter(content_type__app_label="cms", codename__in=BANKS)
    for role in (Role.TRAINER, Role.EDITOR):
        groups[role].permissions.set([admin, *banks])
    for role in (Role.TRAINEE, Role.COORDINATOR):
        groups[role].permissions.clear()
    trees = {Role.TRAINER: CataloguePage.objects.all(), Role.EDITOR: HomePage.objects.all()}
    for role, pages in trees.items():
        for page in pages:
            for codename in EDITING:
                permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
                GroupPagePermission.objects.get_or_create(
                    group=groups[role], page=page.page_ptr, permission=permission
                )
