/// One probe as a row of `capacity.csv` and of the chart.
package struct CapacityStep: Codable, Sendable, Equatable {
    package var number: Int
    package var purpose: Probe.Purpose
    package var verdict: Observation.Verdict
    package var ratePerSecond: Double
    package var settleSeconds: Double
    package var measuredSeconds: Double
    package var scheduled: Int
    /// The most of all promises on latency; nil without one.
    @Nullable package var exceedingShare: Double?
    package var failedShare: Double
    package var achievedPerSecond: Double
    package var completedPerSecond: Double
    package var goodPerSecond: Double
    @Nullable package var meanInFlight: Double?
    @Nullable package var backlogGrowth: Double?
    @Nullable package var p50Microseconds: Double?
    @Nullable package var p90Microseconds: Double?
    @Nullable package var p99Microseconds: Double?
    @Nullable package var p999Microseconds: Double?
    package var wasStoppedEarly: Bool
    @Nullable package var generatorTrouble: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case number = "step"
        case purpose, verdict
        case ratePerSecond = "rate_per_s"
        case settleSeconds = "settle_s"
        case measuredSeconds = "measured_s"
        case scheduled
        case exceedingShare = "exceeding_share"
        case failedShare = "failed_share"
        case achievedPerSecond = "achieved_per_s"
        case completedPerSecond = "completed_per_s"
        case goodPerSecond = "good_per_s"
        case meanInFlight = "in_flight"
        case backlogGrowth = "backlog_growth_share"
        case p50Microseconds = "p50_us"
        case p90Microseconds = "p90_us"
        case p99Microseconds = "p99_us"
        case p999Microseconds = "p99_9_us"
        case wasStoppedEarly = "stopped_early"
        case generatorTrouble = "generator_trouble"
    }

    init(_ observation: Observation) {
        let (probe, result) = (observation.probe, observation.result)
        let scheduled = max(1, result.scheduled)
        let exceeding = result.slices.map(\.exceeding).reduce([Int]()) { sums, counts in
            sums.isEmpty ? counts : zip(sums, counts).map { $0 + $1 }
        }
        number = probe.number
        purpose = probe.purpose
        verdict = observation.verdict
        ratePerSecond = probe.rate
        settleSeconds = probe.settle
        measuredSeconds = probe.sliceSeconds * Double(result.slices.count)
        self.scheduled = result.scheduled
        exceedingShare = exceeding.max().map { Double($0) / Double(scheduled) }
        failedShare = Double(result.failed) / Double(scheduled)
        achievedPerSecond = result.achievedPerSecond
        completedPerSecond = result.completedPerSecond
        goodPerSecond = measuredSeconds > 0 ? Double(result.good) / measuredSeconds : 0
        let inFlight = result.inFlight
        meanInFlight =
            inFlight.isEmpty ? nil : inFlight.reduce(0, +) / Double(inFlight.count)
        backlogGrowth = observation.backlogGrowth
        p50Microseconds = result.times.p50Microseconds
        p90Microseconds = result.times.p90Microseconds
        p99Microseconds = result.times.p99Microseconds
        p999Microseconds = result.times.p999Microseconds
        wasStoppedEarly = result.wasStoppedEarly
        generatorTrouble = result.generatorTrouble
    }
}

extension CapacityAnswer {
    /// `capacity.csv` by RFC 4180: a header, and a row a step.
    package var csv: String {
        let header = CapacityStep.CodingKeys.allCases.map(\.rawValue).joined(separator: ",")
        return ([header] + steps.map(\.row)).map { $0 + "\n" }.joined()
    }
}

extension CapacityStep {
    fileprivate var row: String {
        CodingKeys.allCases.map(field).joined(separator: ",")
    }

    private func field(_ key: CodingKeys) -> String {
        switch key {
        case .number: String(number)
        case .purpose: purpose.rawValue
        case .verdict: verdict.rawValue
        case .ratePerSecond: Wording.decimal(ratePerSecond, 3)
        case .settleSeconds: Wording.decimal(settleSeconds, 3)
        case .measuredSeconds: Wording.decimal(measuredSeconds, 3)
        case .scheduled: String(scheduled)
        case .exceedingShare: Wording.decimal(exceedingShare, 6)
        case .failedShare: Wording.decimal(failedShare, 6)
        case .achievedPerSecond: Wording.decimal(achievedPerSecond, 3)
        case .completedPerSecond: Wording.decimal(completedPerSecond, 3)
        case .goodPerSecond: Wording.decimal(goodPerSecond, 3)
        case .meanInFlight: Wording.decimal(meanInFlight, 3)
        case .backlogGrowth: Wording.decimal(backlogGrowth, 6)
        case .p50Microseconds: Wording.decimal(p50Microseconds, 0)
        case .p90Microseconds: Wording.decimal(p90Microseconds, 0)
        case .p99Microseconds: Wording.decimal(p99Microseconds, 0)
        case .p999Microseconds: Wording.decimal(p999Microseconds, 0)
        case .wasStoppedEarly: wasStoppedEarly ? "true" : "false"
        case .generatorTrouble: Wording.quoted(generatorTrouble ?? "")
        }
    }
}
