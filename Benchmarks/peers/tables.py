"""What was measured of each tool, as Markdown."""


def time_of(seconds):
    if seconds is None:
        return "–"
    if seconds >= 0.9995:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 0.001 else f"{seconds * 1e6:.0f} µs"


def microseconds(seconds):
    return "–" if seconds is None else f"{seconds * 1e6:,.0f}"


def cell(value):
    return "–" if value is None or value == "" else str(value).replace("|", "/")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows]


def short(row):
    middle, tail = row.off_plan or (None, None)
    return [
        row.tool.name,
        microseconds(middle),
        microseconds(tail),
        microseconds(row.cpu),
        *(time_of(row.quantiles.get(percent)) for percent in (90, 99, 99.9)),
        row.named if row.resets is None else f"{row.named} of {row.resets}",
    ]


def behind(row):
    return [
        row.tool.name,
        row.tool.version(),
        row.per_second and f"{row.per_second:,.0f}",
        row.during_stall if row.during_stall is None else f"{row.during_stall:,}",
        f"`{row.errors}`" if row.errors else None,
        row.booked_twice,
    ]


def markdown(rows, truth, missing, failed):
    lines = table(
        ["tool", "off the plan, p50 µs", "p99 µs", "CPU µs a request"]
        + ["2-s stall: p90", "p99", "p99.9", "booked without an answer: it names"],
        [["*truth*", 0, 0, None, *(time_of(value) for value in truth.values()), "all"]]
        + [short(row) for row in rows],
    )
    lines += ["", "What is behind it:", ""]
    lines += table(
        ["tool", "version", "reached /s, of 5,000", "sent in the stall, of 2,000"]
        + ["what it says of the cut connections", "booked twice"],
        [behind(row) for row in rows],
    )
    for row in rows:
        if row.off_own_plan:
            middle, tail = map(microseconds, row.off_own_plan)
            lines += [
                "",
                f"{row.tool.name} against the plan that it tells itself (`started_at`): p50 {middle} µs,"
                f" p99 {tail} µs. It is awake",
                "for a moment before each payment, so as to be on time; without that its CPU is"
                f" {microseconds(row.cpu_of_requests)} µs a",
                "request by its own count.",
            ]
    if missing:
        lines += ["", f"Not run, as not on this machine: {', '.join(missing)}."]
    lines += [f"Failed: {line}" for line in failed]
    return "\n".join(lines)
