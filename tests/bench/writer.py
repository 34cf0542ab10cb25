"""`python -m tests.bench.writer NUMBER`: one of the writers of row E2. Prints its changes a second."""

import os
import sys
import time


def main() -> None:
    import django

    django.setup()

    from django.db import transaction

    from aims.trail import recording
    from inventory.models import AISystem

    number, seconds = int(sys.argv[1]), float(os.environ["BENCH_SECONDS"])
    rows = list(AISystem.objects.order_by("pk").only("pk", "purpose")[number * 500 : number * 500 + 500])
    done, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        row = rows[done % len(rows)]
        row.purpose = f"writer {number} {done}"
        verb = recording(None, "bench") if os.environ["BENCH_TRAIL"] else transaction.atomic()
        with verb:
            row.save(update_fields=["purpose"])
        done += 1
    print(done / (time.monotonic() - start))


if __name__ == "__main__":
    main()
