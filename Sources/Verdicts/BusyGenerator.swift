import Results

/// `generator.cpu`: the share of its CPU that the generator used. Delay in its loop grows as
/// 1/(1 − share): 3.3-fold at 70 %, tenfold at 90 %.
///
/// Above 90 % it makes a measurement invalid only where sends were late too; a closed model that is
/// driven flat out has no schedule to miss.
struct BusyGenerator: Sendable, Equatable {
    static let ok = 0.7
    static let suspect = 0.9

    enum Place: Sendable, Equatable {
        /// All CPU that the process may use.
        case process
        /// One worker, which can use one core.
        case worker
    }

    var share: Double
    var place: Place
    var sendsLate: Bool

    /// nil also for a run that was killed: what of its CPU it only waited with is not known.
    init?(in record: Record, sendsLate: Bool) {
        guard record.ending != .killed else { return nil }
        let generator = record.generator
        let available = record.wallSeconds * Double(generator.cores)
        let process = available > 0 ? generator.cpuSeconds / available : 0
        place = generator.busiestWorker > process ? .worker : .process
        share = max(process, generator.busiestWorker)
        self.sendsLate = sendsLate
        guard share > Self.ok else { return nil }
    }
}
