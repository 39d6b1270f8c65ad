"""The edges of a graph view, with all that is said of their ends: the value that exports and analyses work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ctkg.errors import SettingsError
from ctkg.messages import tr
from ctkg.results.attributes import Attributes, edge_attributes, node_attributes
from ctkg.results.cells import Cell, Column
from ctkg.results.datasets import Dataset
from ctkg.results.nodes import Node
from ctkg.results.table import Citation

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas

__all__ = ["EdgeTable", "Node"]


class EdgeTable(NamedTuple):
    """A graph view: edges as rows of typed cells, nodes by IRI, the sources that the edges rest on.

    Each edge is a named tuple whose fields are ``columns``; the first two,
    ``source`` and ``target``, are resources. Where ``directed`` is false their
    order says nothing. ``as_of`` and ``known_at`` are days. ``datasets`` are those
    that the edges' statements stand in, as far as the store tells.
    """

    view: str
    summary: dict[str, str]
    directed: bool
    parameters: dict[str, Cell]
    as_of: str | None
    known_at: str | None
    columns: tuple[Column, ...]
    edges: tuple[Any, ...]
    nodes: dict[str, Node]
    citations: tuple[Citation, ...]
    datasets: tuple[Dataset, ...] = ()

    def with_edges(self, edges: tuple[Any, ...], columns: tuple[Column, ...] | None = None) -> EdgeTable:
        """The same view with these edges only: the nodes that they join, and their sources numbered anew."""
        ends = {end.iri for edge in edges for end in (edge.source, edge.target)}
        used = sorted({number for edge in edges for number in edge.evidence.citations})
        anew = {number: place for place, number in enumerate(used, 1)}
        kept = tuple(
            edge._replace(evidence=edge.evidence._replace(citations=tuple(anew[n] for n in edge.evidence.citations)))
            for edge in edges
        )
        return self._replace(
            columns=columns or self.columns,
            edges=kept,
            nodes={iri: node for iri, node in self.nodes.items() if iri in ends},
            citations=tuple(self.citations[number - 1]._replace(number=anew[number]) for number in used),
        )

    def nodes_flat(self) -> Attributes:
        """One row a node: ``id`` and the attributes, each of one plain type; what is not known is ``None``."""
        return node_attributes(self.nodes.values())

    def edges_flat(self) -> Attributes:
        """One row an edge: ``source``, ``target`` and the attributes, each of one plain type."""
        return edge_attributes(self.view, self.columns, self.edges, self.citations)

    def to_networkx(self) -> networkx.MultiDiGraph[str] | networkx.MultiGraph[str]:
        """A networkx ``MultiDiGraph`` (``MultiGraph`` where edges have no direction); nodes are IRIs.

        Attributes are text, int, float or bool; what is not known is left out.
        """
        import networkx

        graph = networkx.MultiDiGraph() if self.directed else networkx.MultiGraph()
        graph.graph.update(view=self.view, as_of=self.as_of or "", known_at=self.known_at or "")
        for row in self.nodes_flat().rows:
            graph.add_node(row["id"], **_known(row, "id"))
        for row in self.edges_flat().rows:
            graph.add_edge(row["source"], row["target"], **_known(row, "source", "target"))
        return graph

    def to_igraph(self) -> igraph.Graph:
        """An igraph ``Graph``; the vertex attribute ``name`` holds the IRI, what is not known is ``None``.

        Raises `SettingsError` where igraph is not installed (``pip install 'ctkg[graph]'``).
        """
        try:
            import igraph
        except ImportError as error:
            raise SettingsError(tr("{name} is not installed", name="igraph"), "pip install 'ctkg[graph]'") from error

        nodes, edges = self.nodes_flat(), self.edges_flat()
        place = {row["id"]: n for n, row in enumerate(nodes.rows)}
        graph = igraph.Graph(
            len(place), [(place[row["source"]], place[row["target"]]) for row in edges.rows], directed=self.directed
        )
        graph["view"], graph["as_of"], graph["known_at"] = self.view, self.as_of or "", self.known_at or ""
        for name in nodes.types:
            graph.vs["name" if name == "id" else name] = [row[name] for row in nodes.rows]
        for name in edges.types:
            if name not in ("source", "target"):
                graph.es[name] = [row[name] for row in edges.rows]
        return graph

    def to_pandas(self) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        """Two DataFrames, edges and nodes, with the same columns as the CSV export.

        Raises `SettingsError` where pandas is not installed (``pip install 'ctkg[pandas]'``).
        """
        try:
            import pandas
        except ImportError as error:
            raise SettingsError(tr("{name} is not installed", name="pandas"), "pip install 'ctkg[pandas]'") from error

        kinds = {"string": "string", "integer": "Int64", "double": "Float64", "boolean": "boolean"}

        def frame(flat: Attributes) -> pandas.DataFrame:
            return pandas.DataFrame(
                {
                    name: pandas.Series([row[name] for row in flat.rows], dtype=kinds[type_])
                    for name, type_ in flat.types.items()
                }
            )

        return frame(self.edges_flat()), frame(self.nodes_flat())


def _known(row: dict[str, Any], *but: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and name not in but}
