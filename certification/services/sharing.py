"""Letting a stranger read the name for a while: a link that ends by itself, and at once when it is withdrawn."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from certification.models import Award, ShareLink
from people.models import User

MOST_LINKS = 10
LENGTHS = (7, 30, 90)  # days


class ShareRefused(Exception):
    """No link can be made. The message is for the holder."""


@transaction.atomic
def share_award(*, award: Award, holder: User, days: int, now: datetime) -> ShareLink:
    """A new link to one's own certificate with the name on it. Raises `Award.DoesNotExist` and `ShareRefused`.

    Links that ended are cleared away on the occasion.
    """
    own = Award.objects.visible_to(holder).select_for_update(of=("self",)).get(pk=award.pk)
    if days not in LENGTHS:
        raise ShareRefused(_("Choose how long the link may work."))
    ShareLink.objects.filter(award=own, expires_at__lte=now).delete()
    if ShareLink.objects.filter(award=own).count() >= MOST_LINKS:
        raise ShareRefused(_("There are ten links already. Withdraw one first."))
    return ShareLink.objects.create(award=own, created_at=now, expires_at=now + timedelta(days=days))


def withdraw_link(*, link_id: int, holder: User) -> None:
    """From now on the link leads nowhere. One that is gone already is fine; somebody else's is not touched."""
    ShareLink.objects.visible_to(holder).filter(pk=link_id).delete()
