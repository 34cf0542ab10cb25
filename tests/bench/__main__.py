"""Make the bench's own database, measure, print a table, write var/bench.json."""

import argparse
import json
import os
import time
from pathlib import Path

import environ
import psycopg
from psycopg import sql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("AIMS_KIND", "test")
os.environ["LOG_LEVEL"] = "WARNING"


def own_database(fresh: bool) -> bool:
    """Point DATABASE_URL at the bench's database. Answers whether it was made now."""
    url = os.environ["DATABASE_URL"]
    name = os.environ.get("AIMS_BENCH_DB", "aims_bench")
    at = environ.Env.db_url_config(url)
    reach = {"user": at["USER"], "password": at["PASSWORD"], "host": at["HOST"], "port": at["PORT"] or None}
    with psycopg.connect(dbname="postgres", autocommit=True, **reach) as outside:
        if fresh:
            outside.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        new = outside.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None
        if new:
            outside.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    address, _, query = url.partition("?")
    os.environ["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    return new


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", type=int, default=100_000, help="how many AI systems (default 100,000)")
    parser.add_argument("--risks", type=int, default=1_000_000, help="how many risks (default 1,000,000)")
    parser.add_argument("--keep", action="store_true", help="use the database that the last run left")
    parser.add_argument("--only", default="", help="names of the measures to run, by comma")
    parser.add_argument("--explain", action="store_true", help="print the plans of the lists")
    options = parser.parse_args()
    new = own_database(fresh=not options.keep)

    import django

    django.setup()

    from tests.bench import fill, measures, report, risks

    started = time.monotonic()
    if new:
        fill.migrate()
        fill.fill(options.systems)
        if options.risks:
            risks.fill_risks(options.risks)
        print(f"database made and filled in {time.monotonic() - started:.0f} s")
    rows = []
    print(report.HEAD)
    for row in measures.run(only={one for one in options.only.split(",") if one}, explain=options.explain):
        rows.append(row)
        print(report.line(row), flush=True)
    target = Path(os.environ.get("AIMS_BENCH_JSON", "var/bench.json"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report.document(rows), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
