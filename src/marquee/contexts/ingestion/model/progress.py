"""What an import tells while it goes on, and when it is done."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BadLine:
    """A row that was not used: the physical line it starts on, from 1, and why."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class Progress:
    """How far an import is: bytes of all its files as they lie on the disk, and rows."""

    path: str
    kind: str
    done_bytes: int
    all_bytes: int
    rows: int
    bad: int


@dataclass(frozen=True)
class FileReport:
    """What became of the rows of one file.

    `created + updated + unchanged + bad + sum(left_out) == rows`. `examples` are the first bad
    rows; every one is told to `on_bad_row` as it is met.
    """

    path: str
    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[BadLine, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did, file by file in the order they were read."""

    files: tuple[FileReport, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def created(self) -> int:
        return sum(file.created for file in self.files)

    @property
    def updated(self) -> int:
        return sum(file.updated for file in self.files)

    @property
    def unchanged(self) -> int:
        return sum(file.unchanged for file in self.files)

    @property
    def bad(self) -> int:
        return sum(file.bad for file in self.files)

    @property
    def left_out(self) -> int:
        return sum(sum(file.left_out.values()) for file in self.files)


@dataclass
class Tally:
    """The counts of one file while it is read."""

    path: str
    kind: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    examples: list[BadLine] = field(default_factory=list)

    def report(self) -> FileReport:
        return FileReport(
            path=self.path,
            kind=self.kind,
            rows=self.rows,
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
            bad=self.bad,
            left_out=dict(self.left_out.most_common()),
            examples=tuple(self.examples),
        )
