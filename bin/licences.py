#!/usr/bin/env python3
"""Check that every locked package has a licence that lets AIMS be given away under Apache-2.0.

Read from the installed packages' own metadata. Weak copyleft (LGPL, MPL) is fine for a library that is used unchanged;
what only checks or tests the product may be under any free licence, since it is not given away with it.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
FINE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser|Unlicense|Zlib|HPND|CNRI|0BSD|CC0|OFL",
    re.IGNORECASE,
)
STRONG = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
# Read by hand where the metadata say too little, or offer a choice.
READ = {
    "fido2": "BSD-2-Clause, in its COPYING",
    "python-dateutil": "Apache-2.0 or BSD-3-Clause",
    "pyphen": "GPL-2.0+, LGPL-2.1+ or MPL-1.1, at our choice: LGPL",
    "amqp": "BSD-3-Clause",
    "vine": "BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
}


def locked(name: str) -> set[str]:
    return {found.lower().replace("_", "-") for found in NAME.findall((ROOT / name).read_text())}


def licence(package: Distribution) -> str:
    """The licence a package declares: its expression, else its classifiers, else its free text."""
    data: Any = package.metadata  # an e-mail message by trade
    kinds = [value.rsplit("::", 1)[-1] for value in data.get_all("Classifier") or [] if value.startswith("License")]
    return str(data.get("License-Expression") or "; ".join(kinds) or data.get("License") or "").strip()


def faults() -> list[str]:
    """One sentence for each package that may not be given away with AIMS."""
    found = []
    for name in sorted(locked("requirements.lock")):
        try:
            words = READ.get(name) or licence(distribution(name))
        except PackageNotFoundError:
            continue  # for another platform
        if name not in READ and (STRONG.search(words) or not FINE.search(words)):
            found.append(f"{name}: {words[:100] or 'no licence declared'}")
    return found


if __name__ == "__main__":
    bad = faults()
    sys.exit("\n".join(["Licences that need a look:", *bad]) if bad else None)
