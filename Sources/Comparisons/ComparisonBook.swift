import Budgets
import Histograms
import Metrics
import Payments
import Results
import Statistics

/// How adapters are compared.
package struct ComparisonSettings: Sendable, Equatable {
    /// At least one, each once.
    package var metrics: [Metric]
    /// Changes up to this part of the reference's value make no difference.
    package var equivalentWithin: Double
    /// Of all verdicts together.
    package var confidence: Double
    /// How often the verdicts may be looked at before the end.
    package var looks: Int

    package init(
        metrics: [Metric], equivalentWithin: Double = ComparedFigure.usualMargin,
        confidence: Double = 0.95, looks: Int = 1
    ) {
        self.metrics = metrics
        self.equivalentWithin = equivalentWithin
        self.confidence = confidence
        self.looks = looks
    }
}

/// A comparison of one run: gathers what its adapters did while it goes on, or from its log.
package struct ComparisonBook: Sendable {
    package let start: RunStart
    package let settings: ComparisonSettings
    /// Numbers of slices after which the verdicts are looked at; empty where only the end counts.
    package let looks: [Int]
    private(set) var arms: [ComparedArm]
    private var duetGuard: DuetGuard?
    private var ruler: SliceRuler

    /// nil where the run had one target, and nothing to compare.
    ///
    /// - Parameter endsWhenDecided: it may end at a look: then every look has to be the surer.
    package init?(
        _ settings: ComparisonSettings, of start: RunStart, endsWhenDecided: Bool = false
    ) {
        guard let design = start.design else { return nil }
        self.start = start
        ruler = SliceRuler(start)
        var settings = settings
        looks = endsWhenDecided ? Self.looks(at: ruler.planned) : []
        settings.looks = max(settings.looks, looks.count)
        self.settings = settings
        let sources = Metric.sources(of: settings.metrics)
        arms = design.adapters.map { adapter in
            ComparedArm(
                adapter.name, target: adapter.target, isReference: adapter.isReference,
                sources: sources, of: start, adapter: adapter.name)
        }
        duetGuard = DuetGuard(start)
    }

    /// After a quarter, the half and three quarters, as soon as there can be a verdict, and at the end.
    private static func looks(at planned: Int?) -> [Int] {
        guard let planned else { return [] }
        let early = [1, 2, 3].map { planned * $0 / 4 }.filter { $0 >= ComparedFigure.fewestSlices }
        return early + [planned]
    }

    /// What the run counted since the last time; before the seconds that are settled with it.
    package mutating func add(_ interval: Interval) {
        ruler.learn(interval.spans)
        duetGuard?.add(interval)
        for index in arms.indices { arms[index].add(interval, by: ruler) }
    }

    package mutating func add(_ settled: [RecordBuilder.SettledSecond]) {
        for second in settled {
            duetGuard?.add(second)
            for index in arms.indices { arms[index].add(second, by: ruler) }
        }
    }

    /// The adapters disturb each other, as far as the beginning of a duet tells; nil where that is not
    /// known yet, or was said before.
    package mutating func earlyInterference() -> Interference? { duetGuard?.early() }

    /// Slices in which every adapter has something, and that are over.
    package var wholeSlices: Int {
        guard let first = arms.first else { return 0 }
        let common = arms.dropFirst().reduce(Set(first.slices.keys)) {
            $0.intersection($1.slices.keys)
        }
        return max(0, common.count - 1)
    }

    /// All that was gathered, ready to be judged.
    package var material: ComparisonMaterial {
        var arms = arms
        for index in arms.indices { arms[index].take(ruler.spans(ofRecords: arms[index].phases)) }
        return ComparisonMaterial(
            arms: arms, design: design, sliceSeconds: ruler.seconds,
            interference: duetGuard?.finding)
    }

    private var design: ComparisonDesign {
        let kinds = (start.design?.passes ?? []).filter {
            $0.phases.contains { start.phases[$0].measured }
        }.map(\.kind)
        if kinds.contains(.duet) { return .duet }
        return kinds.contains(.blocks) ? .blocks : .sequential
    }
}

/// How what is compared was measured.
package enum ComparisonDesign: String, Codable, Sendable, CaseIterable {
    case duet, blocks
    /// One after another, in one run.
    case sequential
    /// In runs of their own.
    case apart

    /// Slices of the adapters share a time; else they only have a number in common.
    package var isPaired: Bool {
        switch self {
        case .duet, .blocks: true
        case .sequential, .apart: false
        }
    }
}

/// What a comparison is judged by.
package struct ComparisonMaterial: Sendable {
    /// In the order of the scenario; exactly one is the reference.
    package var arms: [ComparedArm]
    package var design: ComparisonDesign
    /// Of a slice, over all adapters.
    package var sliceSeconds: Int
    /// Of a duet.
    package var interference: Interference?

    /// Runs that were measured apart, in slices of 4 s by their own time; the first is the reference.
    package init(apart runs: [StoredRun]) {
        arms = runs.map(\.arm)
        design = .apart
        sliceSeconds = runs.first?.sliceSeconds ?? 1
        interference = nil
    }

    init(
        arms: [ComparedArm], design: ComparisonDesign, sliceSeconds: Int,
        interference: Interference?
    ) {
        self.arms = arms
        self.design = design
        self.sliceSeconds = sliceSeconds
        self.interference = interference
    }

    /// One run as a side of a comparison.
    package struct StoredRun: Sendable {
        fileprivate var arm: ComparedArm
        fileprivate var sliceSeconds: Int

        /// - Parameter log: of `interval.log`.
        package static func read(
            log: String, name: String, isReference: Bool, metrics: [Metric]
        ) throws(ResultError) -> StoredRun {
            let start = try IntervalLogReader(path: log).start
            var arm = ComparedArm(
                name, target: start.identity.target, isReference: isReference,
                sources: Metric.sources(of: metrics), of: start, adapter: nil)
            var ruler = SliceRuler(start)
            _ = try LoggedRun.read(
                log: log,
                each: { interval, seconds in
                    ruler.learn(interval.spans)
                    arm.add(interval, by: ruler)
                    for second in seconds { arm.add(second, by: ruler) }
                })
            arm.take(ruler.spans(ofRecords: arm.phases))
            return StoredRun(arm: arm, sliceSeconds: ruler.seconds)
        }
    }
}
