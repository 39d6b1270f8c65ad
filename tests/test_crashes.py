"""Disks that are full or read-only, processes that are killed or race, caches that are not ours: then all is right again."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Ctkg, in_process

ROOT_ON_LINUX = sys.platform == "linux" and os.geteuid() == 0
CTKG = [sys.executable, "-c", "from ctkg.cli import run; run()"]
AMOUNTS = "SELECT ?a { ?s ctkg:amount ?a } ORDER BY ?a"


def assert_answers(data: Path, cache: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTKG_CACHE", str(cache))
        code, out, errors = in_process("sparql", AMOUNTS, "--data", str(data))
    assert (code, out.split()[1:]) == (0, ["5000000", "9000000"]), errors


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = ROOT_ON_LINUX and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], check=False, capture_output=True
    ).returncode  # fmt: skip
    if not mounted:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 512)


def read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_on_a_full_disk_says_so_and_leaves_nothing(ctkg: Ctkg, data: Path, disk: Path) -> None:
    for _ in range(2):
        done = ctkg("build", "--data", str(data), CTKG_CACHE=str(disk / "cache"))
        assert (done.returncode, done.stdout) == (3, "")
        assert "No space left" in done.stderr
        assert "make room there, or choose another folder with CTKG_CACHE" in done.stderr
        assert [path for path in files(disk) if path.parent.name != "seen"] == []
    assert_answers(data, disk.parent / "elsewhere")


def test_formatting_on_a_full_disk_leaves_every_file_as_it_was(ctkg: Ctkg, data: Path, disk: Path) -> None:
    shutil.copytree(data, disk / "data")
    fill(disk)
    before = files(disk)
    done = ctkg("format", "--data", str(disk / "data"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be written: No space left" in done.stderr
    assert "make room" in done.stderr
    assert files(disk) == before
    assert_answers(disk / "data", disk.parent / "cache")


def test_data_that_may_only_be_read_is_read_and_not_formatted(ctkg: Ctkg, data: Path, disk: Path) -> None:
    shutil.copytree(data, disk / "data")
    read_only(disk)
    assert_answers(disk / "data", disk.parent / "cache")
    assert ctkg("validate", "--data", str(disk / "data")).returncode == 0
    done = ctkg("format", "--data", str(disk / "data"))
    assert done.returncode == 3
    assert "cannot be written: Read-only" in done.stderr
    assert "give yourself the right to write" in done.stderr


def test_a_cache_that_may_only_be_read_says_how_to_choose_another(ctkg: Ctkg, data: Path, disk: Path) -> None:
    read_only(disk)
    done = ctkg("query", "timeline", "--data", str(data), CTKG_CACHE=str(disk / "cache"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "hint: choose another with CTKG_CACHE" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "words", [("show", "acme"), ("sparql", "SELECT * { ?s ?p ?o }"), ("query", "timeline", "--format", "json")]
)
def test_an_answer_that_finds_no_room_is_an_error(data: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*CTKG, *words, "--data", str(data)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert done.stderr.startswith("error: the answer broke off: ")
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_breaks_no_command(data: Path, closed: str) -> None:
    for words in ("show acme", "show nobody", "sparql"):
        line = f'"$0" -c \'from ctkg.cli import run; run()\' {words} --data "$1" {closed}'
        done = subprocess.run(
            ["bash", "-c", line, sys.executable, str(data)], capture_output=True, text=True, input="", check=False
        )
        assert done.returncode == (0 if words == "show acme" else 2)
        assert "Traceback" not in done.stderr


def test_a_build_killed_at_any_moment_is_followed_by_a_right_answer(data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    chance = random.Random(7)  # noqa: S311
    start = time.monotonic()
    subprocess.run(
        [*CTKG, "build", "--data", str(data)], env={**os.environ, "CTKG_CACHE": str(tmp_path / "measured")}, check=True
    )
    whole = time.monotonic() - start
    for _ in range(8):
        process = subprocess.Popen(
            [*CTKG, "build", "--data", str(data)],
            env={**os.environ, "CTKG_CACHE": str(cache)},
            stdout=subprocess.DEVNULL,
        )
        time.sleep(whole * (0.3 + 0.7 * chance.random()))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for snapshot in cache.glob("*/meta.json"):
            assert snapshot.parent.name.startswith(".") or (snapshot.parent / "queries.json").stat().st_size > 1000
    assert_answers(data, cache)
    assert len([path for path in cache.iterdir() if not path.name.startswith(".") and path.name != "seen"]) == 1


def test_ten_builds_at_once_all_answer_and_leave_one_snapshot(data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    racing = [
        subprocess.Popen(
            [*CTKG, "sparql", AMOUNTS, "--data", str(data)], env={**os.environ, "CTKG_CACHE": str(cache)}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(10)
    ]  # fmt: skip
    for process in racing:
        out, errors = process.communicate(timeout=120)
        assert (process.returncode, out.split()[1:]) == (0, ["5000000", "9000000"]), errors
    assert len(list(cache.glob("*/meta.json"))) == 1
    assert [path.name for path in cache.iterdir() if path.name.startswith(".")] == []


def snapshot(cache: Path) -> Path:
    (folder,) = (path.parent for path in cache.glob("*/meta.json"))
    return folder


@pytest.mark.parametrize(
    "place", ["a file", "a dangling link", "a link to somebody's folder", "no queries", "other queries", "nested json", "a list", "another version"]
)  # fmt: skip
def test_what_is_no_snapshot_of_ours_is_replaced(ctkg: Ctkg, data: Path, tmp_path: Path, place: str) -> None:
    cache, precious = tmp_path / "cache", tmp_path / "precious"
    precious.mkdir()
    (precious / "keep").write_text("this")
    assert_answers(data, cache)
    folder = snapshot(cache)
    if place in ("a file", "a dangling link", "a link to somebody's folder"):
        shutil.rmtree(folder)
        if place == "a file":
            folder.write_text("x")
        else:
            folder.symlink_to(precious if "folder" in place else "nowhere")
    elif place == "another version":
        (folder / "meta.json").write_text('{"format": 1}')
        (cache / "0123456789abcdef").mkdir()
    else:
        name = "meta.json" if place in ("nested json", "a list") else "queries.json"
        (folder / name).write_text(
            {"no queries": "{}", "other queries": "[[1]]", "a list": "[]"}.get(place, "[" * 100_000)
        )
    assert "timeline" in ctkg("query", "--data", str(data), CTKG_CACHE=str(cache)).stdout
    assert_answers(data, cache)
    assert (precious / "keep").read_text() == "this"
    assert not snapshot(cache).is_symlink()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"../../precious\n"])
def test_a_spoiled_note_of_the_last_run_is_ignored(data: Path, tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "cache"
    (cache / "seen").mkdir(parents=True)
    old = time.time() - 60
    for path in data.rglob("*"):
        os.utime(path, (old, old))
    time.sleep(1.1)  # younger files leave no note
    assert_answers(data, cache)
    (note,) = (cache / "seen").iterdir()
    note.write_bytes(content)
    assert_answers(data, cache)
    assert b"\n" in note.read_bytes()


def test_without_a_home_the_account_s_own_is_used(data: Path, tmp_path: Path) -> None:
    spare = {name: value for name, value in os.environ.items() if name not in ("HOME", "CTKG_CACHE", "XDG_CACHE_HOME")}
    for environment in (spare, {**spare, "HOME": str(tmp_path / "file" / "home")}):
        (tmp_path / "file").write_text("")
        done = subprocess.run(
            [*CTKG, "show", "acme", "--data", str(data)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == (0 if "HOME" not in environment else 3)
        assert "Traceback" not in done.stderr
    assert "choose another with CTKG_CACHE" in done.stderr


def test_a_file_in_the_cache_s_place_is_left(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("mine")
    monkeypatch.setenv("CTKG_CACHE", str(tmp_path / "cache"))
    code, out, errors = in_process("show", "acme", "--data", str(data))
    assert (code, out) == (3, "")
    assert "choose another with CTKG_CACHE" in errors
    assert (tmp_path / "cache").read_text() == "mine"
