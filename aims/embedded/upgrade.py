"""`make upgrade-database`: bring the embedded database's files over to the PostgreSQL of this version."""

import sys

from aims.embedded.installation import Installation, only_one
from aims.embedded.places import Unable, places
from aims.embedded.postgres import Postgres
from aims.supervisor import var_directory


def upgrade() -> str:
    """Answers what was done. Refused while AIMS runs here."""
    where = places(var_directory())
    where.make()
    with only_one(where.var):
        return Postgres(where, Installation.load(where.var).passwords).upgrade()


if __name__ == "__main__":
    try:
        print(upgrade())  # noqa: T201
    except (Unable, FileNotFoundError) as error:
        sys.exit(str(error))
