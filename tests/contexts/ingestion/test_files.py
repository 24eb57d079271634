def test_a_pipe_is_refused_in_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    try:
        with pytest.raises(Invalid, match="is a pipe"):
            Source(pipe)
    finally:
        os.close(writer)
