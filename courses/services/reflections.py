"""What learners write for themselves: encrypted at rest, readable by the writer, and by a trainer while it is shared."""

from datetime import datetime

from django.db import transaction

from courses.activities import kind_of
from courses.models import ActivityVersion, Enrolment, Reflection
from courses.queries.care import trainers_of
from people.models import User
from people.services.sealing import reseal, seal, unseal


def keep_reflection(
    *, enrolment: Enrolment, version: ActivityVersion, text: str, now: datetime
) -> Reflection:
    """Write or rewrite the one reflection on an activity. Sharing stays as it was."""
    reflection, _created = Reflection.objects.update_or_create(
        enrolment=enrolment,
        activity_id=version.activity_id,
        defaults={"version": version, "ciphertext": seal(text), "written_at": now},
    )
    return reflection


def read_reflection(*, reflection: Reflection, reader: User) -> str:
    """The text, for its writer or the trainer it is shared with. Raises `PermissionError` for anybody else."""
    shared = reflection.shared_at is not None and reflection.shared_with_id == reader.pk
    if reflection.enrolment.learner_id != reader.pk and not shared:
        raise PermissionError("this reflection is not theirs to read")
    return decrypt(reflection)


def decrypt(reflection: Reflection) -> str:
    """The text itself. Only for callers that have settled who reads it. An unreadable one (lost key) is empty."""
    return unseal(reflection.ciphertext)


def in_words(reflection: Reflection) -> str:
    """The text as its writer reads it back, questions of a worksheet included. As `decrypt`: only once that is settled."""
    kind = kind_of(reflection.activity.kind)
    return kind.written(reflection.version.specification, decrypt(reflection))


def rewrite_reflection(*, reflection: Reflection, text: str, now: datetime) -> None:
    """Replace the text."""
    reflection.ciphertext = seal(text)
    reflection.written_at = now
    reflection.save(update_fields=["ciphertext", "written_at"])


def share_reflection(*, reflection: Reflection, trainer: User, now: datetime) -> None:
    """Let one trainer read this text until it is taken back. `ValueError` for anybody but a trainer of the learner's group."""
    if not trainers_of(reflection.enrolment).filter(pk=trainer.pk).exists():
        raise ValueError("a text is shared with a trainer of one's own group")
    reflection.shared_with, reflection.shared_at = trainer, now
    reflection.save(update_fields=["shared_with", "shared_at"])


def take_back_reflection(*, reflection: Reflection) -> None:
    """Nobody but its writer reads this text any more."""
    reflection.shared_with = reflection.shared_at = None
    reflection.save(update_fields=["shared_with", "shared_at"])


def erase_reflection(*, reflection: Reflection) -> None:
    """Take a reflection away for good. That the activity was answered stays known, its text does not."""
    reflection.delete()


@transaction.atomic
def rotate_reflection_keys() -> int:
    """Write every reflection anew under the first key. Returns how many; one whose key is lost stays as it is."""
    count = 0
    for reflection in Reflection.objects.select_for_update().iterator():
        if (ciphertext := reseal(reflection.ciphertext)) is not None:
            reflection.ciphertext = ciphertext
            reflection.save(update_fields=["ciphertext"])
            count += 1
    return count
