"""The graph as a plain in-memory rdflib dataset, from the files rather than from the store.

The store rewrites literals (``0.10`` to ``0.1``); what leaves ctkg keeps them as written.
"""

from __future__ import annotations

import rdflib
from pyoxigraph import Literal, NamedNode

from ctkg.build import Progress, assemble
from ctkg.catalog import open_catalog
from ctkg.namespaces import PREFIXES
from ctkg.results.cells import Term
from ctkg.settings import Settings

__all__ = ["rdflib_dataset", "to_rdflib"]


def rdflib_dataset(settings: Settings, progress: Progress | None = None) -> rdflib.Dataset:
    """Data, ontology and derived graph, each a named graph; the default graph is their union.

    Raises `DataError` as the build does.
    """
    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    for name, triples in assemble(open_catalog(settings), progress).graphs.items():
        graph = dataset.graph(rdflib.URIRef(name))
        for triple in triples:
            graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return dataset


def to_rdflib(term: Term) -> rdflib.term.Node:
    """The rdflib term for a pyoxigraph term; plain strings stay plain."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return rdflib.Literal(term.value)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    return rdflib.BNode(term.value)  # type: ignore[union-attr]
