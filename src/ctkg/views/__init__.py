"""Graph views: a stored query of edges (``queries/views/*.rq``) → `EdgeTable`."""

from ctkg.results.edges import EdgeTable, Node
from ctkg.views.run import Narrowing, view

__all__ = ["EdgeTable", "Narrowing", "Node", "view"]
