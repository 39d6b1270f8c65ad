"""Documents that cannot rot: generated pages, commands, links."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ctkg

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_generated_pages_have_not_drifted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "CTKG_LANG", "NO_COLOR"):
        monkeypatch.setenv(name, "100")
    generated = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
    assert len(generated) >= 4
    drifted = [name for name, text in generated.items() if (ROOT / "docs" / name).read_text(encoding="utf-8") != text]
    assert drifted == [], "run: python docs/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)<>\s]+)\)", text)]
    assert [t for t in targets if t and "://" not in t and not (page.parent / t).exists()] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    command = next(line for line in README.splitlines() if ".venv/bin/pytest" in line and "pip install" in line)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def tour() -> list[str]:
    block = README.partition("## A tour in five minutes")[2].partition("```sh")[2].partition("```")[0]
    return [line.partition("#")[0].strip() for line in block.splitlines() if line.startswith("ctkg ")]


def test_the_tour_has_stops() -> None:
    assert len(tour()) > 8


@pytest.mark.parametrize("line", tour())
def test_every_command_of_the_tour_works(ctkg: Ctkg, line: str) -> None:
    import shlex

    words = shlex.split(line.partition(">")[0])
    done = ctkg(*words[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout or "validate" in words


def test_the_python_of_the_readme_works(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas", reason="pandas is an extra")
    code = README.partition("```python")[2].partition("```")[0]
    exec(code, {})  # noqa: S102
    assert "阿里巴巴" in capsys.readouterr().out


def test_every_command_and_query_is_in_the_documents(ctkg: Ctkg) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    names = [line.split("\t")[0] for line in ctkg("query").stdout.splitlines()]
    assert names
    assert [name for name in names if f"### {name}\n" not in text] == []


def test_turtle_in_contributing_is_valid(tmp_path: Path) -> None:
    from ctkg.turtle import parse
    from tests.conftest import write

    blocks = re.findall(r"```turtle\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    assert all(parse(write(tmp_path / f"{n}.ttl", re.sub(r"(?m)^   ", "", block))) for n, block in enumerate(blocks))


def test_nothing_names_a_machine_or_a_registry() -> None:
    pattern = re.compile(r"/(work|tmp|root|farm)/[a-z]|pypi\.org|pythonhosted|registry\.npmjs|deb\.debian")
    named = [
        page.relative_to(ROOT).as_posix()
        for folder in ("docs", "src", "data", "ontology", "queries", ".ci", "bench")
        for page in (ROOT / folder).rglob("*")
        if page.is_file()
        and page.suffix in {".md", ".py", ".ttl", ".rq", ""}
        and pattern.search(page.read_text(encoding="utf-8"))
    ]
    assert named == []
