"""Java, and what Maven fetches for the engines that run on it."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from deploy.engines import cache as kept
from deploy.engines.engine import find
from deploy.engines.place import TEMPLATES, LeftOut

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
BRIEF = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""Quick to start and small, on few cores; not how one would run them for speed."""
FLAGS = (
    *BRIEF.split(), "-XX:+PerfDisableSharedMem",
    "-XX:+ExitOnOutOfMemoryError", "-Xms128m", "-Xmx512m",
    "-Djava.awt.headless=true", "-Djava.net.preferIPv4Stack=true",
)  # fmt: skip


@cache
def _installed() -> tuple[tuple[int, Path], ...]:
    """Every Java there is, oldest first."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    if at := find("java"):
        homes.append(at.resolve().parents[1])
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    found: dict[Path, int] = {}
    for program in (home / "bin" / "java" for home in homes):
        if program.exists():
            done = subprocess.run(
                [program, "-version"], capture_output=True, text=True, check=False
            )
            if told := re.search(r'version "(\d+)', done.stderr):
                found.setdefault(program.resolve().parents[1], int(told[1]))
    return tuple(sorted(((major, home) for home, major in found.items()), key=lambda one: one[0]))


def program(name: str, *, least: int, most: int = 99) -> Path:
    """`java` or its like of the oldest fitting Java."""
    for major, home in _installed():
        if least <= major <= most and (home / "bin" / name).exists():
            return home / "bin" / name
    there = ", ".join(str(major) for major, _ in _installed()) or "none"
    wanted = f"{least} or later" if most == 99 else f"{least} to {most}"  # noqa: PLR2004 - none yet
    raise LeftOut(f"needs {name} of Java {wanted}; here: {there}")


def classes(home: Path) -> str:
    return os.pathsep.join((str(home / "classes"), str(home / "lib" / "*")))


def where(name: str, version: str) -> Path:
    recipe = [TEMPLATES / name / "pom.xml", *sorted((TEMPLATES / name).glob("*.java"))]
    return kept.where(name, version, recipe)


def fetch(name: str, version: str, *, javac: Path | None = None) -> Path:
    """Fills `lib` with what the engine's pom.xml names; compiles our launcher where it has one."""

    def make(part: Path) -> None:
        _copy_jars(name, part)
        if javac:
            sources = sorted((TEMPLATES / name).glob("*.java"))
            kept.call([javac, "-cp", str(part / "lib" / "*"), "-d", "classes", *sources], cwd=part)

    target = where(name, version)
    return target if target.is_dir() else kept.fetch(target, make)


def _copy_jars(name: str, part: Path) -> None:
    maven = find("mvn")
    if not maven:
        raise LeftOut("needs Maven (mvn)")
    shutil.copy(TEMPLATES / name / "pom.xml", part)
    options = ["-B", "-q", "-ntp", "--strict-checksums"]
    aims = ["-DincludeScope=runtime", "-DoutputDirectory=lib"]
    # several Mavens at once would spoil a repository that they share
    own = part / "repository"
    home = program("java", least=17).parents[1]  # Maven itself looks on the path only
    opts = f"{BRIEF} {os.environ.get('MAVEN_OPTS', '')}"
    env = {"JAVA_HOME": str(home), "MAVEN_OPTS": opts}
    kept.call([maven, *options, f"-Dmaven.repo.local={own}", COPY, *aims], cwd=part, env=env)
    shutil.rmtree(own)
