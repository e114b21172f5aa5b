"""What all tests share: where the corpus lies."""

from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real files, header rows and phones; not part of the repository."""
    if not CORPUS.is_dir():
        pytest.skip("needs ../shared/corpus, which is not beside this checkout")
    return CORPUS
