import Results

/// What the page of a run is made from.
package struct RunMaterial: Sendable {
    package var summary: Summary
    /// nil where only the summary is left of the run: its page then has no charts over time.
    package var record: Record?
    /// The effective scenario, secrets masked; nil where it is not known.
    package var scenario: String?
    /// The first of the payments whose booking has to be looked up.
    package var uncertain: [UncertainPayment] = []
    /// Started, and without an answer in the results; of a run that was killed.
    package var unanswered: [UnansweredPayment] = []
    /// What is missing in the results, in whole sentences.
    package var notes: [String] = []

    /// Payments of each list that a page shows; the others are in the files of the result.
    package static let mostPayments = 100

    package init(_ summary: Summary, record: Record?, scenario: String?) {
        self.summary = summary
        self.record = record
        self.scenario = scenario
    }
}
