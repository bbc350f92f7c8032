/// Which part of a run this process plays, when that begins, and where its result goes: from options and
/// the environment, an option before a variable. Nothing is guessed: where a variable has to be read, the
/// command line names the source (`ShardSource`), or there are paybench's own `SHARD_` variables.
package struct ShardSettings: Sendable, Equatable {
    package enum Start: Sendable, Equatable {
        /// Nanoseconds since 1970, UTC: when the whole plan begins.
        case at(Int64)
        case barrier(BarrierAddress)
        /// The only shard waits for nobody.
        case now
    }

    package enum Output: Sendable, Equatable {
        case folder(String)
        /// One framed line.
        case standardOutput
    }

    /// What the command line says; nil where it says nothing.
    package struct Options: Sendable {
        package var shard: String?
        package var runID: String?
        package var startAt: String?
        package var barrier: String?
        package var barrierTimeout: String?
        package var out: String?

        package init(
            shard: String? = nil, runID: String? = nil, startAt: String? = nil,
            barrier: String? = nil, barrierTimeout: String? = nil, out: String? = nil
        ) {
            self.shard = shard
            self.runID = runID
            self.startAt = startAt
            self.barrier = barrier
            self.barrierTimeout = barrierTimeout
            self.out = out
        }
    }

    package let place: ShardNumber
    package let runID: String
    package let start: Start
    /// How long shards wait for each other.
    package let barrierSeconds: Int
    package let output: Output

    /// nil: the whole plan is played here, and `options` ask for nothing else.
    ///
    /// - Parameters:
    ///   - folder: where results go if nothing says where.
    ///   - now: nanoseconds since 1970, UTC.
    package init?(
        _ options: Options, environment: [String: String], folder: String, now: Int64
    ) throws(ShardProblem) {
        let variables = ShardVariables(environment)
        let isAsked = options.shard != nil || variables.nameAPlace
        guard isAsked else {
            let stray = [
                ("--start-at", options.startAt), ("--barrier", options.barrier),
                ("--out", options.out),
            ]
            if let option = stray.first(where: { $0.1 != nil })?.0 {
                throw .withoutShard(option: option)
            }
            return nil
        }
        place = try Self.place(options.shard, variables)
        runID = try Self.runID(options.runID, variables)
        start = try Self.start(options, variables, place: place, now: now)
        barrierSeconds = try Self.seconds(options.barrierTimeout ?? "2m")
        switch options.out ?? variables["SHARD_RESULT_DIR"] {
        case "-": output = .standardOutput
        case let folder?: output = .folder(folder)
        case nil: output = .folder(folder)
        }
    }

    private static func place(
        _ option: String?, _ variables: ShardVariables
    ) throws(ShardProblem) -> ShardNumber {
        guard let option else { return try ShardSource.env.place(in: variables) }
        if let source = ShardSource(rawValue: option) { return try source.place(in: variables) }
        guard option.contains("/") else { throw .unknownSource(option) }
        return try ShardNumber(option)
    }

    private static func runID(
        _ option: String?, _ variables: ShardVariables
    ) throws(ShardProblem) -> String {
        guard let id = option ?? variables["SHARD_RUN_ID"] else { throw .noRunID }
        guard isRunID(id) else { throw .badRunID(id) }
        return id
    }

    /// It names a folder, too.
    private static func isRunID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count) && id.first != "."
            && id.allSatisfy { letter in
                letter.isASCII && (letter.isLetter || letter.isNumber || "._-".contains(letter))
            }
    }

    private static func seconds(_ text: String) throws(ShardProblem) -> Int {
        let factor = text.hasSuffix("s") ? 1 : text.hasSuffix("m") ? 60 : 0
        guard let number = wholeNumber(text.dropLast()), number <= 3600,
            (1...3600).contains(number * factor)
        else { throw .start(.badTimeout(text)) }
        return number * factor
    }

    /// What the command line says about the start stands against what the environment does.
    private static func start(
        _ options: Options, _ variables: ShardVariables, place: ShardNumber, now: Int64
    ) throws(ShardProblem) -> Start {
        let isOption = options.startAt != nil || options.barrier != nil
        let time = isOption ? options.startAt : variables["SHARD_START_AT"]
        let barrier = options.barrier ?? variables["SHARD_BARRIER"]
        switch (time, barrier) {
        case ("barrier"?, let barrier?): return .barrier(try BarrierAddress(barrier))
        case ("barrier"?, nil): throw .start(.noBarrier)
        case (let time?, _) where options.startAt != nil && options.barrier != nil:
            throw .start(.two(time: time))
        case (let time?, let barrier?) where !isOption:
            throw .start(.twoInEnvironment(time: time, barrier: barrier))
        case (let time?, _): return .at(try StartTime(time, now: now).nanoseconds)
        case (nil, let barrier?): return .barrier(try BarrierAddress(barrier))
        case (nil, nil):
            guard place.count == 1 else { throw .start(.unknown(place)) }
            return .now
        }
    }
}

/// Shard `index`, from 0, of `count`.
package struct ShardNumber: Sendable, Hashable, CustomStringConvertible {
    package static let most = 1024

    package let index: Int
    package let count: Int

    package init(_ index: Int, of count: Int) throws(ShardProblem) {
        guard (1...Self.most).contains(count), (0..<count).contains(index) else {
            throw .noSuchShard("\(index)/\(count)")
        }
        self.index = index
        self.count = count
    }

    /// Reads `I/N`.
    package init(_ text: String) throws(ShardProblem) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = wholeNumber(parts[0]),
            let count = wholeNumber(parts[1]),
            (1...Self.most).contains(count), (0..<count).contains(index)
        else { throw .noSuchShard(text) }
        self.index = index
        self.count = count
    }

    package var description: String { "\(index)/\(count)" }
}

/// Digits only; nil where there is anything else.
func wholeNumber(_ text: some StringProtocol) -> Int? {
    text.isEmpty || !text.utf8.allSatisfy { (48...57).contains($0) } ? nil : Int(text)
}
