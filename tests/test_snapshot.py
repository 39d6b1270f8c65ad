"""The snapshot: never stale, never half-written, mended where damaged."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ctkg import snapshot
from ctkg.errors import DataError, SettingsError
from ctkg.settings import Settings, settings
from tests.conftest import DEAL, Ctkg, write


@pytest.fixture
def own(data: Path, tmp_path: Path) -> Settings:
    """Settings with a cache folder of this test's own."""
    return settings(data)._replace(cache=str(tmp_path / "cache"))


def amounts(chosen: Settings) -> list[str]:
    answer: Any = snapshot.open_snapshot(chosen).store.query(
        "SELECT ?a { GRAPH ?g { ?s <https://w3id.org/ctkg/ontology#amount> ?a } }"
    )
    return sorted(row["a"].value for row in answer)


def age(folder: Path, seconds: int = 60) -> None:
    """Make files look settled, as they are when a user comes back to them."""
    then = time.time() - seconds
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def test_a_second_opening_builds_nothing(own: Settings) -> None:
    first = snapshot.open_snapshot(own)
    built: list[str] = []
    again = snapshot.open_snapshot(own, lambda step, done, total: built.append(step))
    assert again.path == first.path
    assert built == []


def test_a_changed_amount_is_never_answered_from_the_old_snapshot(own: Settings) -> None:
    path = Path(own.data) / "curated" / "capital" / "acme.ttl"
    assert amounts(own) == ["5000000", "9000000"]
    write(path, DEAL.replace("5000000", "6000000"))  # same size, perhaps within one tick of the clock
    assert amounts(own) == ["6000000", "9000000"]
    write(path, DEAL)
    assert amounts(own) == ["5000000", "9000000"]


def test_a_change_that_keeps_size_and_modification_time_is_seen(own: Settings) -> None:
    path = Path(own.data) / "curated" / "capital" / "acme.ttl"
    age(Path(own.data))
    assert amounts(own) == ["5000000", "9000000"]
    before = path.stat()
    write(path, DEAL.replace("5000000", "6000000"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert amounts(own) == ["6000000", "9000000"]


def test_a_file_more_or_less_is_seen(own: Settings) -> None:
    count = len(snapshot.open_snapshot(own).store)
    extra = write(Path(own.data) / "curated" / "actors" / "more.ttl", "actor:more a ctkg:Company .")
    assert len(snapshot.open_snapshot(own).store) > count
    extra.unlink()
    assert len(snapshot.open_snapshot(own).store) == count


def test_a_refused_build_leaves_no_trace(own: Settings) -> None:
    write(Path(own.data) / "curated" / "capital" / "acme.ttl", DEAL + "broken")
    with pytest.raises(DataError):
        snapshot.open_snapshot(own)
    assert not Path(own.cache).exists() or [path for path in Path(own.cache).iterdir() if path.name != "seen"] == []


@pytest.mark.parametrize("damage", ["truncate", "empty folder", "no meta", "nonsense meta", "no store"])
def test_a_damaged_snapshot_is_built_anew(own: Settings, damage: str) -> None:
    path = Path(snapshot.open_snapshot(own).path)
    if damage == "truncate":
        for table in (path / "store").glob("*.sst"):
            table.write_bytes(table.read_bytes()[:100])
    elif damage == "empty folder":
        shutil.rmtree(path)
        path.mkdir()
    elif damage == "no meta":
        (path / "meta.json").unlink()
    elif damage == "nonsense meta":
        (path / "meta.json").write_text("{")
    else:
        shutil.rmtree(path / "store")
    assert amounts(own) == ["5000000", "9000000"]


def test_damage_that_keeps_sizes_is_noticed_when_it_is_read(own: Settings, ctkg: Ctkg) -> None:
    path = Path(snapshot.open_snapshot(own).path)
    for table in (path / "store").glob("*.sst"):
        content = bytearray(table.read_bytes())
        content[: len(content) // 2] = os.urandom(len(content) // 2)
        table.write_bytes(content)
    done = ctkg(
        "sparql",
        "SELECT ?a { ?s ctkg:amount ?a } ORDER BY ?a",
        "--data",
        str(own.data),
        CTKG_CACHE=str(own.cache),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["5000000", "9000000"]
    assert "Traceback" not in done.stderr


def test_builds_at_once_all_answer(own: Settings) -> None:
    words = [sys.executable, "-c", "from ctkg.cli import run; run()"]
    environment = {**os.environ, "CTKG_CACHE": str(own.cache)}
    racing = [
        subprocess.Popen(
            [*words, "build", "--data", str(own.data)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(5)
    ]
    for process in racing:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    assert amounts(own) == ["5000000", "9000000"]
    assert [path for path in Path(own.cache).iterdir() if path.name.startswith(".building")] == []


def test_a_killed_build_leaves_nothing_that_answers(own: Settings) -> None:
    words = [sys.executable, "-c", "from ctkg.cli import run; run()", "build", "--data", str(own.data)]
    for delay in (0.1, 0.2, 0.3, 0.4):
        process = subprocess.Popen(
            words,
            env={**os.environ, "CTKG_CACHE": str(own.cache)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert amounts(own) == ["5000000", "9000000"]


def test_abandoned_work_is_cleared_away_in_time(own: Settings) -> None:
    Path(own.cache).mkdir()
    for name in (".building-old", ".building-new"):
        (Path(own.cache) / name).mkdir()
    then = time.time() - 3 * 24 * 3600
    os.utime(Path(own.cache) / ".building-old", (then, then))
    snapshot.open_snapshot(own)
    assert not (Path(own.cache) / ".building-old").exists()
    assert (Path(own.cache) / ".building-new").exists()


def test_a_cache_that_cannot_be_written_says_how_to_choose_another(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError) as caught:
        snapshot.open_snapshot(own._replace(cache=str(tmp_path / "file" / "cache")))
    assert "CTKG_CACHE" in str(caught.value.hint)
