"""What an import says of a file when it is done."""

from marquee.app.importing import summary
from marquee.contexts.ingestion.model.progress import FileReport, ImportReport


def test_what_became_of_the_rows_is_one_sentence() -> None:
    left_out = {"An admin has deleted this movie.": 1_200, "TV episodes": 2}
    file = FileReport("a.tsv", "a table", rows=1_205, created=3, left_out=left_out)
    [line] = summary(ImportReport((file,)))
    told = "3 new, 1,200 left out (an admin has deleted this movie), 2 TV episodes"
    assert line == f"a.tsv (a table): 1,205 rows: {told}"
