"""ctkg: the open knowledge graph of China's AI ecosystem, each fact with its source and date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctkg.errors import (
        CtkgError,
        DataError,
        EndpointError,
        NotFound,
        QueryError,
        QueryRefused,
        SettingsError,
    )
    from ctkg.graph import KnowledgeGraph

__version__ = "0.1.0"

__all__ = [
    "CtkgError",
    "DataError",
    "EndpointError",
    "KnowledgeGraph",
    "NotFound",
    "QueryError",
    "QueryRefused",
    "SettingsError",
    "__version__",
]


def __getattr__(name: str) -> object:
    """Import on first use, so that a command pays only for what it needs."""
    if name == "KnowledgeGraph":
        from ctkg.graph import KnowledgeGraph

        return KnowledgeGraph
    if name in __all__:
        from ctkg import errors

        return getattr(errors, name)
    raise AttributeError(f"module 'ctkg' has no attribute {name!r}")
