"""The image and the compose file, as far as they can be tested without a Docker engine."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("path", re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE))
def test_what_the_image_copies_is_there_and_not_ignored(path: str) -> None:
    assert (ROOT / path).exists()
    assert f"!{path}" in (ROOT / ".dockerignore").read_text().splitlines()


def test_image_runs_as_a_plain_user() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users[-1] == "leads"


def test_pins_of_the_image_are_those_of_the_tests() -> None:
    (pinned,) = re.findall(r"awslambdaric==\S+", DOCKERFILE)
    assert pinned in (ROOT / "requirements-dev.txt").read_text().splitlines()


def test_commands_of_the_image_exist() -> None:
    commands = re.findall(r"python, -m, lead_store, (\w+)", (ROOT / "compose.yaml").read_text())
    assert set(commands) == {"migrate", "worker"}
    (handler,) = re.findall(r'^CMD \["([\w.]+)"\]', DOCKERFILE, re.MULTILINE)
    module, _, name = handler.rpartition(".")
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text()
    assert f"def {name}(" in source


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker command to check the compose file with")
def test_compose_file_is_valid() -> None:
    command = shlex.split("docker compose --file compose.yaml config --quiet")
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if "is not a docker command" in answer.stderr:
        pytest.skip("docker here has no compose")
    assert answer.returncode == 0, answer.stderr
