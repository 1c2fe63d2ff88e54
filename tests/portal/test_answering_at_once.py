"""Several clicks on one button at the same moment: threads and transactions of their own."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.models import ActivityState, Attempt
from tests.factories import right_answer, wrong_answer


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answers", ["the same", "different"])
def test_clicks_at_the_same_moment_leave_one_answer_per_form(answers, learner, site):
    form, version = uuid.uuid4(), site.question.versions.get()
    start, statuses = threading.Barrier(6), []

    def click(number):
        try:
            browser = Client()
            browser.cookies = client_cookies
            data = (wrong_answer if answers == "different" and number % 2 else right_answer)(version)
            start.wait(timeout=30)
            response = browser.post(
                reverse("answer", args=[site.question.pk]), {"uuid": str(form), "version": version.pk, **data}
            )
            statuses.append(response.status_code)
        finally:
            connection.close()

    signed_in = Client()
    signed_in.force_login(learner)
    client_cookies = signed_in.cookies
    threads = [threading.Thread(target=click, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(statuses) == ([302] * 6 if answers == "the same" else [302] * 3 + [409] * 3)
    assert Attempt.objects.count() == 1
    assert list(ActivityState.objects.values_list("attempts_count", flat=True)) == [1]
