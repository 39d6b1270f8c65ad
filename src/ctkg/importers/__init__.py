"""Open datasets as layers of their own: one module per dataset, from its published file to canonical Turtle.

An importer is a function over the upstream rows that writes into a `Draft`; all
else is the same for every dataset: reading and refusing files (``upstream``),
one IRI per thing (``matches``, ``known``), rivals of what other datasets say
(``rivals``), what changed, and writing whole or not at all (``run``).
``docs/decisions/0009-layers.md`` says why it is so.
"""

from ctkg.importers.run import IMPORTERS, Summary, import_dataset

__all__ = ["IMPORTERS", "Summary", "import_dataset"]
