"""Makes the test database once, and a copy for each process that tests: `python -m tools.test_databases gw0 gw1`.

Migrating takes every process half a minute of a whole core; copying takes none.
"""

import sys

import django
from django.db import connection


def main(suffixes: list[str]) -> None:
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()  # what is still in the journal would be in no copy
    for suffix in suffixes:
        connection.creation.clone_test_db(suffix, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
