"""`python -m aims_gate`."""

import sys

from aims_gate.main import main

sys.exit(main())
