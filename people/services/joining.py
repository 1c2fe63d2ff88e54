"""Several messages as one mail, with a greeting and a way to have fewer of them."""

from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from people.models import ContactPreference, User

_SALT = "people.fewer_messages"


def joined(parts: Sequence[tuple[str, str]], off: str, *, asks: bool = False) -> tuple[str, str, str]:
    """Subject, text and HTML of one mail out of (subject, text) pairs. `off` is the address that switches extras off.

    `asks`: whether any of it asks something of who reads it. Only what does not ends with saying so.
    """
    with translation.override(settings.LANGUAGE_CODE):
        subject = parts[0][0]
        if len(parts) > 1:
            subject = ngettext(
                "There is %(number)d message for you", "There are %(number)d messages for you", len(parts)
            ) % {"number": len(parts)}
        blocks = [_("Hello,"), *(text.strip() for _subject, text in parts)]
        if not asks:
            blocks.append(_("You need not do anything with this message."))
        if off:
            blocks.append(
                _("Fewer of these messages? You switch them off here:\n%(address)s") % {"address": off}
            )
        html = in_html(blocks)
    return subject, "\n\n".join(blocks) + "\n", html


def in_html(blocks: Sequence[str]) -> SafeString:
    """Paragraphs and links, nothing else: no image, no style, nothing that tells somebody that it was read.

    In the language that is active: a screen reader reads it aloud in that one.
    """
    paragraphs = format_html_join("\n", "<p>{}</p>", ((_lines(block),) for block in blocks))
    return format_html(
        '<!doctype html>\n<html lang="{}"><body>\n{}\n</body></html>',
        get_language() or settings.LANGUAGE_CODE,
        paragraphs,
    )


def _lines(block: str) -> SafeString:
    # urlize escapes what it is given.
    return format_html_join(
        SafeString("<br>\n"),
        "{}",
        ((SafeString(urlize(line, autoescape=True)),) for line in block.splitlines()),
    )


def switch_off_address(person: User) -> str:
    """Where somebody switches off what is not needed, without signing in: a phone that reads mail may know no password."""
    return f"{settings.SITE_URL}{reverse('fewer_messages', args=[signing.dumps(str(person.pk), salt=_SALT)])}"


@transaction.atomic
def switch_off(*, token: str) -> bool:
    """Only needed messages from now on. False for a token that is not ours."""
    person = _person_of(token)
    if person is None:
        return False
    ContactPreference.objects.update_or_create(user=person, defaults={"only_needed": True})
    return True


def is_ours(token: str) -> bool:
    return _person_of(token) is not None


def _person_of(token: str) -> User | None:
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk).first()
