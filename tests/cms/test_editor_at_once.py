"""The editor saves by itself while somebody presses a button."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client

from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import as_posted
from tests.cms.made_pages import fresh, raw_body
from tests.cms.test_editor import edit, somebody

pytestmark = pytest.mark.django_db(transaction=True)


def until_somebody_waits():
    """Until another connection waits for this one. SQLite does not tell: its writers wait from their first statement on."""
    if connection.vendor == "sqlite":
        return
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    pytest.fail("nobody waits")


def test_saving_a_draft_by_itself_takes_no_page_offline_that_goes_live_meanwhile(tree, now):
    trainer = somebody(Role.TRAINER, now)
    page = made.make_lesson(tree.first, "Nieuw", made.reading(), live=False)
    browser = Client(headers={"accept": "application/json"})
    browser.force_login(trainer)
    form, statuses = as_posted(page, *raw_body(page)), []

    def save():
        try:
            statuses.append(browser.post(edit(page), form).status_code)
        finally:
            connection.close()

    saving = threading.Thread(target=save)
    with transaction.atomic():
        made.publish(fresh(page))
        saving.start()
        until_somebody_waits()
        assert statuses == []
    saving.join(timeout=60)
    assert statuses == [200]
    assert fresh(page).live
