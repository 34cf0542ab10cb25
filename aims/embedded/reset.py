"""`make demo-reset`: drop the demo's database, files and key. Real data are another database and stay."""

import shutil
import sys

from aims.embedded.installation import Installation, only_one
from aims.embedded.places import Unable, places
from aims.embedded.postgres import Postgres
from aims.supervisor import DEMO, var_directory


def reset() -> str:
    """Answers what was done. Refused while AIMS runs here."""
    where = places(var_directory())
    where.make()
    with only_one(where.var):
        if not (where.services / "postgres").exists():
            return "There is no demo here yet; `make run` makes one."
        database = Postgres(where, Installation.load(where.var).passwords)
        try:
            database.start()
            database.drop_database(DEMO)
        finally:
            database.stop()
        shutil.rmtree(where.var / "files" / DEMO, ignore_errors=True)
        shutil.rmtree(where.var / "keys" / DEMO, ignore_errors=True)
    return "The demo is gone; the next `make run` makes a new one."


if __name__ == "__main__":
    try:
        print(reset())  # noqa: T201
    except Unable as error:
        sys.exit(str(error))
