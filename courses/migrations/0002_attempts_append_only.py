"""Attempts can be added, and nothing else: enforced by the database, whoever asks.

Deleting is possible only for an enrolment with an erasure order that is not yet executed. SQLite drops triggers when it
remakes a table: a migration that alters `courses_attempt` has to run `install` again, and a test watches over that.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER IF NOT EXISTS courses_attempt_no_update BEFORE UPDATE ON courses_attempt
    BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS courses_attempt_no_delete BEFORE DELETE ON courses_attempt
    WHEN NOT EXISTS (
        SELECT 1 FROM courses_erasureorder o WHERE o.enrolment_id = OLD.enrolment_id AND o.executed_at IS NULL
    )
    BEGIN SELECT RAISE(ABORT, 'attempts are append-only'); END
    """,
]
POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION courses_attempt_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS (
            SELECT 1 FROM courses_erasureorder o WHERE o.enrolment_id = OLD.enrolment_id AND o.executed_at IS NULL
        ) THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT 1 FROM courses_attempt) THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'attempts are append-only';
    END $$
    """,
    "DROP TRIGGER IF EXISTS courses_attempt_append_only ON courses_attempt",
    """
    CREATE TRIGGER courses_attempt_append_only BEFORE UPDATE OR DELETE ON courses_attempt
    FOR EACH ROW EXECUTE FUNCTION courses_attempt_guard()
    """,
    "DROP TRIGGER IF EXISTS courses_attempt_no_truncate ON courses_attempt",
    """
    CREATE TRIGGER courses_attempt_no_truncate BEFORE TRUNCATE ON courses_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION courses_attempt_guard()
    """,
]


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS courses_attempt_no_update")
        schema_editor.execute("DROP TRIGGER IF EXISTS courses_attempt_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS courses_attempt_append_only ON courses_attempt")
        schema_editor.execute("DROP TRIGGER IF EXISTS courses_attempt_no_truncate ON courses_attempt")
        schema_editor.execute("DROP FUNCTION IF EXISTS courses_attempt_guard()")


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
