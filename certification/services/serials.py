"""Numbers that a person can read out: one after another per organisation and year, without gaps or doubles."""

from django.db import connection, transaction

# The first of a year makes the row, and who comes second waits for it. No queryset adds one in a conflict.
TAKE = """
    INSERT INTO certification_serialcounter AS counter (organisation_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (organisation_id, year) DO UPDATE SET last = counter.last + 1
    RETURNING last
"""


@transaction.atomic(savepoint=False)  # part of the award's transaction: it stands or falls with it
def next_serial(*, organisation_id: int, year: int) -> int:
    """The next number. One query. The counter's row stays locked until the caller's transaction ends: rolled back, it was not taken.

    Everybody who issues for the same organisation waits for one another, for as long as writing an award takes.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [organisation_id, year])
        return cursor.fetchone()[0]
