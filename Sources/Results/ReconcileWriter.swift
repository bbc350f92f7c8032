import Synchronization

/// `reconcile.csv`: the payments whose booking has to be looked up, one row each, in the order in
/// which they came to be known.
///
/// Rows reach the system with each `append`, so that a crash of this program loses none that was handed
/// in: until `finish()` they are in `reconcile.csv.part`. What the system does not take is kept, and
/// offered again behind the next rows and at the end. Any thread may call.
package final class ReconcileWriter: Sendable {
    private struct Open: ~Copyable {
        var file: StagedFile
        /// Of the rows that the system has, whole; behind them there may be a part of one that failed.
        var length = 0
        var pending: String

        mutating func flush() throws(ResultError) {
            guard !pending.isEmpty else { return }
            do throws(ResultError) {
                try file.write(pending)
            } catch {
                file.truncate(to: length)
                throw error
            }
            length += pending.utf8.count
            pending = ""
        }
    }

    /// nil once finished.
    private let open: Mutex<Open?>

    init(in folder: String) throws(ResultError) {
        var first = Open(
            file: try StagedFile("reconcile.csv", in: folder),
            pending:
                "payment_id,outcome,code,http_status,payment,phase,intended,sent,completed,stage,"
                + "adapter\n")
        try first.flush()
        open = Mutex(first)
    }

    /// - Precondition: `finish()` was not called.
    package func append(_ payments: some Sequence<UncertainPayment>) throws(ResultError) {
        let rows = payments.reduce(into: "") { $0 += $1.csv }
        guard !rows.isEmpty else { return }
        try open.withLock { (open) throws(ResultError) in
            guard open != nil else { preconditionFailure("reconcile.csv was finished before") }
            open?.pending += rows
            try open?.flush()
        }
    }

    /// Syncs the file and gives it its name; the second time, nothing. A file that lacks rows keeps the
    /// name of a part.
    package func finish() throws(ResultError) {
        try open.withLock { (open) throws(ResultError) in
            guard var whole = open.take() else { return }
            try whole.flush()
            try whole.file.commit()
        }
    }
}

extension UncertainPayment {
    /// The payment's id is there letter for letter: it is what the booking is looked up by.
    var csv: String {
        CSV.row([
            .text(paymentID), .text(outcome.name), .foreign(code), .integer(httpStatus),
            .text(payment), .text(phase), .instant(intended), .instant(sent), .instant(completed),
            .text(stage.rawValue), .text(adapter ?? ""),
        ])
    }
}
