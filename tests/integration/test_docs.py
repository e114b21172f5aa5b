"""The examples of docs/api.md, run in a shell as they are written."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lead_store import worker
from lead_store.settings import get_settings
from tests.integration.api_server import serving

ROOT = Path(__file__).parents[2]


@pytest.fixture
def commands() -> str:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    return "set -e\n" + "\n".join(blocks)


def test_examples_work_as_written(commands: str, home: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_until, args=(stop, []), daemon=True)
    thread.start()
    with serving() as address:
        environment = {
            **os.environ,
            "API": address,
            "LEAD_STORE_HOME": str(get_settings().home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        answer = subprocess.run(
            ["bash", "-c", commands],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    stop.set()
    thread.join()
    assert answer.returncode == 0, answer.stderr
    assert '"outcome":"existing"' in answer.stdout
    assert '"problem":{"code":"phone_invalid"' in answer.stdout
    assert '"status":"accepted"' in answer.stdout
    assert '"code":"status_conflict"' in answer.stdout  # Pausing what is done.
    assert '"accepted":1' in answer.stdout
    assert "whsec_" in answer.stdout
    assert "Caio,123,Santos,3,phone_invalid" in (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")
