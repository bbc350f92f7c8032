import Results

/// `generator.cpu`: the share of its CPU that the generator used, or waited for. Delay in its loop grows
/// as 1/(1 − share): 3.3-fold at 70 %, tenfold at 90 %.
///
/// Beyond the last bound it makes a measurement invalid only where sends were late too; a closed model
/// that is driven flat out has no schedule to miss.
struct BusyGenerator: Sendable, Equatable {
    static let used = Bounds(ok: 0.7, most: 0.9)
    /// Of the time of a worker that is ready to run and has no core: others have them. By itself suspect:
    /// what it did shows in the lag.
    static let queued = Bounds(ok: 0.05, most: 0.2)

    /// CPU of the process, less what workers spent awake before arrivals, by all that it may use, as its container limits it; of the busiest worker by one
    /// core.
    var process: Double
    var worker: Double
    /// Of the worker that waited most; 0 where the kernel does not say.
    var queued: Double
    var sendsLate: Bool

    /// nil for a run that was killed: what of its CPU it only waited with is not known.
    init?(in record: Record, sendsLate: Bool) {
        guard record.ending != .killed else { return nil }
        let generator = record.generator
        let cores = min(Double(generator.cores), record.environment?.cpuLimit ?? .infinity)
        let available = record.wallSeconds * cores
        process = available > 0 ? generator.cpuSeconds / available : 0
        worker = generator.busiestWorker
        queued = record.host?.queuedShare ?? 0
        self.sendsLate = sendsLate
    }
}

extension Doubt {
    init?(_ busy: BusyGenerator) {
        let used = Doubt(
            .generatorCPU, max(busy.process, busy.worker), within: BusyGenerator.used,
            gravest: busy.sendsLate ? .invalid : .suspect, advice: busy.advice)
        let queued = Doubt(
            .generatorCPU, busy.queued, within: BusyGenerator.queued,
            advice: "A worker was ready to run and had no core for \(Figures.share(busy.queued)) "
                + "of the run: other programs had the machine's cores. Stop them, or use another "
                + "machine.")
        let worst = [used, queued].compactMap(\.self).max { $0.validity < $1.validity }
        guard let worst else { return nil }
        self = worst
    }
}

extension BusyGenerator {
    fileprivate var advice: String {
        worker > process
            ? "The busiest worker used \(Figures.share(worker)) of its core. Lower the rate, add "
                + "workers or use another machine."
            : "The generator used \(Figures.share(process)) of its CPU. Lower the rate or use a "
                + "machine with more cores."
    }
}
