import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from courses.models import Cohort, Course
from courses.services.teams import assign_trainers
from people.models import Organisation, Role, User
from people.services.roles import grant_role

ACCOUNTS = {
    Role.TRAINEE: "Trainee",
    Role.TRAINER: "Trainer",
    Role.COORDINATOR: "Coördinator",
    Role.EDITOR: "Redacteur",
}


class Command(BaseCommand):
    help = "Makes one demo account per role and a demo group. Refuses where DEMO_PASSWORD is not set."

    @transaction.atomic
    def handle(self, *args: object, **options: object) -> None:
        password = getattr(settings, "DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Demo accounts belong on one's own machine: set DEMO_PASSWORD to have them.")
        now = timezone.now()
        organisation, _created = Organisation.objects.get_or_create(
            slug="leerhuis", defaults={"name": "Leerhuis"}
        )
        people = {}
        for role, alias in ACCOUNTS.items():
            email = f"{role.value}@example.org"
            person = User.objects.filter(email=email).first()
            if person is None:
                person = User.objects.create_user(email, password, alias=alias)
                EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
            grant_role(user=person, role=role, organisation=organisation, now=now)
            people[role] = person
        for course in Course.objects.filter(archived_at=None):
            cohort, created = Cohort.objects.get_or_create(
                course=course,
                name="Demogroep",
                defaults={"starts_on": now.date() + datetime.timedelta(days=14)},
            )
            if created:
                assign_trainers(cohort=cohort, trainers=[people[Role.TRAINER]], now=now)
        for role in ACCOUNTS:
            self.stdout.write(f"{role.value}@example.org")
