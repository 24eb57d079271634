"""What can be imported from: a file, for it is read from its beginning more than once."""

import os
from pathlib import Path

import pytest

from marquee.contexts.ingestion.service.files import Source
from marquee.kit.errors import Invalid


def test_a_pipe_is_refused_in_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    try:
        with pytest.raises(Invalid, match="is a pipe"):
            Source(pipe)
    finally:
        os.close(writer)
