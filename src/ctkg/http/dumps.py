"""``/dumps/``: the whole data to take away, literals as the files write them.

N-Triples are at hand; the other forms are made of them on the way out.
"""

from __future__ import annotations

import io
import json
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from ctkg.errors import NotFound, nearest
from ctkg.http.datasets import published
from ctkg.http.exchange import Pushed, Reply, Request, Writer, reply
from ctkg.http.pages import render
from ctkg.http.site import Site
from ctkg.messages import tr
from ctkg.namespaces import PREFIXES
from ctkg.publish import GRAPH_FORMS, WHOLE_FORMS

__all__ = ["dump", "dump_index"]

_PIECE = 1 << 16
_ALL_FORMS = {**GRAPH_FORMS, **WHOLE_FORMS}


def dump_index(site: Site, request: Request) -> Reply:
    """Every file with media type, triples, size where it is known, and licence."""
    files: list[dict[str, Any]] = [
        {
            "name": name,
            "media_type": _ALL_FORMS[name.rpartition(".")[2]],
            "graph": part.iri,
            "triples": part.counts.triples,
            "bytes": size,
            "licences": list(part.licences),
        }
        for part in published(site)
        for name, size in part.sizes.items()
    ]
    key = request.choose({"json": "application/json", "html": "text/html"})
    if key == "html":
        return reply(request, render(request, "dumps.html", files=files))
    for file in files:
        file["url"] = f"{request.root_url}dumps/{file['name']}"
    document = {"data_date": site.kg.data_date, "files": files}
    return reply(request, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def dump(site: Site, request: Request, file: str) -> Reply:
    """One file, written while it is made."""
    names = [name for part in published(site) for name in part.sizes]
    if file not in names:
        near = nearest(file, names) or names
        raise NotFound(tr("no dump is called {name!r}", name=file), tr("did you mean: {names}", names=", ".join(near)))
    name, _, ending = file.rpartition(".")
    request.choose({ending: _ALL_FORMS[ending]}, ending)
    produce = {"nt": _n_triples, "ttl": _turtle, "nq": _n_quads, "trig": _trig}[ending]
    headers = [("Content-Disposition", f'attachment; filename="{file}"')]
    return Pushed(request, lambda out: produce(site, name, out), headers=headers)


def _n_triples(site: Site, name: str, out: Writer) -> None:
    content = site.dumps.content[name]
    for start in range(0, len(content), _PIECE):
        out.write(content[start : start + _PIECE])


def _turtle(site: Site, name: str, out: Writer) -> None:
    triples = (quad.triple for quad in _parsed(site, name))
    serialize(triples, _Pieces(out), RdfFormat.TURTLE, prefixes=PREFIXES)


def _n_quads(site: Site, name: str, out: Writer) -> None:
    for graph, content in site.dumps.content.items():
        end = f" <{site.dumps.graph(graph)}> .\n".encode()
        lines = io.BytesIO(content[:])
        while piece := lines.readlines(_PIECE):
            out.write(b"".join(line[:-3] + end for line in piece))


def _trig(site: Site, name: str, out: Writer) -> None:
    quads = (
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for part in site.dumps.content
        for graph in [NamedNode(site.dumps.graph(part))]
        for quad in _parsed(site, part)
    )
    serialize(quads, _Pieces(out), RdfFormat.TRIG, prefixes=PREFIXES)


def _parsed(site: Site, name: str) -> Any:
    return parse(io.BytesIO(site.dumps.content[name][:]), format=RdfFormat.N_TRIPLES)


class _Pieces(io.BytesIO):
    """Gathers what is written in crumbs."""

    def __init__(self, out: Writer) -> None:
        super().__init__()
        self._out = out

    def write(self, data: Any) -> int:
        size = super().write(data)
        if self.tell() >= _PIECE:
            self.flush()
        return size

    def flush(self) -> None:
        self._out.write(self.getvalue())
        self.seek(0)
        self.truncate()
