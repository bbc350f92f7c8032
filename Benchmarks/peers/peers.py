"""Runs paybench and other load generators against the same targets and prints what came out.

    peers.py PAYBENCH STAMPS [TOOL...]

scripts/benchmark peers calls it. PAYBENCH and STAMPS are the built programs. stdout gets Markdown,
stderr the progress. Loopback only; each run ends by itself, or is ended after 60 s.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import tables
import tools
from tools import Load

server_core, client_core = "0", "1"
pacing = {"rate": 5000, "seconds": 6, "connections": 10, "users": 200, "closed_users": 64}
stalled = {"rate": 1000, "seconds": 10, "connections": 50, "users": 2500, "closed_users": 10}
cut = {"rate": 500, "seconds": 4, "connections": 20, "users": 100, "closed_users": 5}
delay, calm, stall = 0.010, 4, 2  # seconds: of an answer; before the stall; of the stall
cut_every = 100


@dataclass
class Row:
    """What was measured of one tool; None where there is nothing to measure."""

    tool: tools.Tool
    per_second: float | None = None  # reached in the pacing run
    off_plan: tuple | None = None  # p50 and p99, seconds
    off_own_plan: tuple | None = None  # the same against the plan that the tool itself tells
    cpu: float | None = None  # seconds a request
    cpu_of_requests: float | None = None  # as the tool itself says, without waiting awake
    during_stall: int | None = None
    quantiles: dict = field(default_factory=dict)
    resets: int | None = None
    booked_twice: int | None = None
    errors: str = ""
    named: int | None = None


# --- targets


@contextmanager
def process(*command, **options):
    started = subprocess.Popen(["taskset", "-c", server_core, *map(str, command)], **options)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


@contextmanager
def stamping_server(stamps, *arguments):
    """Gives its address and a list that holds the stamps (s since 1970) once it has ended."""
    with tempfile.TemporaryDirectory() as folder:
        arrivals, found = Path(folder) / "arrivals", []
        with process(stamps, "serve", arrivals, *arguments, stdout=subprocess.PIPE) as server:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}", found
        found.extend(sorted(int(line) / 1e9 for line in arrivals.read_text().split()))


@contextmanager
def cutting_simulator(paybench):
    """Gives the address of payments and that of the ledger."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as provider:
        provider.write(
            f"""version: 1
name: cutting
seed: 7
latency: {{ constant: {delay * 1e3:.0f}ms }}
faults: [ {{ kind: reset, point: after_booking, every: {cut_every} }} ]
"""
        )
        provider.flush()
        with process(
            paybench, "simulate", provider.name, "--json",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as server:  # fmt: skip
            addresses = json.loads(server.stdout.readline())
            yield addresses["payments"], addresses["admin"] + "/ledger"


def fetched(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


# --- one run


class Failed(Exception):
    pass


def run(tool, load):
    """Runs a tool to its end; gives what it printed and its CPU seconds."""
    command = ["taskset", "-c", client_core, *map(str, tool.command(load))]
    environment = os.environ | {k: str(v) for k, v in tool.environment(load).items()}
    printed = load.results / "printed"
    with open(printed, "w") as file:
        started = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
        deadline = time.monotonic() + 60
        ended = 0
        while not ended:
            time.sleep(0.02)
            ended, status, used = os.wait4(started.pid, os.WNOHANG)
            if not ended and time.monotonic() > deadline:
                started.kill()
    started.returncode = os.waitstatus_to_exitcode(status)
    text = printed.read_text(errors="replace")
    if started.returncode not in tool.accepted_statuses:
        raise Failed(f"{tool.name} ended with {started.returncode}: {text[-500:]}")
    return text, used.ru_utime + used.ru_stime


@contextmanager
def load_of(base, values):
    with tempfile.TemporaryDirectory() as inputs, tempfile.TemporaryDirectory() as results:
        yield Load(base=base, inputs=Path(inputs), results=Path(results), **values)


# --- what is measured


def deviations(stamps, rate, start=None):
    """p50 and p99 of |arrival − plan|, for all that came after the first second.

    Request n of the plan is due n / rate after the start. Where the tool does not tell its start, it
    is the one for which the mean of |arrival − plan| is least: the median deviation is 0.
    """
    off = [
        at - (start or stamps[0]) - n / rate for n, at in enumerate(stamps) if at >= stamps[0] + 1
    ]
    middle = 0 if start else sorted(off)[len(off) // 2]
    off = sorted(abs(value - middle) for value in off)
    return off[len(off) // 2], off[len(off) * 99 // 100]


def measure_pacing(row, stamps_program):
    with stamping_server(stamps_program) as (base, stamps), load_of(base, pacing) as load:
        _, cpu = run(row.tool, load)
        started = None
        if isinstance(row.tool, tools.Paybench):
            summary = row.tool.summary(load)
            begun = summary["started_at"].replace("Z", "+00:00")
            started = datetime.fromisoformat(begun).timestamp()
            row.cpu_of_requests = summary["generator"]["cpu_us_per_request"] / 1e6
    row.cpu = cpu / len(stamps)
    row.per_second = (len(stamps) - 1) / (stamps[-1] - stamps[0])
    if row.tool.has_rate and row.per_second > 0.98 * pacing["rate"]:
        row.off_plan = deviations(stamps, pacing["rate"])
        row.off_own_plan = started and deviations(stamps, pacing["rate"], started)


def measure_stall(row, stamps_program):
    after = calm + row.tool.settling
    microseconds = [round(value * 1e6) for value in (delay, after, stall)]
    values = stalled | {"seconds": stalled["seconds"] + row.tool.settling}
    with (
        stamping_server(stamps_program, *microseconds) as (base, stamps),
        load_of(base, values) as load,
    ):
        printed, _ = run(row.tool, load)
        row.quantiles = row.tool.read(load, printed).quantiles
    begin = stamps[0] + after
    row.during_stall = sum(begin <= at < begin + stall for at in stamps)


def true_quantile(percent):
    """Arrivals in equal gaps: who comes s before the end of the stall waits s + delay."""
    return max(delay, stall + delay - (1 - percent / 100) * stalled["seconds"])


def measure_cuts(row, paybench):
    with cutting_simulator(paybench) as (base, ledger), load_of(base, cut) as load:
        printed, _ = run(row.tool, load)
        row.errors = row.tool.read(load, printed).errors
        counts = json.loads(fetched(ledger))
        row.resets = counts["resets"]
        if counts["distinct_payment_ids"] > 1:
            row.booked_twice = counts["booked_twice_or_more"]
        entries = [line.split(",") for line in fetched(f"{ledger}/entries").splitlines()[1:]]
        booked = [entry[0] for entry in entries if int(entry[2]) and entry[3] == "reset"]
        said = "".join(
            file.read_text(errors="replace")
            for file in load.results.rglob("*") if file.is_file()
        )  # fmt: skip
        said = said.replace("-", "").lower()
        row.named = sum(number.replace("-", "").lower() in said for number in booked)


def main():
    os.environ["PAYBENCH"] = sys.argv[1]
    stamps_program, wanted = sys.argv[2], sys.argv[3:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    all_tools = [kind() for kind in tools.known if not wanted or kind.name in wanted]
    rows = [Row(tool) for tool in all_tools if tool.program]
    failed = []
    for row in rows:
        for measure, program in (
            (measure_pacing, stamps_program),
            (measure_stall, stamps_program),
            (measure_cuts, os.environ["PAYBENCH"]),
        ):
            print(f"{row.tool.name}: {measure.__name__}", file=sys.stderr)
            try:
                measure(row, program)
            except (Failed, OSError, ValueError, KeyError, IndexError) as problem:
                failed.append(f"{row.tool.name}, {measure.__name__}: {problem!r}")
    missing = [tool.name for tool in all_tools if not tool.program]
    truth = {percent: true_quantile(percent) for percent in (90, 99, 99.9)}
    print(tables.markdown(rows, truth, missing, failed))


if __name__ == "__main__":
    main()
