import Results

/// Whether what was measured can be believed: every check of the counts and times of the measured
/// phases. Causes in the generator or its host can make a measurement invalid, causes in the target at
/// most suspect.
///
/// In debug builds it traps where the counts of the record do not add up.
package func judge(_ record: Record) -> Verdict {
    let law = record.brokenLaw()
    assert(law == nil, law.map(\.description) ?? "")
    return verdict(on: record)
}

/// The same of a run that goes on: that it is not over is no reason to doubt it.
package func judge(soFar record: Record) -> Verdict {
    Verdict(Doubt.all(of: record).filter { $0.check != .wholeness })
}

/// `judge` without the trap.
func verdict(on record: Record) -> Verdict { Verdict(Doubt.all(of: record)) }

extension Verdict {
    /// The gravest first.
    init(_ doubts: [Doubt]) {
        let doubts = doubts.sorted { $0.validity > $1.validity }
        self.init(
            validity: doubts.first?.validity ?? .valid,
            causes: doubts.map { doubt in
                Verdict.Cause(
                    check: doubt.check.rawValue, value: doubt.value, threshold: doubt.threshold,
                    advice: doubt.advice)
            })
    }
}
