import Payments
import Results

extension RunMetrics {
    /// A label's name and value.
    typealias Labels = [(name: String, value: String)]

    private static let mostPhases = 50

    /// All of it, written down.
    package func text(as format: ExpositionFormat) -> String {
        let written = families.map { $0.text(as: format) }.joined()
        switch format {
        case .prometheus: return written
        case .openMetrics: return written + "# EOF\n"
        }
    }

    package var families: [MetricFamily] {
        aboutTheRun + validity + counters + [codeFamily] + times + generator
    }

    private var aboutTheRun: [MetricFamily] {
        let tool: Labels = [
            ("version", identity.toolVersion), ("libcurl", identity.libcurlVersion),
            ("swift", identity.swiftVersion),
        ]
        let run: Labels = [
            ("run_id", identity.runID), ("scenario", identity.scenarioName),
            ("target", identity.target),
        ]
        return [
            MetricFamily("paybench_build", .info, "The program.", [MetricSample(tool, 1)]),
            MetricFamily("paybench_run", .info, "The run.", [MetricSample(run, 1)]),
            MetricFamily(
                "paybench_run_start_time_seconds", .gauge, in: .seconds,
                "When the first phase began, since 1970-01-01 UTC.",
                [MetricSample([], identity.startedAt)]),
            MetricFamily(
                "paybench_run_duration_seconds", .gauge, in: .seconds,
                "From the start of the first phase until now.", [MetricSample([], elapsed)]),
            MetricFamily(
                "paybench_run_active", .gauge, "1 while the run lasts, then 0.",
                [MetricSample([], stage == .running ? 1 : 0)]),
            MetricFamily(
                "paybench_phase_active", .gauge, "1 while the phase sends, else 0.",
                phases.prefix(Self.mostPhases).map { phase in
                    MetricSample(
                        [("phase", phase.name)], stage == .running && phase.isActive ? 1 : 0)
                }),
        ]
    }

    private var validity: [MetricFamily] {
        guard let verdict else { return [] }
        let grades: [Verdict.Validity] = [.valid, .suspect, .invalid]
        let checks = Set(verdict.causes.map(\.check)).sorted()
        return [
            MetricFamily(
                "paybench_run_validity", .gauge,
                "1 for what the measurement is so far, 0 for what it is not.",
                grades.map {
                    MetricSample([("validity", $0.rawValue)], verdict.validity == $0 ? 1 : 0)
                }),
            MetricFamily(
                "paybench_run_doubt", .gauge,
                "1 for each check that the measurement does not pass so far.",
                checks.map { MetricSample([("check", $0)], 1) }),
        ]
    }

    private var counters: [MetricFamily] {
        [
            counter("planned", "Payments that were due.") { Double($0.planned) },
            counter("started", "Payments that were started.") { Double($0.started) },
            counter("skipped", "Payments that were due and not started.") { Double($0.skipped) },
            counter("completed", "Payments that ended, whatever their outcome.") {
                Double($0.completed)
            },
            MetricFamily(
                "paybench_payments", .counter, "Payments that ended, by outcome.",
                eachGroup { labels, counts in
                    Outcome.allCases.map { outcome in
                        MetricSample(
                            labels + [("outcome", outcome.name)],
                            Double(counts.outcomes[Int(outcome.rawValue)]))
                    }
                }),
            MetricFamily(
                "paybench_in_flight", .gauge, "Payments that were started and have not ended.",
                eachGroup { [MetricSample($0, Double(max(0, $1.started - $1.completed)))] }),
            counter("retries", "Attempts beyond the first of a payment.") { Double($0.retries) },
            counter("sent_bytes", in: .bytes, "Heads and bodies of requests.") {
                Double($0.bytesSent)
            },
            counter("received_bytes", in: .bytes, "Heads and bodies of answers.") {
                Double($0.bytesReceived)
            },
        ]
    }

    private func counter(
        _ name: String, in unit: MetricFamily.Unit? = nil, _ help: String,
        _ value: (Counts) -> Double
    ) -> MetricFamily {
        MetricFamily(
            "paybench_\(name)", .counter, in: unit, help,
            eachGroup { [MetricSample($0, value($1))] })
    }

    private var codeFamily: MetricFamily {
        MetricFamily(
            "paybench_codes", .counter,
            "Payments by outcome and code; the first \(CodeCounts.most) codes, then other.",
            groups.indices.flatMap { group in
                codes.keys.map { key in
                    MetricSample(
                        labels(of: group) + [("outcome", key.outcome.name), ("code", key.code)],
                        Double(codes.count(key, group: group)))
                }
            })
    }

    private var times: [MetricFamily] {
        [
            histogram(
                "response_time", "From the instant at which a payment was due to its end.",
                \.responseTime),
            histogram("service_time", "From the sending of a payment to its end.", \.serviceTime),
            MetricFamily(
                "paybench_send_delay_seconds", .histogram, in: .seconds,
                "From the instant at which a payment was due to its sending.",
                eachGroup { MetricSample.histogram($0, $1.sendDelay) }),
        ]
    }

    /// Of outcomes that came; until one did, of accepted payments.
    private func histogram(
        _ name: String, _ help: String, _ times: KeyPath<Counts, [DurationCounts]>
    ) -> MetricFamily {
        MetricFamily(
            "paybench_\(name)_seconds", .histogram, in: .seconds, help,
            eachGroup { labels, counts in
                zip(Outcome.allCases, counts[keyPath: times])
                    .filter { $0.0 == .accepted || $0.1.count > 0 }
                    .flatMap { outcome, counts in
                        MetricSample.histogram(labels + [("outcome", outcome.name)], counts)
                    }
            })
    }

    private var generator: [MetricFamily] {
        let signIns =
            signsIn
            ? [
                MetricFamily(
                    "paybench_sign_ins", .counter, "Sign-ins, failed ones included.",
                    [MetricSample([], Double(signIns.count))]),
                MetricFamily(
                    "paybench_failed_sign_ins", .counter, "Sign-ins that failed.",
                    [MetricSample([], Double(signIns.failed))]),
            ] : []
        return signIns + [
            MetricFamily(
                "paybench_generator_cpu_seconds", .counter, in: .seconds,
                "CPU time of this process, waiting awake before arrivals included.",
                [MetricSample([], cpuSeconds)]),
            MetricFamily(
                "paybench_generator_peak_memory_bytes", .gauge, in: .bytes,
                "The most memory that this process had.", [MetricSample([], Double(peakRSSBytes))]),
        ]
    }

    private func eachGroup(_ samples: (Labels, Counts) -> [MetricSample]) -> [MetricSample] {
        groups.indices.flatMap { samples(labels(of: $0), counts[$0]) }
    }

    private func labels(of group: Int) -> Labels {
        let measured: Labels = [("measured", groups[group].isMeasured ? "true" : "false")]
        return groups[group].adapter.map { [("adapter", $0)] + measured } ?? measured
    }
}
