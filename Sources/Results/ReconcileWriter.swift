import Synchronization

/// `reconcile.csv`: the payments whose booking has to be looked up, one row each, in the order in
/// which they came to be known.
///
/// Rows reach the system with each `append`, so that a crash of this program loses none that was handed
/// in: until `finish()` they are in `reconcile.csv.part`. Any thread may call.
package final class ReconcileWriter: Sendable {
    /// nil once finished.
    private let file: Mutex<StagedFile?>

    init(in folder: String) throws(ResultError) {
        let staged = try StagedFile("reconcile.csv", in: folder)
        try staged.write(
            "payment_id,outcome,code,http_status,payment,phase,intended,sent,completed,stage\n")
        file = Mutex(staged)
    }

    /// - Precondition: `finish()` was not called.
    package func append(_ payments: some Sequence<UncertainPayment>) throws(ResultError) {
        let rows = payments.reduce(into: "") { $0 += $1.csv }
        guard !rows.isEmpty else { return }
        try file.withLock { (staged) throws(ResultError) in
            guard staged != nil else { preconditionFailure("reconcile.csv was finished before") }
            try staged?.write(rows)
        }
    }

    /// Syncs the file and gives it its name; the second time, nothing.
    package func finish() throws(ResultError) {
        try file.withLock { (staged) throws(ResultError) in
            guard let whole = staged.take() else { return }
            try whole.commit()
        }
    }
}

extension UncertainPayment {
    /// The payment's id is there letter for letter: it is what the booking is looked up by.
    var csv: String {
        CSV.row([
            .text(paymentID), .text(outcome.name), .foreign(code), .integer(httpStatus),
            .text(payment), .text(phase), .instant(intended), .instant(sent), .instant(completed),
            .text(stage.rawValue),
        ])
    }
}
