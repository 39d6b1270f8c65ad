"""The examples of docs/http.md, asked of a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SECTIONS = (
    "SPARQL", "Linked data", "Datasets and dumps", "Stored queries", "Views", "Search and reconciliation", "OpenAPI",
)  # fmt: skip
RUN = {
    "sh": ["bash", "-ec"],
    "python": [sys.executable, "-c"],
    "js": ["node", "--input-type=module", "-e"],
    "r": ["Rscript", "-e"],
}


def examples() -> list[tuple[str, str, str]]:
    """Section, language and code."""
    text = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^## (.+)$", text)
    return [
        (section, language, code)
        for section, body in zip(parts[1::2], parts[2::2], strict=True)
        if section in SECTIONS
        for language, code in re.findall(r"```(\w+)\n(.*?)```", body, re.DOTALL)
    ]


def test_every_section_has_examples() -> None:
    assert {section for section, _, _ in examples()} == set(SECTIONS)
    assert {language for _, language, _ in examples()} == set(RUN)


@pytest.mark.parametrize(("section", "language", "code"), examples())
def test_an_example_works(server: str, tmp_path: Path, section: str, language: str, code: str) -> None:
    command = RUN[language]
    if shutil.which(command[0]) is None or (language == "sh" and shutil.which("curl") is None):
        pytest.skip(f"{command[0]} is not installed")
    code = code.replace("curl ", "curl -fgsS ").replace("http://127.0.0.1:8000", server)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        [*command, code], capture_output=True, encoding="utf-8", timeout=60, cwd=tmp_path, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or any(tmp_path.iterdir())
