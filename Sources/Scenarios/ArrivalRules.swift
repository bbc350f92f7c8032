import Arrivals
import Documents
import Glibc

private enum RecordingKey: String, FieldKey {
    case file, column, unit, speed, window

    var field: Field {
        switch self {
        case .file:
            Field(
                "CSV of recorded arrivals; relative to the scenario.",
                Rule.file(.visible, .none), .required, example: "arrivals.csv")
        case .column:
            Field(
                "Where the timestamps stand, by name or by number from 1.", Rule.column,
                .otherwise("the only one"), example: "time")
        case .unit:
            Field(
                "What the timestamps are.", Rule<TimeUnit>.word,
                .otherwise("as the first one looks"))
        case .speed: Field("2x: twice as fast.", Rule.speed, .defaultsTo("1x"), example: "2x")
        case .window: Field("A part of the recording.", Rule.window, .otherwise("all of it"))
        }
    }
}

private enum WindowKey: String, FieldKey {
    case from, to

    var field: Field {
        switch self {
        case .from: Field("From its beginning on.", Rule.instant, .defaultsTo("0s"))
        case .to: Field("Until then.", Rule.instant, .otherwise("to the end"), example: "10m")
        }
    }
}

extension Rule where Value == Duration {
    fileprivate static var instant: Rule { .duration(in: .zero...(.seconds(3660 * 86_400))) }
}

extension ArrivalFileProblem: Problem {
    package var sentence: String { description }
}

/// A file of arrivals as it is written, not yet read.
struct RecordingOrder {
    /// As complaints call it, and where it is named.
    var file: String
    var place: Place
    var path: String
    var options: RecordedArrivals.Options

    /// Reads the file once, and once more where the phase ends before it does.
    func check(_ end: Scenario.End, _ complaints: Complaints) -> Scenario.Recording? {
        do throws(ArrivalFileProblem) {
            let arrivals = try RecordedArrivals.check(path: path, options)
            let totals = try ArrivalSchedule.recorded(arrivals).totals(
                length: end.length?.nanoseconds, count: end.payments)
            return totals.map {
                Scenario.Recording(arrivals: arrivals, column: options.column, totals: $0)
            }
        } catch {
            complaints.add(complaint(of: error, in: complaints.file))
            return nil
        }
    }

    /// At the line of the file of arrivals; about that file as a whole, where the scenario names it.
    private func complaint(of problem: ArrivalFileProblem, in scenario: String) -> Complaint {
        if let line = problem.line {
            let place = Place(line: line, column: 1)
            return Complaint(file: file, place: place, problem: problem)
        }
        if case .unreadable(let code) = problem.kind {
            let reason = String(cString: strerror(code))
            let missing = TargetProblem.missingFile(file, reason: reason)
            return Complaint(file: scenario, place: place, problem: missing)
        }
        let about = LoadProblem.arrivals(file: file, problem)
        return Complaint(file: scenario, place: place, problem: about)
    }
}

extension Rule where Value == RecordingOrder {
    /// `{ file, column, unit, speed, window }`
    static func recording(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<RecordingKey>) in
            let path = fields.read(.file, by: .file(.visible, surroundings))?.constant
            var options = RecordedArrivals.Options()
            options.column = fields.read(.column, by: .column)
            options.unit = fields.read(.unit, by: Rule<TimeUnit>.word)
            let speed = fields.read(.speed, by: .speed)
            let window = fields.read(.window, by: .window)
            if fields[.column] != nil, options.column == nil { return nil }
            if fields[.unit] != nil, options.unit == nil { return nil }
            if fields[.speed] != nil, speed == nil { return nil }
            if fields[.window] != nil, window == nil { return nil }
            options.speed = speed ?? 1
            options.window = window ?? RecordedArrivals.Window()
            return path.map {
                RecordingOrder(
                    file: surroundings.shortened($0),
                    place: fields[.file]?.place ?? fields.place, path: $0, options: options)
            }
        }
    }
}

extension Rule where Value == RecordedArrivals.Column {
    /// A name of the header, or a number from 1.
    fileprivate static var column: Rule {
        let number = Rule<Int>.integer(in: 1...10_000)
        return Rule(.oneOf([.anyText, number.shape])) { node, complaints in
            if case .scalar(let scalar) = node.content, scalar.meaning == .number {
                return number.read(node, complaints)
                    .map { .number($0) }
            }
            return Rule<String>.text.described("a name of the header, or a number from 1")
                .read(node, complaints).map { .named($0) }
        }
    }
}

extension Rule where Value == Double {
    /// `2x`: twice as fast.
    fileprivate static var speed: Rule {
        let allowed = "a speed such as 2x or 0.5x"
        let shape = Shape.text(
            pattern: #"^[0-9][0-9.]*x$"#, words: "\(allowed), 0.001x to 1000x")
        return scalar(allowed, shape) { scalar in
            let digits = scalar.text.dropLast()
            let isPlain =
                digits.first?.isNumber ?? false && digits.allSatisfy("0123456789.".contains)
            guard scalar.text.last == "x", isPlain, let speed = Double(digits) else {
                if scalar.meaning == .nothing { throw WrongKind() }
                throw Violation(ValueProblem.badText(scalar.text, allowed: allowed))
            }
            guard (0.001...1000).contains(speed) else {
                throw Violation(ValueProblem.outOfRange(scalar.text, allowed: "0.001x to 1000x"))
            }
            return speed
        }
    }
}

extension Rule where Value == RecordedArrivals.Window {
    fileprivate static var window: Rule {
        .mapping { (fields: Fields<WindowKey>) in
            let from = fields.read(.from, by: .instant)
            let to = fields.read(.to, by: .instant)
            if fields[.from] != nil, from == nil { return nil }
            if fields[.to] != nil, to == nil { return nil }
            if let to, to <= from ?? .zero {
                let problem = LoadProblem.fromAboveTo((from ?? .zero).written, to.written)
                fields.complaints.add(problem, at: fields[.to]?.place)
                return nil
            }
            return RecordedArrivals.Window(
                from: (from ?? .zero).nanoseconds, to: to?.nanoseconds)
        }
    }
}
