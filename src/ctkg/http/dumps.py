"""``/dumps/``: the whole data to take away, literals as the files write them.

N-Triples are at hand; the other forms are made of them on the way out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize

from ctkg.errors import NotFound, nearest
from ctkg.http.datasets import published
from ctkg.http.exchange import Pushed, Reply, Request, Writer, reply
from ctkg.http.rendering import page
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
        return reply(request, page(request, "dumps.html", files=files))
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
    asked = request.method != "HEAD"
    return Pushed(request, lambda out: asked and produce(site, name, out), headers=headers)


def _n_triples(site: Site, name: str, out: Writer) -> None:
    content = site.dumps.content[name]
    for start in range(0, len(content), _PIECE):
        out.write(content[start : start + _PIECE])


def _turtle(site: Site, name: str, out: Writer) -> None:
    _rewritten(io.BytesIO(site.dumps.content[name][:]), RdfFormat.N_TRIPLES, out)


def _n_quads(site: Site, name: str, out: Writer) -> None:
    for piece in _quads(site):
        out.write(piece)


def _trig(site: Site, name: str, out: Writer) -> None:
    for graph in site.dumps.content:
        _rewritten(io.BytesIO(b"".join(_quads(site, graph))), RdfFormat.N_QUADS, out)


def _quads(site: Site, *names: str) -> Iterator[bytes]:
    """N-Quads; a line's end is found by its bytes alone, since literals hold no line ends."""
    for name in names or site.dumps.content:
        content = site.dumps.content[name]
        end = f" <{site.dumps.graph(name)}> .\n".encode()
        start = 0
        while start < len(content):
            stop = content.find(b"\n", start + _PIECE) + 1 or len(content)
            yield content[start:stop].replace(b" .\n", end)
            start = stop


def _rewritten(lines: io.BytesIO, format_: RdfFormat, out: Writer) -> None:
    """The same as TriG, of which Turtle is the part without names of graphs; no triple passes through Python."""
    serialize(parse(lines, format=format_), _Pieces(out), RdfFormat.TRIG, prefixes=PREFIXES)


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
