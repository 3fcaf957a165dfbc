"""A server of its own for each test, with a sample cohort and the laptops of a learner and a trainer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.server.laptops import Laptop
from tests.integration.server.wire import device
from tests.server_fixture import RunningServer, SampleCohort, running_server, sample_cohort


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("contract")) as made:
        yield made


@pytest.fixture
def sample(server: RunningServer) -> SampleCohort:
    return sample_cohort(server)


@pytest.fixture
def pair(server: RunningServer, sample: SampleCohort) -> Iterator[tuple[Laptop, Laptop]]:
    with device(server, sample.ines) as ines, device(server, sample.sophie) as sophie:
        yield Laptop(server, ines), Laptop(server, sophie)
