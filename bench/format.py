"""How long `ctkg format` takes for many small files, and how that compares with rdflib's longturtle.

    python bench/format.py [FILES]

Generates FILES files (5,000 unless told) shaped like our own into a temporary
folder, none of them in canonical form. Prints seconds and files per second of
the whole command: writing every file, finding nothing to do, and ``--check``.
The peer parses and serialises some of the same files; the ratio is per file and
holds where absolute times do not.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import rdflib

GOAL = 5.0
CTKG = "from ctkg.cli import run; run()"
PREFIXES = """\
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

# of company {n}
actor:company-{n} a ctkg:Company ; rdfs:label "公司{n}"@zh , "Company {n}"@en .
"""
STATEMENT = """
statement:company-{n}-{tail} a ctkg:Investment ;
    rdfs:comment "报道中的金额为整轮金额。"@zh , "The sum in reports is the round's."@en ; # as printed
    prov:wasDerivedFrom source:gazette-{n} ; ctkg:locator "third paragraph" ;
    ctkg:investor actor:company-{other} ; ctkg:investee actor:company-{n} ; ctkg:stage ctkg:Completed ;
    ctkg:date "20{year}-0{month}"^^xsd:gYearMonth ; ctkg:amount {amount}.50 ; ctkg:currency "USD" .
"""


def generate(folder: Path, files: int) -> list[Path]:
    """Files of one entity and two statements, some 35 lines each when formatted, as ours are."""
    chance = random.Random(7)  # noqa: S311
    paths = []
    for n in range(files):
        path = folder / f"{n // 500}" / f"company-{n}.ttl"
        path.parent.mkdir(exist_ok=True)
        statements = (
            STATEMENT.format(
                n=n, tail="".join(chance.choices("abcdefghij234567", k=6)), other=chance.randrange(files),
                year=chance.randrange(10, 27), month=chance.randrange(1, 10), amount=chance.randrange(10**9),
            )
            for _ in range(2)
        )  # fmt: skip
        path.write_text(PREFIXES.format(n=n) + "".join(statements), encoding="utf-8")
        paths.append(path)
    return paths


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run(
        [sys.executable, "-c", CTKG, "format", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip


def longturtle(paths: list[Path]) -> None:
    for path in paths:
        rdflib.Graph().parse(path, format="turtle").serialize(format="longturtle")


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as name:
        paths = generate(Path(name), files)
        sample = paths[:: max(1, files // 500)]
        peer = seconds(lambda: longturtle(sample)) / len(sample)
        took = {
            "write every file": seconds(command(name)),
            "nothing to do": seconds(command(name)),
            "--check": seconds(command("--check", name)),
        }
    for job, value in took.items():
        print(f"{job:<18} {value:6.2f} s  {files / value:7.0f} files/s  (wanted for 5,000: under {GOAL:.0f} s)")
    print(f"rdflib longturtle / write every file, per file  {peer * files / took['write every file']:6.1f}")


if __name__ == "__main__":
    main()
