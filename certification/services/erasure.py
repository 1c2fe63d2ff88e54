"""Taking a person out of what was certified. What stays still answers: valid, issued on that day."""

from datetime import datetime

from django.db import transaction

from certification.models import Award, Document, ShareLink
from certification.services.bundles import drop_bundles_of
from certification.services.documents import private_storage
from courses.models import Enrolment
from people.models import User


@transaction.atomic
def erase_bundles(*, user: User, now: datetime) -> int:
    """Delete the zip files with somebody's document inside. How many.

    What is erased first waits for whoever gives them a certificate now, who locks the enrolment, then what follows from it.
    """
    _hold_off_awards(user)
    return drop_bundles_of(user=user, now=now)


@transaction.atomic
def erase_documents(*, user: User, now: datetime) -> int:
    """Delete somebody's documents, and zip files with one of them inside, files first. How many documents.

    Files go inside the transaction: if it fails, a document is made again; the other way round a name would be left
    lying. The digest goes as well: a document can be made again from guesses, and the digest would tell the right one.
    Raises `OSError` where the storage refuses, so that nothing counts as erased that is still there.
    """
    erase_bundles(user=user, now=now)
    documents = list(Document.objects.select_for_update().filter(award__holder=user))
    for document in documents:
        if document.file_name:
            private_storage().delete(document.file_name)
    Document.objects.filter(pk__in=[document.pk for document in documents]).delete()
    return len(documents)


@transaction.atomic
def erase_awards(*, user: User, now: datetime) -> int:
    """Remove name, salt, links and attempt ids from somebody's awards. How many. The awards stay verifiable."""
    erase_documents(user=user, now=now)
    awards = list(Award.objects.select_for_update().filter(holder=user))
    ShareLink.objects.filter(award__in=awards).delete()
    for award in awards:
        award.holder = award.enrolment = None
        award.holder_name = award.salt = ""
        award.name_visible = False
        award.evidence = [{**item, "attempt": None} for item in award.evidence]
        award.erased_at = now
        award.save(
            update_fields=[
                "holder",
                "enrolment",
                "holder_name",
                "salt",
                "name_visible",
                "evidence",
                "erased_at",
            ]
        )
    return len(awards)


def _hold_off_awards(user: User) -> None:
    """A last answer that is under way holds its enrolment: wait for it, and let no other begin."""
    list(Enrolment.objects.select_for_update().filter(learner=user).values_list("pk"))
