"""The load generators that are compared: how each is called, and what it says at the end."""

import base64
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

here = Path(__file__).parent
path = "/mobile/payments/makePayment"


@dataclass
class Load:
    """What a tool is asked to send."""

    base: str  # http://127.0.0.1:PORT
    rate: int  # payments a second, in all
    seconds: int
    connections: int  # for tools that have a fixed number of them
    users: int  # for tools that keep a pool of users, as k6 does
    closed_users: int  # for tools without a rate
    inputs: Path  # files that are given to the tool
    results: Path  # files that it writes

    @property
    def url(self):
        return self.base + path


@dataclass
class Report:
    """What a tool says: quantiles in seconds by percent, and its words about what went wrong."""

    quantiles: dict = field(default_factory=dict)
    errors: str = ""


def payment(number):
    return json.dumps(
        {
            "paymentId": f"{number:032x}",
            "clientType": 1,
            "paymentMethod": {"type": "scheme", "token": "tok-1234"},
        }
    )


def first(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return re.sub(r"\s+", " ", found.group(0)).strip() if found else ""


class Tool:
    name = ""
    variable = ""  # of the environment; names the program
    program_name = ""  # as it is looked for on PATH
    has_rate = True
    settling = 0  # seconds at the start whose latencies it drops
    accepted_statuses = (0,)

    def __init__(self):
        named = os.environ.get(self.variable) or self.program_name
        self.program = shutil.which(named) if named else None

    def prints(self, *arguments):
        result = subprocess.run(
            [self.program, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        return result.stdout + result.stderr

    def version(self):
        return first(r"\d+\.\d+\.\d+\S*", self.prints("--version"))

    def environment(self, load):
        return {}


class Paybench(Tool):
    name, variable, program_name = "paybench", "PAYBENCH", "paybench"
    accepted_statuses = (0, 5)  # a busy machine makes a measurement invalid, and it says so

    def command(self, load):
        scenario = load.inputs / "scenario.yaml"
        scenario.write_text(
            f"""version: 1
name: peers
seed: 42
target: {{ base_url: "{load.base}" }}
payments:
  - {{ name: card, client_type: IOS, payment_method: {{ type: scheme, token: tok-1234 }} }}
load:
  - {{ phase: steady, rate: {load.rate}/s, for: {load.seconds}s, arrivals: uniform }}
"""
        )
        return [
            self.program, "run", scenario, "--quiet", "--workers", "1",
            "--results", load.results / "results",
        ]  # fmt: skip

    def summary(self, load):
        return json.loads(next(load.results.glob("results/*/summary.json")).read_text())

    def read(self, load, printed):
        summary = self.summary(load)
        times = summary["latency"]["response_time"]
        quantiles = {90: "p90_us", 99: "p99_us", 99.9: "p99_9_us"}
        codes = [row for row in summary["errors"] if row["outcome"] == "in_doubt"]
        count = sum(row["count"] for row in codes)
        words = ", ".join(f"{row['count']} {row['code']}" for row in codes)
        return Report(
            {q: times[key] and times[key] / 1e6 for q, key in quantiles.items()},
            f"{count} in_doubt: {words}" if codes else "",
        )


class Wrk(Tool):
    name, variable, program_name = "wrk", "WRK", "wrk"
    has_rate = False

    def version(self):
        return first(r"\d+\.\d+\.\d+\S*", self.prints("-v"))

    def command(self, load):
        return [
            self.program, "-t", "1", "-c", load.closed_users, "-d", f"{load.seconds}s",
            "--timeout", "10s", "-s", here.parent / "payment.lua", load.base,
        ]  # fmt: skip

    def read(self, load, printed):
        found = re.search(r"^quantiles_us (\d+) (\d+) (\d+)$", printed, re.MULTILINE)
        values = [int(value) / 1e6 for value in found.groups()] if found else []
        return Report(dict(zip((90, 99, 99.9), values)), first(r"Socket errors: .*", printed))


class Wrk2(Wrk):
    name, variable, program_name = "wrk2", "WRK2", "wrk2"
    has_rate = True
    settling = 10

    def command(self, load):
        return [
            self.program, "-t", "1", "-c", load.connections, "-d", f"{load.seconds}s",
            "-R", load.rate, "--timeout", "10s", "-s", here.parent / "payment.lua", load.base,
        ]  # fmt: skip


class Vegeta(Tool):
    name, variable, program_name = "vegeta", "VEGETA", "vegeta"

    def command(self, load):
        targets = load.inputs / "targets.json"
        headers = {"Content-Type": ["application/json"], "Accept": ["application/json"]}
        with open(targets, "w") as file:
            for number in range(load.rate * load.seconds):
                body = base64.b64encode(payment(number + 1).encode()).decode()
                target = {"method": "POST", "url": load.url, "body": body, "header": headers}
                file.write(json.dumps(target) + "\n")
        return [
            self.program, "attack", "-format", "json", "-lazy", "-targets", targets,
            "-rate", f"{load.rate}/1s", "-duration", f"{load.seconds}s",
            "-output", load.inputs / "results.bin",
        ]  # fmt: skip

    def read(self, load, printed):
        results = load.inputs / "results.bin"
        plot = self.prints("report", "-type", "hdrplot", results)
        text = self.prints("report", results)
        (load.results / "report.txt").write_text(text)
        (load.results / "results.json").write_text(self.prints("encode", results))
        rows = [line.split() for line in plot.splitlines()[1:]]
        values = [(float(row[1]), float(row[0]) / 1e3) for row in rows if len(row) == 4]
        return Report(
            {q: min(v for p, v in values if p >= q / 100 - 1e-9) for q in (90, 99, 99.9)},
            first(r"Status Codes.*$", text),
        )


class Hey(Tool):
    name, variable, program_name = "hey", "HEY", "hey"

    def version(self):
        shown = subprocess.run(
            ["dpkg-query", "--show", "--showformat", "${Version}", "hey"],
            capture_output=True, text=True,
        )  # fmt: skip
        return shown.stdout or "of unknown version"

    def command(self, load):
        body = load.inputs / "body.json"
        body.write_text(payment(1))
        return [
            self.program, "-z", f"{load.seconds}s", "-c", load.connections,
            "-q", load.rate / load.connections, "-m", "POST", "-T", "application/json",
            "-D", body, load.url,
        ]  # fmt: skip

    def read(self, load, printed):
        found = re.findall(r"^\s+(\d+)%+ in ([\d.]+) secs", printed, re.MULTILINE)
        values = {int(percent): float(value) for percent, value in found}
        errors = re.findall(r"^\s+\[(\d+)\]\s+Post .*: (.*)$", printed, re.MULTILINE)
        count = sum(int(number) for number, _ in errors)
        words = f"Error distribution: {count} × {errors[0][1]}" if errors else ""
        return Report({q: values.get(q) for q in (90, 99, 99.9)}, words)


class H2load(Tool):
    name, variable, program_name = "h2load", "H2LOAD", "h2load"

    def command(self, load):
        body = load.inputs / "body.json"
        body.write_text(payment(1))
        return [
            self.program, "--h1", "-t", "1", "-c", load.connections,
            "--rps", load.rate / load.connections, "-D", load.seconds,
            "-d", body, "-H", "Content-Type: application/json",
            "--log-file", load.results / "log.tsv", load.url,
        ]  # fmt: skip

    def read(self, load, printed):
        rows = [line.split() for line in (load.results / "log.tsv").read_text().splitlines()]
        times = sorted(int(row[2]) / 1e6 for row in rows if row[1] != "-1")
        quantiles = {q: times[int(len(times) * q / 100)] for q in (90, 99, 99.9)} if times else {}
        return Report(quantiles, first(r"^requests: .*$", printed))


class K6(Tool):
    name, variable, program_name = "k6", "K6", "k6"

    def version(self):
        return first(r"v\d+\.\d+\.\d+\S*", self.prints("version"))

    def environment(self, load):
        return {
            "BASE": load.base, "RATE": load.rate, "SECONDS": load.seconds, "USERS": load.users,
            "SUMMARY": load.results / "summary.json",
        }  # fmt: skip

    def command(self, load):
        return [self.program, "run", "--quiet", "--no-usage-report", here / "payment.js"]

    def read(self, load, printed):
        metrics = json.loads((load.results / "summary.json").read_text())["metrics"]
        times = metrics["http_req_duration"]["values"]
        failed = metrics["http_req_failed"]["values"]
        return Report(
            {q: times[f"p({q})"] / 1e3 for q in (90, 99, 99.9)},
            f"http_req_failed {failed['passes']}, {failed['rate']:.2%}" if failed["passes"] else "",
        )


class Locust(Tool):
    name, variable, program_name = "locust", "LOCUST", "locust"
    accepted_statuses = (0, 1)  # 1: some requests failed

    def environment(self, load):
        return {"RATE_PER_USER": load.rate / load.connections}

    def command(self, load):
        return [
            self.program, "-f", here / "locustfile.py", "--headless", "--only-summary",
            "-u", load.connections, "-r", load.connections, "-t", f"{load.seconds}s",
            "--host", load.base,
        ]  # fmt: skip

    def read(self, load, printed):
        row = re.search(r"^ +Aggregated +(\d+(?: +\d+){11})$", printed, re.MULTILINE)
        columns = (50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100)
        times = dict(zip(columns, row.group(1).split())) if row else {}
        failure = re.search(r"^(\d+) +POST \S+ (.*)$", printed, re.MULTILINE)
        return Report(
            {q: float(times[q]) / 1e3 for q in (90, 99, 99.9) if q in times},
            f"{failure.group(1)} {failure.group(2).strip()}" if failure else "",
        )


known = (Paybench, Wrk2, Vegeta, K6, H2load, Hey, Locust, Wrk)
