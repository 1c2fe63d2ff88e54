"""Whose messages somebody may look after."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Enrolment
from people.models import Membership, OutboxMessage, User


def messages_in_care(user: User | AnonymousUser) -> QuerySet[OutboxMessage]:
    """An administrator's are all; a coordinator's those to members and learners of what they coordinate; others have none."""
    messages = OutboxMessage.objects.select_related("recipient")
    if not user.is_authenticated:
        return messages.none()
    if user.is_superuser:
        return messages
    members = Membership.objects.coordinated_by(user).filter(user=OuterRef("recipient"))
    learners = Enrolment.objects.coordinated_by(user).filter(learner=OuterRef("recipient"))
    return messages.filter(Q(Exists(members)) | Q(Exists(learners)))
