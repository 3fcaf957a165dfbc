"""What every store of a laptop does, in sentences: run on the store in memory and on the encrypted one."""

from __future__ import annotations

import pytest

from tests.contract.answering_contract import AnsweringContract
from tests.contract.desk import Desk
from tests.contract.giving_back_contract import GivingBackContract
from tests.contract.telling_contract import TellingContract
from tests.contract.writing_contract import WritingContract


class StoreContract(WritingContract, TellingContract, AnsweringContract, GivingBackContract):
    """Subclasses give the fixture `desk`."""

    @pytest.fixture
    def desk(self) -> Desk:
        raise NotImplementedError
