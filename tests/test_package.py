"""The wheel carries ontology, data and queries, and behaves like a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ctkg


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)],
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_file_that_a_run_reads(wheel: Path) -> None:
    packed = {name.removeprefix("ctkg/resources/") for name in zipfile.ZipFile(wheel).namelist()}
    here = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ontology", "data", "queries")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert len(here) > 300
    templates = {f"ctkg/http/templates/{path.name}" for path in (ROOT / "src/ctkg/http/templates").iterdir()}
    assert len(templates) > 5
    assert sorted((here | templates) - packed) == []


def test_an_installed_wheel_answers_as_a_checkout_does(wheel: Path, tmp_path: Path, ctkg: Ctkg) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    words = ["query", "investors-of", "--investee", "moonshot-ai", "--format", "json"]
    environment = {**os.environ, "CTKG_CACHE": str(tmp_path / "cache")}
    installed = subprocess.run(
        [tmp_path / "venv" / "bin" / "ctkg", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert installed.stdout == ctkg(*words).stdout
