"""Draw a sample of AIMS again: python redraw.py POPULATION.csv SEED SIZE (algorithm aims-sample-1, standard library)."""

import csv
import hashlib
import hmac
import sys
from pathlib import Path

name, seed, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
text = Path(name).read_text(encoding="utf-8-sig")
rows = sorted((row["reference"], row["stratum"]) for row in csv.DictReader(text.splitlines()))
digest = hashlib.sha256("".join(f"{ref}\t{stratum}\n" for ref, stratum in rows).encode()).hexdigest()
strata: dict[str, list[tuple[str, str]]] = {}
for ref, stratum in rows:
    mark = hmac.new(seed.encode(), f"{digest}\n{ref}".encode(), hashlib.sha256).hexdigest()
    strata.setdefault(stratum, []).append((mark, ref))
share = {one: size * len(found) // len(rows) for one, found in strata.items()}
for one in sorted(strata, key=lambda one: (-(size * len(strata[one]) % len(rows)), one))[: size - sum(share.values())]:
    share[one] += 1
drawn = [f"{ref}\t{one}\n" for one in sorted(strata) for _mark, ref in sorted(strata[one])[: share[one]]]
sys.stdout.write(f"population\t{len(rows)}\t{digest}\n" + "".join(drawn))
