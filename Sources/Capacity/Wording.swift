/// Figures as text, in sentences and in rows.
enum Wording {
    /// `372`, `35.4`, `4.25`, `1,240`: as many digits as a capacity is known to.
    static func rate(_ perSecond: Double) -> String {
        let digits = perSecond < 9.995 ? 2 : perSecond < 99.95 ? 1 : 0
        return grouped(decimal(perSecond, digits))
    }

    /// `250 ms`, `1.5 s`, `800 µs`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 0.001 { return "\(decimal(seconds * 1e6, 0)) µs" }
        return seconds < 1 ? "\(decimal(seconds * 1e3, 3)) ms" : "\(decimal(seconds, 3)) s"
    }

    /// `0.1 %`.
    static func percent(_ share: Double) -> String { "\(decimal(share * 100, 4)) %" }

    /// `p99`, `p99.9`.
    static func quantile(_ quantile: Double) -> String { "p" + decimal(quantile * 100, 4) }

    /// At most so many decimals, without trailing zeros; nothing for no number.
    static func decimal(_ value: Double?, _ digits: Int) -> String {
        guard let value, value.isFinite, abs(value) < 1e12 else { return "" }
        let scale = (0..<digits).reduce(1) { power, _ in power * 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let rest = String(scaled % scale + scale).dropFirst()
        let kept = digits == 0 ? "" : String(rest.reversed().drop { $0 == "0" }.reversed())
        return sign + String(scaled / scale) + (kept.isEmpty ? "" : "." + kept)
    }

    /// By RFC 4180, one line.
    static func quoted(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard line.contains(where: { $0 == "," || $0 == "\"" }) else { return line }
        return "\""
            + line.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    private static func grouped(_ number: String) -> String {
        let parts = number.split(separator: ".")
        guard let whole = parts.first else { return number }
        let digits = Array(whole)
        let text = digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digits[index])
        }
        return ([text] + parts.dropFirst().map(String.init)).joined(separator: ".")
    }
}

extension Promises {
    /// As they are written: `p99 < 250 ms`, `errors < 0.1 %`.
    package var texts: [String] {
        latencies.map {
            "\(Wording.quantile($0.quantile)) < \(Wording.duration($0.limitSeconds))"
        } + (errors.map { $0 == 0 ? ["no errors"] : ["errors < \(Wording.percent($0))"] } ?? [])
            + shares.map(\.text)
    }
}
