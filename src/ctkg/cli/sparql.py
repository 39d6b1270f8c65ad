"""``ctkg sparql``: ask any SPARQL query."""

from __future__ import annotations

import argparse
import sys

from pyoxigraph import QueryResultsFormat, RdfFormat, serialize

from ctkg.backend import Answer
from ctkg.cli.opening import ask
from ctkg.errors import CtkgError, QueryError
from ctkg.graph import KnowledgeGraph
from ctkg.messages import tr
from ctkg.namespaces import curie
from ctkg.results.cells import Term
from ctkg.results.formats import columns_of_text

EXAMPLES = """examples:
  ctkg sparql 'SELECT ?c ?l { ?c a ctkg:Company ; rdfs:label ?l } LIMIT 5'
  ctkg sparql 'ASK { actor:alibaba ctkg:investedIn actor:moonshot-ai }'
  ctkg sparql 'DESCRIBE actor:zhipu-ai' --format turtle
  ctkg sparql -f question.rq --format json > answer.srj
  echo 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }' | ctkg sparql

The prefixes of ctkg (ctkg: actor: model: deal: …) and of the common vocabularies
need no declaration. The default graph is the union of all graphs.
"""

_RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_GRAPHS = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
_FORMATS = ("table", *_RESULTS, *_GRAPHS)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="?", metavar="QUERY", help=tr("the query; without it, read from stdin"))
    parser.add_argument("-f", "--file", metavar="FILE", help=tr("read the query from a file"))
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        help=tr("default: a table for SELECT and ASK on a terminal, tsv in a pipe; turtle for graphs"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the answer; returns 0."""
    text = _text(arguments)
    ask(arguments, lambda kg: _answer(kg, text, arguments.format))
    return 0


def _text(arguments: argparse.Namespace) -> str:
    if arguments.query is not None and arguments.file is not None:
        raise QueryError(tr("a query and a file are given; give one of them"))
    if arguments.query is not None:
        return str(arguments.query)
    try:
        if arguments.file is not None and arguments.file != "-":
            with open(arguments.file, encoding="utf-8") as file:
                return file.read()
        if arguments.file is None and (sys.stdin is None or sys.stdin.isatty()):
            raise QueryError(tr("no query given"), "ctkg sparql --help")
        return sys.stdin.buffer.read().decode("utf-8")
    except OSError as error:
        raise QueryError(f"{arguments.file}: {tr('cannot be read: {reason}', reason=error.strerror)}") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"{arguments.file or 'stdin'}: {tr('not UTF-8: {reason}', reason=error)}") from error


def _answer(kg: KnowledgeGraph, text: str, format_: str | None) -> None:
    answer = kg.sparql(text)
    if answer.triples is not None:
        chosen = format_ or "turtle"
        if chosen not in _GRAPHS:
            raise _unfit(chosen, tuple(_GRAPHS))
        _write(answer, _GRAPHS[chosen])
        return
    chosen = format_ or ("table" if sys.stdout.isatty() else "tsv")
    if chosen in _GRAPHS:
        raise _unfit(chosen, ("table", *_RESULTS))
    if answer.holds is not None and chosen in ("table", "csv", "tsv"):
        print("true" if answer.holds else "false")
    elif chosen == "table":
        _print_table(answer)
    else:
        _write(answer, _RESULTS[chosen])


def _write(answer: Answer, format_: QueryResultsFormat | RdfFormat) -> None:
    sys.stdout.flush()
    try:
        if isinstance(format_, RdfFormat):
            serialize(answer.triples or (), sys.stdout.buffer, format_)
        else:
            answer.native.serialize(sys.stdout.buffer, format_)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError) as error:  # too late to ask again: part of the answer is out
        raise CtkgError(
            tr("the answer broke off: {reason}", reason=error), tr("run ctkg build and ask again")
        ) from error
    if format_ in (QueryResultsFormat.JSON, QueryResultsFormat.XML, RdfFormat.JSON_LD):
        print()


def _unfit(chosen: str, fit: tuple[str, ...]) -> QueryError:
    return QueryError(
        tr("{format} does not fit this form of query", format=chosen),
        tr("choose one of: {names}", names=", ".join(fit)),
    )


def _print_table(answer: Answer) -> None:
    headings = list(answer.variables)
    rows = [[_shown(term) for term in row] for row in answer.rows or ()]
    if sys.stdout.isatty():
        from ctkg.cli.terminal import print_rows

        print_rows(headings, rows)
        print(tr("({count} rows)", count=len(rows)))
        return
    for line in columns_of_text([headings, *rows]) if headings else []:
        print(line)


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    value = getattr(term, "value", None)
    if value is None or not hasattr(term, "datatype"):
        return curie(value) if value else str(term)
    return f"{value}@{term.language}" if term.language else value  # type: ignore[union-attr]
