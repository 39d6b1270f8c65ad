"""Which datasets a view's statements stand in: each dataset is a named graph, described by a card."""

from __future__ import annotations

from ctkg.backend import Backend
from ctkg.names import labels_of
from ctkg.results.datasets import Dataset

__all__ = ["datasets_of"]


def datasets_of(backend: Backend, statements: set[str]) -> tuple[Dataset, ...]:
    """The datasets by IRI; none where a remote store has put all graphs into one."""
    if not statements:
        return ()
    values = " ".join(f"<{statement}>" for statement in sorted(statements))
    rows = backend.select(
        f"""SELECT DISTINCT ?dataset ?licence ?publisher ?citation {{
          {{ SELECT DISTINCT ?dataset {{
            VALUES ?statement {{ {values} }} GRAPH ?dataset {{ ?statement prov:wasDerivedFrom ?source }} }} }}
          ?dataset dcterms:license ?licence ; dcterms:publisher ?publisher
          OPTIONAL {{ ?dataset dcterms:bibliographicCitation ?citation }} }}
        ORDER BY ?dataset ?licence ?publisher ?citation"""
    )
    first = {dataset.value: (licence, publisher, citation) for dataset, licence, publisher, citation in reversed(rows)}
    labels = labels_of(backend, set(first))
    return tuple(
        Dataset(iri, labels.get(iri, {}), publisher.value, licence.value, citation.value if citation else "")
        for iri, (licence, publisher, citation) in sorted(first.items())
    )
