"""Put the graph into a remote store through the SPARQL 1.1 Graph Store HTTP Protocol.

Each named graph replaces the one of its name, whole; other graphs of the store
are left alone. Bodies are N-Triples from the parsed files, so that literals
arrive as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import Request

from pyoxigraph import RdfFormat, Triple, serialize

from ctkg.build import Progress, assemble
from ctkg.catalog import open_catalog
from ctkg.endpoint import Endpoint
from ctkg.errors import EndpointError
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.settings import Settings

__all__ = ["Loaded", "load"]


class Loaded(NamedTuple):
    """One named graph that was put, or would be, into the store; ``replaced`` where it had one of that name."""

    graph: str
    triples: int
    replaced: bool


def load(settings: Settings, url: str, *, dry_run: bool = False, progress: Progress | None = None) -> Iterator[Loaded]:
    """Put every named graph into the store whose Graph Store address is ``url``; yields each when it is there.

    A dry run only asks which graphs are there. Raises `DataError` as the build
    does, `SettingsError` for an address that is none, `EndpointError` where the
    server refuses; the graphs yielded before are in place.
    """
    endpoint = Endpoint(url)
    graphs = assemble(open_catalog(settings), progress).graphs
    for done, (name, triples) in enumerate(graphs.items()):
        if progress is not None:
            progress(tr("loading"), done, len(graphs))
        distinct = set(triples)
        try:
            replaced = _has(endpoint, name) if dry_run else _put(endpoint, name, distinct)
        except EndpointError as error:
            raise _refused(error, name) from error
        yield Loaded(name, len(distinct), replaced)
    if progress is not None:
        progress(tr("loading"), len(graphs), len(graphs))


def _put(endpoint: Endpoint, graph: str, triples: Iterable[Triple]) -> bool:
    """Whether there was such a graph: a store answers 201 where it made a new one."""
    body = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    headers = {"Content-Type": "application/n-triples"}
    request = Request(_address(endpoint, graph), body, headers, method="PUT")  # noqa: S310 - the scheme is checked
    return endpoint.receive(endpoint.open(request)).status != 201


def _has(endpoint: Endpoint, graph: str) -> bool:
    headers = {"Accept": "application/n-triples, text/turtle;q=0.8"}
    request = Request(_address(endpoint, graph), headers=headers, method="HEAD")  # noqa: S310 - the scheme is checked
    try:
        endpoint.open(request).close()
    except EndpointError as error:
        if error.status == 404:
            return False
        raise
    return True


def _address(endpoint: Endpoint, graph: str) -> str:
    return f"{endpoint.url}{'&' if '?' in endpoint.url else '?'}graph={quote(graph, safe='')}"


def _refused(error: EndpointError, graph: str) -> EndpointError:
    hint = error.hint
    if error.status in (400, 404, 405):
        hint = tr("give the Graph Store address, such as {example}", example="http://localhost:7878/store")
    return EndpointError(f"{curie(graph)}: {error}", hint, status=error.status)
