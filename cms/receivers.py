"""The one permitted use of signals: a page comes, goes live, moves and leaves by many doors. One line each, to those who know."""

from typing import Any

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms import publishing, roles
from cms.models import CoursePage, HomePage, LessonPage, SessionPage


@receiver(post_save, sender=HomePage)
@receiver(post_save, sender=CoursePage)
def came(instance: HomePage | CoursePage, created: bool, **kwargs: Any) -> None:
    if created:
        roles.give_writers_their_page(instance)


@receiver(page_published)
def published(instance: Page, **kwargs: Any) -> None:
    publishing.publish(instance)


@receiver(page_unpublished)
def unpublished(instance: Page, **kwargs: Any) -> None:
    publishing.withdraw(instance)


@receiver(post_page_move)
def moved(instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs: Any) -> None:
    publishing.move(instance, parent_page_before, parent_page_after)


@receiver(pre_delete, sender=LessonPage)
@receiver(pre_delete, sender=SessionPage)
@receiver(pre_delete, sender=CoursePage)
def deleted(instance: Page, **kwargs: Any) -> None:
    publishing.withdraw(instance)
