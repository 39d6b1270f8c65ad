"""From statements to the sources they rest on."""

from __future__ import annotations

from ctkg.backend import Backend
from ctkg.messages import language
from ctkg.results import Citation

__all__ = ["cite"]


def cite(backend: Backend, statements: list[str]) -> tuple[tuple[Citation, ...], dict[str, tuple[int, ...]]]:
    """Number the sources of the statements in the order in which they are first needed.

    Returns the citations and, for each statement, the numbers of its own.
    """
    if not statements:
        return (), {}
    found = _sources(backend, statements)
    numbers: dict[str, int] = {}
    citations: list[Citation] = []
    of_statement: dict[str, tuple[int, ...]] = {}
    for statement in statements:
        for source, fields in sorted(found.get(statement, {}).items()):
            if source not in numbers:
                numbers[source] = len(numbers) + 1
                citations.append(
                    Citation(
                        numbers[source],
                        source,
                        _best(fields["title"]),
                        _best(fields["publisher"]),
                        _best(fields["url"]),
                        min(fields["issued"].values(), default=None),
                    )
                )
        of_statement[statement] = tuple(sorted(numbers[source] for source in found.get(statement, {})))
    return tuple(citations), of_statement


_Fields = dict[str, dict[str, str]]  # field → language → text


def _sources(backend: Backend, statements: list[str]) -> dict[str, dict[str, _Fields]]:
    values = " ".join(f"<{statement}>" for statement in dict.fromkeys(statements))
    rows = backend.select(
        f"""SELECT ?statement ?source ?title ?publisher ?url ?issued {{
          VALUES ?statement {{ {values} }}
          ?statement prov:wasDerivedFrom ?source .
          OPTIONAL {{ ?source dcterms:title ?title }}
          OPTIONAL {{ ?source dcterms:publisher ?publisher }}
          OPTIONAL {{ ?source schema:url ?url }}
          OPTIONAL {{ ?source dcterms:issued ?issued }} }}"""
    )
    found: dict[str, dict[str, _Fields]] = {}
    for statement, source, *terms in rows:
        sources = found.setdefault(statement.value, {})
        fields = sources.setdefault(source.value, {"title": {}, "publisher": {}, "url": {}, "issued": {}})
        for name, term in zip(fields, terms, strict=True):
            if term is not None:
                fields[name][getattr(term, "language", None) or ""] = term.value
    return found


def _best(texts: dict[str, str]) -> str:
    """The text in the user's language, else in any, else a dash."""
    return texts.get(language()) or next((text for _, text in sorted(texts.items())), "—")
