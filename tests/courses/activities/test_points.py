"""Points in words: grammar, and numbers as people write them."""

import pytest
from django.utils import translation

from courses.activities import points


@pytest.mark.parametrize(
    ("language", "raw", "maximum", "said"),
    [
        ("nl", 1.0, 1.0, "1 van 1 punt"),
        ("nl", 0.0, 1.0, "0 van 1 punt"),
        ("nl", 1.0, 2.0, "1 van 2 punten"),
        ("nl", 0.5, 1.5, "0,5 van 1,5 punten"),
        ("en", 1.0, 1.0, "1 of 1 point"),
        ("en", 1.0, 1.5, "1 of 1.5 points"),
        ("en", 2.0, 3.0, "2 of 3 points"),
    ],
)
def test_one_point_is_one(language, raw, maximum, said):
    reported = {"nl": ", zoals het pakket meldt", "en": ", as the package reports"}[language]
    with translation.override(language):
        assert points.in_words(raw, maximum) == said
        assert points.as_reported(raw, maximum) == said + reported
