"""A small installation whose update ends at drawn steps: run by test_update_interruptions.py in mounts of its own.

The scripts are the shipped ones. The two releases are small programs with the same commands, whose whole state is one
file: its form (which the newer release raises) and what was written. Every tool the scripts call is counted; before a
drawn one the whole process group ends, as in a power cut.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from portalkompass.settings import ROOT

PROGRAM, OLD, BEGUN = (Path(f"/opt/portalkompass{end}") for end in ("", ".alt", ".unfertig"))
DATA, BACKUPS, UNITS = (
    Path("/var/lib/portalkompass"),
    Path("/var/backups/portalkompass"),
    Path("/etc/systemd/system"),
)
STATE, RUNNING = DATA / "state", Path("/run/portalkompass")
PK = Path("/usr/local/sbin/pk")
COUNTED = ("mv", "rm", "cp", "tar", "install", "systemctl", "runuser", "sed", "mktemp", "realpath", "cat")
SHIM = """#!/bin/sh
read done < {folder}/count
done=$((done + 1))
echo $done > {folder}/count
read last < {folder}/last
[ $done != $last ] || kill -9 0
exec {tool} "$@"
"""
PYTHON = """#!/bin/sh
# Release {release}: form {release} of the state; an earlier form is raised, a later one refused.
newer() {{ [ "$(sed -n 1p {state} 2>/dev/null)" -gt {release} ] 2>/dev/null; }}
case "$*" in
    *restore*) for file; do :; done
        cp {state} {data}/vor-rueckspielung-$(date +%N) && cp "$file" {data}/.neu && mv {data}/.neu {state} ;;
    *pip*) ;;
    *) if newer; then echo "Der Arbeitsbereich gehört zu einer neueren Version." >&2; exit 1; fi
        case "$*" in
            *backup*) name={backups}/$(date +%s%N).zip; cp {state} $name.tmp && mv $name.tmp $name
                echo "$name: geprüft" ;;
            *retention*) {{ echo {release}; sed 1d {state}; }} > {data}/.neu && mv {data}/.neu {state} ;;
            -) exit {health} ;;
        esac ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
case "$*" in
    *stop*portalkompass.service*) rm -f /run/portalkompass ;;
    *start*portalkompass.service*) cat /opt/portalkompass/VERSION > /run/portalkompass ;;
esac
"""


def build(folder: Path, release: int, *, healthy: bool = True) -> Path:
    """A release as an archive: the shipped scripts, and a program whose commands know one form of the state."""
    tree = folder / f"release-{release}-{healthy}"
    (tree / "deploy" / "systemd").mkdir(parents=True)
    for name in ("pk", "update.sh"):
        shutil.copy(ROOT / "deploy" / name, tree / "deploy" / name)
    (tree / "deploy" / "systemd" / "portalkompass.service").write_text(f"{release}\n", encoding="utf-8")
    for name, text in (("VERSION", str(release)), ("app.py", ""), ("requirements.txt", "")):
        (tree / name).write_text(f"{text}\n", encoding="utf-8")
    text = PYTHON.format(release=release, state=STATE, data=DATA, backups=BACKUPS, health=0 if healthy else 1)
    (tree / "python").write_text(text, encoding="utf-8")
    (tree / "python").chmod(0o755)
    archive = folder / f"{tree.name}.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(tree, ".")
    return archive


def install_first(folder: Path) -> None:
    """Release 1 in place and running, with one thing written."""
    for path in (*Path("/opt").glob("portalkompass*"), DATA, BACKUPS):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in (PROGRAM / ".venv" / "bin", DATA, BACKUPS, UNITS, Path("/etc/portalkompass")):
        path.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-xf", folder / "release-1-True.tar", "-C", PROGRAM], check=True)
    # The environment of the installed release serves whichever release it is copied to.
    entry = PROGRAM / ".venv" / "bin" / "python"
    entry.write_text('#!/bin/sh\nexec "$(dirname "$0")/../../python" "$@"\n', encoding="utf-8")
    entry.chmod(0o755)
    Path("/etc/portalkompass/umgebung").write_text("", encoding="utf-8")
    shutil.copy(PROGRAM / "deploy" / "pk", PK)
    PK.chmod(0o755)
    shutil.copy(PROGRAM / "deploy" / "systemd" / "portalkompass.service", UNITS)
    STATE.write_text("1\nzuerst\n", encoding="utf-8")
    RUNNING.write_text("1\n", encoding="utf-8")


def pk(folder: Path, *arguments: str, last: int = 0) -> subprocess.CompletedProcess[str]:
    """`pk update …`, ended before its step ``last``; 0 lets it go to its end."""
    (folder / "count").write_text("0\n", encoding="utf-8")
    (folder / "last").write_text(f"{last}\n", encoding="utf-8")
    return subprocess.run(
        [PK, "update", *arguments],
        env={"PATH": f"{folder}/shims:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        capture_output=True, text=True, timeout=180, check=False, start_new_session=True,
    )  # fmt: skip


def write(word: str) -> None:
    with STATE.open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")


def anywhere() -> set[str]:
    """Everything written that is in the state, laid aside, or in a backup."""
    files = [STATE, *DATA.glob("vor-rueckspielung-*"), *BACKUPS.glob("*.zip")]
    return {line for file in files for line in file.read_text(encoding="utf-8").splitlines()[1:]}


def must_be_whole(written: set[str], context: str) -> int:
    """One release is in place with its units, running, on a state it can read; nothing written is gone."""
    release = int((PROGRAM / "VERSION").read_text(encoding="utf-8"))
    assert not BEGUN.exists(), context
    assert not (PROGRAM / ".ungeprueft").exists(), context
    assert int(RUNNING.read_text(encoding="utf-8")) == release, context
    assert int((UNITS / "portalkompass.service").read_text(encoding="utf-8")) == release, context
    assert int(STATE.read_text(encoding="utf-8").splitlines()[0]) <= release, context
    assert PK.stat().st_mode & 0o111, context
    assert written <= anywhere(), f"{context}: {written - anywhere()}"
    return release


def one_sentence(done: subprocess.CompletedProcess[str], context: str) -> None:
    """A refusal says one thing and stops."""
    if done.returncode:
        assert done.returncode == 1, f"{context}: {done}"
        assert len(done.stderr.strip().splitlines()) == 1, f"{context}: {done.stderr}"
        assert done.stderr.strip().endswith("."), f"{context}: {done.stderr}"


def draw(folder: Path, chance: random.Random, number: int) -> str:
    """One update or way back that ends at a drawn step, and what the next command makes of it."""
    good, broken = str(folder / "release-2-True.tar"), str(folder / "release-2-False.tar")
    install_first(folder)
    scenario = ("good", "broken", "back")[number % 3]
    if scenario == "back":
        assert pk(folder, good).returncode == 0
        write("nach dem Update")
    arguments = {"good": good, "broken": broken, "back": "--back"}[scenario]
    written = set(STATE.read_text(encoding="utf-8").splitlines()[1:])

    counted = pk(folder, arguments)
    steps = int((folder / "count").read_text(encoding="utf-8"))
    assert counted.returncode == (1 if scenario == "broken" else 0), counted
    assert steps > 15, steps
    must_be_whole(written, f"{scenario} to its end")

    install_first(folder)
    if scenario == "back":
        assert pk(folder, good).returncode == 0
        write("nach dem Update")
    step = chance.randint(1, steps)
    assert pk(folder, arguments, last=step).returncode == -9
    context = f"{scenario}, ended before step {step} of {steps}"
    complete = not BEGUN.exists() and (PROGRAM / "VERSION").read_text(encoding="utf-8") == "2\n"
    if chance.random() < 0.5:
        write("nach dem Abbruch")  # whatever release is there: people go on
        written.add("nach dem Abbruch")
    then = chance.choice((good, broken, "--back"))
    context += f", then {Path(then).name}"
    done = pk(folder, then)
    one_sentence(done, context)
    if must_be_whole(written, context) == 1:
        done = pk(folder, good)
        assert done.returncode == 0, f"{context}: {done}"
        assert must_be_whole(written, f"{context}, then forward") == 2, context
    done = pk(folder, "--back")
    assert done.returncode == 0, f"{context}: {done}"
    # Who has updated release 2 to release 2 has that as the way back.
    twice = then == good and (scenario == "back" or complete)
    assert must_be_whole(written, f"{context}, then back") == 1 or twice, context
    return context


def main(folder: Path, draws: int) -> None:
    """All draws, one after the other; the first that leaves something broken ends it."""
    (folder / "shims").mkdir()
    for tool in COUNTED:
        stands_in = {"systemctl": folder / "systemctl.sh", "runuser": folder / "runuser.sh"}
        real = stands_in.get(tool) or shutil.which(tool)
        shim = folder / "shims" / tool
        shim.write_text(SHIM.format(folder=folder, tool=real), encoding="utf-8")
        shim.chmod(0o755)
    (folder / "systemctl.sh").write_text(SYSTEMCTL, encoding="utf-8")
    (folder / "runuser.sh").write_text('#!/bin/sh\nshift 3\nexec "$@"\n', encoding="utf-8")
    for name in ("systemctl.sh", "runuser.sh"):
        (folder / name).chmod(0o755)
    build(folder, 1)
    build(folder, 2)
    build(folder, 2, healthy=False)
    chance = random.Random(41)
    for number in range(draws):
        sys.stdout.write(draw(folder, chance, number) + "\n")
    sys.stdout.write("ALLES GETAN\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
