"""Measuring commands beside each other on a shared machine.

In: contestants. Out: samples, one of each per round. Design: as tests/bench/run, every round runs
each contestant once, starting with another one each time, and a ratio is taken within a round.
"""
import collections
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

REPO = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

# name: the key. text: the row's first cell. argv, env: what is run, in ROOT. before: called first,
# not measured. findings: what the output of a run that failed must match to count all the same: it
# ran to its end, and had something to say about the tree. is_peer: somebody else's program, which is
# left out where it does not run.
Contestant = collections.namedtuple("Contestant", "name text argv env before findings is_peer")
Sample = collections.namedtuple("Sample", "cpu wall memory")  # milliseconds; MiB at most


class CannotRun(Exception):
    """What is missing or failed, and what to do about it; becomes exit code 2."""


def contestant(name, text, argv, env=None, before=None, findings=r"(?!)", is_peer=False):
    """One row; by default a run that fails is never accepted."""
    return Contestant(name, text, argv, env or {}, before, findings, is_peer)


# ---- the environment ----


def clean_env():
    """The environment without the options of a make that called us."""
    return {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}


def ask(argv, cwd=REPO, env=None):
    """Standard output of a command that must work."""
    try:
        done = subprocess.run(argv, cwd=cwd, env=dict(clean_env(), **(env or {})), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
    except OSError as error:
        raise CannotRun(f"{argv[0]}: {error.strerror}") from error
    if done.returncode != 0:
        tail = (done.stdout + done.stderr).strip().splitlines()[-8:]
        raise CannotRun("%s: exit %d\n    %s" %
                        (" ".join(argv), done.returncode, "\n    ".join(tail)))
    return done.stdout


# ---- measuring ----


def run_once(row, notes, cwd):
    """One measured run. Its output goes to a file, which costs it no waiting for us to read."""
    if row.before is not None:
        row.before()
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        try:
            child = subprocess.Popen(row.argv, cwd=cwd, env=dict(clean_env(), **row.env),
                                     stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=subprocess.STDOUT)
        except OSError as error:
            raise CannotRun(f"{row.argv[0]}: {error.strerror}") from error
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            output.seek(0)
            text = output.read().decode(errors="replace")
            if not re.search(row.findings, text):
                raise CannotRun("%s: exit %d\n    %s" %
                                (" ".join(row.argv), child.returncode,
                                 "\n    ".join(text.strip().splitlines()[-8:])))
            notes[row.name] = (f"{row.text}: ended with findings (exit {child.returncode}); "
                               "measured all the same")
    return Sample((usage.ru_utime + usage.ru_stime) * 1e3, wall * 1e3, usage.ru_maxrss / 1024)


def warm_up(rows, notes, cwd):
    """Runs each once and returns those that count: a peer that does not run is a note."""
    usable = []
    for row in rows:
        try:
            run_once(row, notes, cwd)
            usable.append(row)
        except CannotRun as error:
            if not row.is_peer:
                raise
            notes[row.name] = f"{row.text}: not measured: {error}"
    return usable


def measure(rows, rounds, cwd):
    """Samples of each row that runs, by its key, and notes. cwd: the folder that all run in."""
    notes = {}
    rows = warm_up(rows, notes, cwd)
    samples = {row.name: [] for row in rows}
    for i in range(rounds):
        first = i % len(rows)
        for row in rows[first:] + rows[:first]:
            samples[row.name].append(run_once(row, notes, cwd))
        if sys.stderr.isatty():
            print(f"\rbench: round {i + 1} of {rounds}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return samples, list(notes.values())


def paired(function, *series):
    """Applies function to the CPU times of each round, and takes the median over rounds."""
    values = [function(*[sample.cpu for sample in round_]) for round_ in zip(*series)]
    return statistics.median(values), min(values), max(values)


def ratio(a, b):
    return a / b


# ---- tables ----


def table(head, rows):
    """A Markdown table with aligned columns; all columns but the first are numbers or short."""
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]
    lines = []
    for row in [head] + rows:
        cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        lines.append("| " + " | ".join(cells) + " |")
    rule = ["-" * widths[0]] + ["-" * (w - 1) + ":" for w in widths[1:]]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return lines
