"""Every case of cases/*.test: what each step did and did not do, and that it left what a clean build leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.build.cases import Case, CaseError, accept, read
from tests.build.steps import run

ACCEPT = "NEWSGEN_ACCEPT" in os.environ


@pytest.mark.parametrize("case", read(), ids=lambda case: case.name)
@pytest.mark.usefixtures("plain_theme")
def test_a_step_does_what_its_case_states_and_leaves_what_a_clean_build_leaves(case: Case, tmp_path: Path) -> None:
    try:
        reports = run(case, tmp_path, compare=not ACCEPT)
    except CaseError as wrong:
        pytest.fail(str(wrong), pytrace=False)
    if ACCEPT:
        assert "PYTEST_XDIST_WORKER" not in os.environ, "accept in one process: two would write one file"
        accept(case, reports)
