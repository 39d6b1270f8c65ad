"""How an error is told."""

from __future__ import annotations

import sys

from ctkg.errors import CtkgError
from ctkg.messages import tr
from ctkg.visible import visible

__all__ = ["complain"]


def complain(error: CtkgError) -> None:
    """Print ``error:`` and ``hint:`` to stderr; a query's line and the pointer below it stay lines of their own."""
    print(f"{tr('error')}: " + "\n".join(map(visible, str(error).split("\n"))), file=sys.stderr)
    if error.hint:
        print(f"{tr('hint')}: {visible(error.hint)}", file=sys.stderr)
