"""An environment of its own for each compared program: a venv or a folder of npm packages, made when first needed.

They lie in `.bench/` of the working copy, under a name that follows from what they hold: other pins, another folder.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".bench"
MADE = "made.stamp"
# Of what a failed installer printed.
SHOWN = 2_000


class NotInstallable(Exception):
    """The sentence says what was tried."""


def get_python(name: str) -> Path:
    """The interpreter of a venv with what `requirements/NAME.txt` pins. Raises NotInstallable."""
    requirements = HERE / "requirements" / f"{name}.txt"
    folder = _folder(name, requirements)
    python = folder / "bin" / "python"
    if not (folder / MADE).exists():
        _run(sys.executable, "-m", "venv", str(folder))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements))
        (folder / MADE).touch()
    return python


def get_node_packages(name: str) -> Path:
    """The folder with what `requirements/NAME.json` pins, Node itself included. Raises NotInstallable."""
    requirements = HERE / "requirements" / f"{name}.json"
    folder = _folder(name, requirements)
    if not (folder / MADE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(requirements, folder / "package.json")
        # Node first, so that the scripts of the other packages find it.
        version = json.loads(requirements.read_text())["node"]
        node = f"{_node_package()}@{version}"
        _run("npm", "install", "--loglevel", "error", "--prefix", str(folder / "node"), node)
        environment = get_node_environment(folder)
        options = ("--loglevel", "error", "--no-audit", "--no-fund", "--ignore-scripts")
        _run("npm", "install", *options, folder=folder, environment=environment)
        # Scripts fetch what no registry has, or refuse npm; only what must be built here is.
        for package in json.loads(requirements.read_text()).get("built", []):
            _run("npm", "rebuild", "--loglevel", "error", package, folder=folder, environment=environment)
        (folder / MADE).touch()
    return folder


def get_node_environment(folder: Path) -> dict[str, str]:
    """The environment in which the packages of the folder run, and are built against the headers of, their Node."""
    node = folder / "node" / "node_modules" / _node_package()
    search = os.pathsep.join([str(folder / "node_modules" / ".bin"), str(node / "bin"), os.environ["PATH"]])
    return {**os.environ, "PATH": search, "npm_config_nodedir": str(node)}


def _node_package() -> str:
    """The npm package that holds Node and its headers for this machine."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"node-{sys.platform}-{machine}"


def require_command(command: str, package: str) -> None:
    """Have a command, from Debian's package where it is not there yet. Raises NotInstallable."""
    if shutil.which(command):
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise NotInstallable(f"{command} is not on the PATH, and only root can install Debian's package {package}")
    _run("apt-get", "install", "--yes", "--quiet", package)


def _folder(name: str, requirements: Path) -> Path:
    return KEPT / f"{name}-{hashlib.sha256(requirements.read_bytes()).hexdigest()[:8]}"


def _run(*command: str, folder: Path | None = None, environment: dict[str, str] | None = None) -> None:
    try:
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except OSError as cause:
        raise NotInstallable(f"{' '.join(command)}: {cause}") from cause
    if ran.returncode:
        raise NotInstallable(f"{' '.join(command)}: {ran.stderr.strip()[-SHOWN:]}")
