from django.core.management.base import BaseCommand

from cms.roles import give_roles_their_permissions


class Command(BaseCommand):
    help = "Gives the groups of trainers and editors the permissions they need in Wagtail, and no other."

    def handle(self, *args: object, **options: object) -> None:
        give_roles_their_permissions()
