import Arrivals
import Metrics

extension Scenario {
    /// How `paybench compare` measures the adapters, and what it says about them.
    package struct Compare: Sendable, Equatable {
        package var design: Design
        /// Of the blocks, also where interference makes them of a duet.
        package var block: Duration = .seconds(2)
        /// The beginning of each block that is not judged; shorter than the block.
        package var settle: Duration = .milliseconds(200)
        package var load: Load
        /// At least one, each once.
        package var metrics: [Metric] = Compare.usualMetrics
        /// Changes up to this part of the reference's value make no difference.
        package var equivalentWithin = 0.05
        /// Of all verdicts together.
        package var confidence = 0.95
        /// The whole comparison, at most.
        package var length: Duration
        /// It ends before its length as soon as every verdict stands.
        package var endsWhenDecided = false

        package enum Load: Sendable, Equatable {
            /// Arrivals that each adapter receives while it is measured.
            case rate(Rate)
            /// Users that each adapter has while it is measured; never in a duet.
            case users(Int)
        }

        package init(
            design: Design, load: Load, length: Duration, endsWhenDecided: Bool = false
        ) {
            (self.design, self.load) = (design, load)
            (self.length, self.endsWhenDecided) = (length, endsWhenDecided)
        }

        package static let usualMetrics: [Metric] = [
            .time(.responseTime, .percentile(50)), .time(.responseTime, .percentile(99)),
            .errors(.rate),
        ]
    }
}
