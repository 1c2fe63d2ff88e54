"""What a database held at one moment, to be put back later: writing it anew takes ten times as long."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction


@dataclass
class Rows:
    """The rows of every table that has a model. Empty until they are taken."""

    tables: dict[str, tuple[list[str], list[tuple]]] = field(default_factory=dict)

    def take(self) -> None:
        with connection.cursor() as cursor:
            for table in connection.introspection.django_table_names(only_existing=True):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                if rows := cursor.fetchall():
                    self.tables[table] = [column[0] for column in cursor.description], rows

    def put_back(self) -> None:
        """Into a database that was emptied, or that holds other rows in these tables."""
        # Foreign keys are looked at when the transaction ends, so the order of tables does not matter.
        quote = connection.ops.quote_name
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f"DELETE FROM {quote(table)}")
            for table, (columns, rows) in self.tables.items():
                places = ", ".join(["%s"] * len(columns))
                names = ", ".join(map(quote, columns))
                cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)
        ContentType.objects.clear_cache()
