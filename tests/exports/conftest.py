"""One drawing process for all tests of files."""

import pytest

from portalkompass.exports.images.image_worker import ImageWorker


@pytest.fixture(scope="session")
def worker():
    shared = ImageWorker(seconds=120)
    yield shared
    shared.close()
