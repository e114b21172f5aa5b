"""The image and the compose file, as far as they can be tested without a Docker engine."""

import os
import re
import shutil
import subprocess
import sys
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


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt"])
def test_pins_are_the_versions_that_all_packages_are_held_to(file: str) -> None:
    held = read_pins(ROOT / "constraints.txt")
    pinned = read_pins(ROOT / file)
    assert pinned
    assert pinned.items() <= held.items()


def read_pins(file: Path) -> dict[str, str]:
    """Version of each package, by its normal name (https://packaging.python.org/specifications/name-normalization)."""
    pins = re.findall(r"^([\w.-]+)(?:\[\w,]+\])?==(\S+)$", file.read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins}


def test_commands_of_the_image_exist() -> None:
    commands = re.findall(r"python, -m, lead_store, (\w+)", (ROOT / "compose.yaml").read_text())
    assert set(commands) == {"migrate", "worker"}
    (handler,) = re.findall(r'^CMD \["([\w.]+)"\]', DOCKERFILE, re.MULTILINE)
    module, _, name = handler.rpartition(".")
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text()
    assert f"def {name}(" in source


def test_product_needs_nothing_but_what_the_image_copies(tmp_path: Path) -> None:
    for path in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        source = ROOT / path
        if source.is_dir():
            shutil.copytree(source, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / path)
    imports = "import lead_store.api, lead_store.aws_lambda, lead_store.jobs, lead_store.__main__"
    environment = {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-P", "-c", f"{imports}; print(lead_store.__file__)"]
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(str(tmp_path))
