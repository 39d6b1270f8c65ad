"""What runs the checks for people: the hooks for pre-commit, the example workflow, the SARIF that code hosts read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from ctkg.formatting import format_file
from tests.conftest import DEAL, ROOT, write

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / "docs" / "contributing" / "github-actions.yml").read_text(encoding="utf-8"))


@pytest.fixture
def checkout(data: Path) -> Path:
    """A repository with a data folder, as somebody else's would be."""
    for path in data.rglob("*.ttl"):
        format_file(path)
    (data.parent / ".git").mkdir()
    return data.parent


def run(command: str, *files: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``ctkg`` is the one under test."""
    ctkg = f"{sys.executable} -c 'from ctkg.cli import run; run()'"
    words = " ".join(f"'{file}'" for file in files)
    return subprocess.run(
        ["bash", "-c", f"{re.sub(r'^ctkg', lambda _: ctkg, command)} {words}"],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )


def names(checkout: Path) -> list[str]:
    """The files as git and pre-commit name them."""
    return sorted(path.relative_to(checkout).as_posix() for path in checkout.rglob("*.ttl"))


def spoil(checkout: Path, *, shape: bool) -> Path:
    text = DEAL.replace("    ctkg:investor actor:zeta ;\n", "") if shape else DEAL.replace(" ;", "  ;")
    path = write(checkout / "data" / "curated" / "capital" / "acme.ttl", text)
    if shape:
        format_file(path)
    return path


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_takes_file_names_and_passes_good_files(checkout: Path, hook: dict[str, Any]) -> None:
    assert all(re.search(hook["files"], name) for name in names(checkout))
    done = run(hook["entry"], *names(checkout), cwd=checkout)
    assert done.returncode == 0, done.stderr


def test_the_hooks_find_what_they_are_for(checkout: Path) -> None:
    entries = {hook["id"]: hook["entry"] for hook in HOOKS}
    file = "data/curated/capital/acme.ttl"
    path = spoil(checkout, shape=False)
    before = path.read_bytes()
    run(entries["ctkg-format"], file, cwd=checkout)
    assert path.read_bytes() != before  # pre-commit fails a hook that changes a file
    spoil(checkout, shape=True)
    done = run(entries["ctkg-validate"], file, cwd=checkout)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{file}:")


def test_pre_commit_itself_accepts_the_hooks() -> None:
    found = shutil.which("pre-commit") or str(Path(sys.executable).with_name("pre-commit"))
    if not Path(found).exists():
        pytest.skip("pre-commit is not installed: pip install pre-commit")
    done = subprocess.run(
        [found, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_command_of_the_workflow_works(checkout: Path) -> None:
    lines = [step["run"] for step in WORKFLOW["jobs"]["check"]["steps"] if "run" in step]
    ours = [line for line in lines if line.startswith("ctkg ")]
    assert [line for line in lines if line not in ours] == ["pip install ."]
    assert len(ours) == 2
    for line in ours:
        assert run(line, cwd=checkout).returncode == 0, line
    uploaded = [
        step["with"]["sarif_file"]
        for step in WORKFLOW["jobs"]["check"]["steps"]
        if "with" in step and "sarif_file" in step["with"]
    ]
    assert [json.loads((checkout / name).read_text(encoding="utf-8"))["version"] for name in uploaded] == ["2.1.0"]


@pytest.mark.parametrize("folder", [".", "data/curated"])
def test_sarif_has_what_code_hosts_need(checkout: Path, folder: str) -> None:
    """The essentials of SARIF 2.1.0: also from a subfolder the addresses start at the repository's root."""
    spoil(checkout, shape=True)
    write(checkout / "data" / "curated" / "actors" / "zeta one.ttl", "actor:zeta a ctkg:Company .")
    write(checkout / "data" / "curated" / "actors" / "bad.ttl", "actor:bad a ctkg:Company")
    done = run("ctkg validate --format sarif", cwd=checkout / folder)
    document = json.loads(done.stdout)
    assert set(document) == {"$schema", "version", "runs"}
    (found,) = document["runs"]
    driver = found["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")), rule
        assert "{?" not in rule["fullDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
    assert {"syntax", "layout", "shape:Investment-investor"} <= set(ids)
    assert {result["ruleId"] for result in found["results"]} == set(ids)
    for result in found["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        uri = place["artifactLocation"]["uri"]
        assert uri.isascii()
        assert " " not in uri
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert (checkout / unquote(uri)).is_file(), uri


def test_a_sarif_rule_is_described_without_what_one_finding_says(checkout: Path) -> None:
    write(
        checkout / "data" / "curated" / "capital" / "acme.ttl",
        DEAL.replace("ctkg:investor actor:zeta", "ctkg:investor actor:nobody"),
    )
    found = json.loads(run("ctkg validate --format sarif", cwd=checkout).stdout)["runs"][0]
    texts = [rule["fullDescription"]["text"] for rule in found["tool"]["driver"]["rules"]]
    assert any("nobody" in result["message"]["text"] for result in found["results"])
    assert [text for text in texts if "nobody" in text] == []
