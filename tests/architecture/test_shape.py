"""The shape of the code itself: sizes, names, front doors, documented settings."""

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from marquee.app.settings import CONTEXT_SETTINGS, PREFIX, SETTINGS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "marquee"
CONTEXTS = sorted(path.parent for path in (SOURCE / "contexts").glob("*/wiring.py"))
HEADINGS = ["Owns", "Offers", "Tells", "Hears", "Lives on"]
BANNED = ("Manager", "Helper", "Util", "Base", "Abstract", "Impl", "Data", "Info", "Common")
PYTHON = [path for path in SOURCE.rglob("*.py") if "versions" not in path.parts]
TYPESCRIPT = [
    path
    for pattern in ("*.ts", "*.tsx")
    for path in (ROOT / "web").rglob(pattern)
    if not {"node_modules", "dist", "generated"} & set(path.parts)
]
FILE_P95, FILE_MOST = 250, 400
FUNCTION_P95, FUNCTION_MOST = 30, 60
TYPESCRIPT_MOST = 250


def lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{path.name}:{node.name}", own_lines(node)


def own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, without those of the functions it holds: each of them is counted itself."""
    inner = [
        child
        for child in ast.walk(node)
        if child is not node and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    outermost = [
        child
        for child in inner
        if not any(other is not child and child in ast.walk(other) for other in inner)
    ]
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    return whole - sum((child.end_lineno or 0) - child.lineno + 1 for child in outermost)


def p95(sizes: list[int]) -> int:
    return sorted(sizes)[int(len(sizes) * 0.95)]


def test_files_stay_small() -> None:
    sizes = {path.relative_to(ROOT).as_posix(): lines(path) for path in PYTHON}
    tests = [path for part in ("tests", "benchmarks") for path in (ROOT / part).rglob("*.py")]
    beside = {path.relative_to(ROOT).as_posix(): lines(path) for path in tests}
    assert {name: size for name, size in (sizes | beside).items() if size > FILE_MOST} == {}
    assert p95(list(sizes.values())) <= FILE_P95


def test_functions_stay_small() -> None:
    sizes = [size for path in PYTHON for size in functions(path)]
    assert [(name, size) for name, size in sizes if size > FUNCTION_MOST] == []
    assert p95([size for _name, size in sizes]) <= FUNCTION_P95


def test_typescript_files_stay_small() -> None:
    sizes = {path.relative_to(ROOT).as_posix(): lines(path) for path in TYPESCRIPT}
    assert {name: size for name, size in sizes.items() if size > TYPESCRIPT_MOST} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in PYTHON
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_no_name_says_nothing() -> None:
    word = re.compile(rf"(^|[a-z])({'|'.join(BANNED)})($|[A-Z])")
    named = [
        f"{path.name}:{node.name}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and word.search(node.name)
    ]
    assert named == []
    folders = {path.name for path in SOURCE.rglob("*") if path.is_dir()}
    assert folders & {"common", "utils", "helpers"} == set()


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda path: path.name)
def test_a_context_says_what_it_is_about(context: Path) -> None:
    readme = (context / "README.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", readme, re.MULTILINE) == HEADINGS
    assert readme.casefold().startswith(f"# {context.name}\n")
    assert len(readme.splitlines()) <= 60


def test_every_folder_is_a_context_and_every_context_a_folder() -> None:
    from marquee.app.cli import CONTEXTS as SERVED
    from marquee.app.contexts import CONTEXTS as ASSEMBLED

    assert {path.name for path in CONTEXTS} == set(ASSEMBLED) == set(SERVED)


def test_every_setting_is_documented() -> None:
    told = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    expected = {PREFIX + name for name in SETTINGS}
    for context in CONTEXTS:
        expected |= {f"{PREFIX}{context.name.upper()}_{what}" for what in CONTEXT_SETTINGS}
    assert set(re.findall(r"`(MARQUEE_[A-Z_]+)`", told)) == expected


def test_nothing_reads_the_environment_but_the_settings() -> None:
    reading = [
        path.relative_to(SOURCE).as_posix()
        for path in PYTHON
        if re.search(r"os\.environ\b|os\.getenv", path.read_text("utf-8"))
    ]
    assert set(reading) <= {"__init__.py", "app/settings.py", "app/cli.py"}


def test_the_domain_says_what_it_needs_by_absolute_names() -> None:
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path


def test_nothing_in_the_repository_names_a_registry_or_another_machine() -> None:
    held = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    forbidden = re.compile(
        r"registry\.npmjs|pypi\.org/simple|files\.pythonhosted|repo1?\.maven|deb\.debian"
    )
    texts = {".py", ".md", ".toml", ".txt", ".json", ".ts", ".tsx", ".yml", ".html", ".npmrc"}
    named = [
        name
        for name in held
        if Path(name).suffix in texts
        and name != "tests/architecture/test_shape.py"
        and (ROOT / name).is_file()
        and forbidden.search((ROOT / name).read_text("utf-8"))
    ]
    assert named == []


def test_every_event_module_is_importable_alone() -> None:
    for context in CONTEXTS:
        if (context / "events.py").exists():
            import_module(f"marquee.contexts.{context.name}.events")
