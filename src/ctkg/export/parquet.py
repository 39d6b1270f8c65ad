"""Parquet: the edges, and the nodes in a second file beside it."""

from __future__ import annotations

from ctkg.errors import SettingsError
from ctkg.export import Options
from ctkg.export.about import about
from ctkg.messages import tr
from ctkg.results.attributes import Attributes
from ctkg.results.edges import EdgeTable

__all__ = ["render"]


def render(table: EdgeTable, options: Options) -> dict[str, bytes]:
    """Two Parquet files; raises `SettingsError` where pyarrow is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise SettingsError(tr("{name} is not installed", name="pyarrow"), "pip install 'ctkg[parquet]'") from error

    types = {"string": "string", "integer": "int64", "double": "float64", "boolean": "bool"}
    told = {name.encode(): text.encode() for name, text in about(table).items()}

    def parquet(flat: Attributes) -> bytes:
        schema = pyarrow.schema([(name, types[type_]) for name, type_ in flat.types.items()], metadata=told)
        out = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(flat.rows, schema=schema), out)
        return bytes(out.getvalue().to_pybytes())

    return {"": parquet(table.edges_flat()), "-nodes": parquet(table.nodes_flat())}
