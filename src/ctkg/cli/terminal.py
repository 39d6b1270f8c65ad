"""What only a terminal gets: progress bars, colours, tables that wrap."""

from __future__ import annotations

from types import TracebackType

from rich import box
from rich.console import Console
from rich.markup import escape as no_markup
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from ctkg.amounts import Money, Stake
from ctkg.messages import language, tr
from ctkg.results import Citation, Evidence, Resource, ResultTable, heading, words
from ctkg.results.formats import standing
from ctkg.visible import visible

__all__ = ["Bar", "print_citations", "print_rows", "print_table"]


class Bar:
    """A progress bar that a build reports to; it vanishes when the work is done."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        self._progress.update(self._tasks[step], completed=done, total=total)


def print_table(table: ResultTable, console: Console | None = None) -> None:
    """The answer as a table that fits the terminal, its sources below."""
    console = console or Console()
    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, row_styles=["", "dim"])
    for column in table.columns:
        right = column.type in ("integer", "decimal", "money", "stake")
        grid.add_column(heading(column), justify="right" if right else "left", overflow="fold")
    for row in table.rows:
        grid.add_row(*(_coloured(cell) for cell in row))
    console.print(f"[bold]{_escape(table.summary[language()])}[/]" + _parameters(table))
    console.print(grid)
    console.print(f"[dim]({tr('{count} rows', count=len(table.rows))}; {standing(table)})[/]")
    for note in table.notes:
        console.print(f"[dim]{_escape(note.line())}[/]", highlight=False)
    print_citations(console, table.citations)


def print_rows(headings: list[str], rows: list[list[str]]) -> None:
    """A plain grid of texts."""
    grid = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name in headings:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*(_escape(cell) for cell in row))
    Console().print(grid)


def print_citations(console: Console, citations: tuple[Citation, ...]) -> None:
    """The numbered list of sources; the addresses are links where the terminal knows links."""
    if not citations:
        return
    console.print(f"\n[bold]{tr('Sources')}[/]")
    for citation in citations:
        date = f", {citation.issued}" if citation.issued else ""
        console.print(
            f"[cyan]\\[{citation.number}][/] {_escape(citation.title)}. [dim]{_escape(citation.publisher)}{date}.[/] "
            f"[blue]{_escape(citation.url)}[/]",
            soft_wrap=True,
            highlight=False,
        )


def _escape(text: str) -> str:
    """The text as it stands, without a meaning for rich or for the terminal."""
    return no_markup(visible(text))


def _parameters(table: ResultTable) -> str:
    shown = [f"{name.replace('_', ' ')}: {words(cell, language())}" for name, cell in table.parameters.items() if cell]
    return f" [dim]({_escape('; '.join(shown))})[/]" if shown else ""


def _coloured(cell: object) -> str:
    if isinstance(cell, Evidence):
        return f"[cyan]{_escape(words(cell, language()))}[/]"
    if isinstance(cell, Money | Stake):
        return f"[green]{_escape(words(cell, language()))}[/]"
    if isinstance(cell, Resource) and cell.iri.endswith(("#Rumoured", "#Possible", "#Abandoned", "#Unwound")):
        return f"[yellow]{_escape(words(cell, language()))}[/]"
    if cell is True:
        return f"[yellow]{tr('yes')}[/]"
    return _escape(words(cell, language()))  # type: ignore[arg-type]
