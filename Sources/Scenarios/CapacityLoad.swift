import Arrivals

extension Scenario.Capacity {
    /// A stretch of time at one rate.
    package struct Stretch: Sendable, Equatable {
        package var name: String
        package var perSecond: Double
        package var length: Duration
        package var measure: Bool

        package init(name: String, perSecond: Double, length: Duration, measure: Bool) {
            (self.name, self.perSecond) = (name, perSecond)
            (self.length, self.measure) = (length, measure)
        }
    }

    /// One behind the other, with this section's arrivals.
    package func flow(_ stretches: [Stretch]) -> Scenario.Flow {
        let phases = stretches.map { stretch in
            Scenario.Phase(
                name: stretch.name,
                model: .open(.rate(.constant(Rate(perSecond: stretch.perSecond)), arrivals)),
                end: Scenario.End(length: stretch.length), measure: stretch.measure)
        }
        return Scenario.Flow(phases: phases, steps: phases.indices.map(Scenario.Step.phase))
    }
}
