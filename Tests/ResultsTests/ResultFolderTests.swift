import FoundationEssentials
import Glibc
import Payments
import Results
import Testing

@Suite struct ResultFolderTests {
    let start = 1_785_585_662.9

    @Test func everyRunHasAFolderOfItsOwnEvenInTheSameSecond() throws {
        try withTemporaryFolder { parent in
            let names = try (1...3).map { _ in
                try ResultFolder.create(in: "\(parent)/a/b", name: "quick", startedAt: start).path
            }
            let first = "\(parent)/a/b/quick-20260801T120102Z"
            #expect(names == [first, "\(first)-2", "\(first)-3"])
        }
    }

    @Test(arguments: [
        ("../../etc", "run..-..-etc"), ("a b/ü", "a-b--"), ("", "run"), ("-rf", "run-rf"),
        (String(repeating: "x", count: 300), String(repeating: "x", count: 100)),
    ])
    func noNameLeavesTheFolderOfResults(name: String, folder: String) throws {
        try withTemporaryFolder { parent in
            let made = try ResultFolder.create(in: parent, name: name, startedAt: start)
            #expect(made.path == "\(parent)/\(folder)-20260801T120102Z")
        }
    }

    @Test func aFolderIsCompleteOnceItHasItsSummaryAndNothingUnfinishedIsLeft() throws {
        try withTemporaryFolder { parent in
            let folder = try ResultFolder.create(in: parent, name: "quick", startedAt: start)
            #expect(!folder.isComplete)
            let reconcile = try folder.reconcile()
            let summary = Summary(record: smallRecord(), verdict: valid)
            try reconcile.finish()
            try folder.write(smallRecord(), summary, scenario: "version: 1\n")
            #expect(folder.isComplete)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(
                Set(files) == [
                    "errors.csv", "reconcile.csv", "scenario.yaml", "summary.csv", "summary.json",
                    "timeline.csv",
                ])
            #expect(try text(of: "\(folder.path)/scenario.yaml") == "version: 1\n")
        }
    }

    /// No file may be longer than 820 bytes for a while: the sixth row ends behind that.
    @Test func rowsThatFoundNoRoomAreWrittenOnceThereIsSome() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            try withTemporaryFolder { path in
                let writer = try ResultFolder(path: path).reconcile()
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                let usual = limit.rlim_cur
                for number in 0..<30 {
                    limit.rlim_cur = (5..<25).contains(number) ? 820 : usual
                    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                    let failure = Result { try writer.append([uncertain(number)]) }
                    let isFull = if case .failure = failure { true } else { false }
                    precondition(isFull == (5..<25).contains(number))
                }
                try writer.finish()
                let rows = try text(of: "\(path)/reconcile.csv").split(separator: "\n").dropFirst()
                let ids = rows.map { String($0.prefix { $0 != "," }) }
                precondition(ids == (0..<30).map { "id-\($0)" }, "\(ids)")
                precondition(rows.allSatisfy { $0.filter { $0 == "," }.count == 10 })
            }
        }
    }

    @Test func aFileInThePlaceOfTheParentIsNamedWithTheSystemsWords() throws {
        try withTemporaryFolder { parent in
            let file = "\(parent)/results"
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            let error = #expect(throws: ResultError.self) {
                try ResultFolder.create(in: file, name: "quick", startedAt: start)
            }
            let path = "\(file)/quick-20260801T120102Z"
            #expect(error == .system(.create, path: path, code: ENOTDIR))
            #expect(error?.description == "cannot create \(path): Not a directory")
        }
    }

    @Test func aFileWithTheNameOfTheFolderIsLeftAlone() throws {
        try withTemporaryFolder { parent in
            let taken = "\(parent)/quick-20260801T120102Z"
            _ = FileManager.default.createFile(atPath: taken, contents: Data("mine".utf8))
            let folder = try ResultFolder.create(in: parent, name: "quick", startedAt: start)
            #expect(folder.path == "\(taken)-2")
            #expect(try text(of: taken) == "mine")
        }
    }

    @Test func aFullDiskIsToldAndLeavesNoPart() throws {
        try withTemporaryFolder { path in
            // Whatever is written to the part goes to a device that is always full.
            #expect(symlink("/dev/full", "\(path)/errors.csv.part") == 0)
            let error = #expect(throws: ResultError.self) {
                try ResultFolder(path: path).write("text", to: "errors.csv")
            }
            #expect(error == .system(.write, path: "\(path)/errors.csv", code: ENOSPC))
            let left = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(left.isEmpty)
        }
    }

    @Test func aFolderThatIsGoneIsATypedError() {
        let error = #expect(throws: ResultError.self) {
            try ResultFolder(path: "/nowhere").write("text", to: "errors.csv")
        }
        #expect(error == .system(.create, path: "/nowhere/errors.csv", code: ENOENT))
    }
}

@Suite struct ReconcileTests {
    let payment = UncertainPayment(
        paymentID: "=5f1c", payment: "card, gold", phase: "steady", outcome: .inDoubt,
        code: "=1\n", httpStatus: nil, intended: 1_785_585_662, sent: nil,
        completed: 1_785_585_672.000001, stage: .allLeft)

    static let header =
        "payment_id,outcome,code,http_status,payment,phase,intended,sent,completed,stage,"
        + "adapter\n"
    static let row =
        "=5f1c,in_doubt,'=1\\u{a},,\"card, gold\",steady,2026-08-01T12:01:02.000000Z,,"
        + "2026-08-01T12:01:12.000001Z,all_left,\n"

    @Test func rowsAreInTheFileAsSoonAsTheyAreHandedIn() throws {
        try withTemporaryFolder { path in
            let writer = try ResultFolder(path: path).reconcile()
            #expect(try text(of: "\(path)/reconcile.csv.part") == Self.header)
            try writer.append([payment])
            try writer.append([])
            #expect(try text(of: "\(path)/reconcile.csv.part") == Self.header + Self.row)
            try writer.append([payment, payment])
            try writer.finish()
            try writer.finish()
            let rows = Self.row + Self.row + Self.row
            #expect(try text(of: "\(path)/reconcile.csv") == Self.header + rows)
        }
    }

    @Test func aWriterThatIsDroppedLeavesItsRowsBehind() throws {
        try withTemporaryFolder { path in
            try ResultFolder(path: path).reconcile().append([payment])
            let files = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(files == ["reconcile.csv.part"])
        }
    }
}

@Suite struct StoredSummaryTests {
    @Test func anUnknownVersionIsNamed() throws {
        let error = try failure(of: "{\"format\": \"paybench-summary/9\", \"x\": 1}")
        #expect(error?.description.contains("format paybench-summary/9 is unknown here") == true)
    }

    @Test(arguments: [
        ("", "not JSON"), ("{", "not JSON"), ("[]", ": not a summary of a run"),
        ("{}", "format is missing"),
        ("{\"format\": \"paybench-summary/1\"}", "is missing"),
        ("{\"format\": 7}", "format is not what it should be"),
    ])
    func whatIsNoSummaryIsSaidToBeNone(text: String, reason: String) throws {
        let error = try failure(of: text)
        #expect(error?.description.hasSuffix(reason) == true, "\(String(describing: error))")
    }

    @Test func aSummaryThatContradictsItselfIsCorrupt() throws {
        var summary = Summary(record: smallRecord(), verdict: valid)
        summary.totals.planned += 1
        let error = try failure(of: summary.json())
        #expect(
            error?.description.hasSuffix(
                "planned = started + skipped does not hold in totals: 15 and 14") == true)
    }

    @Test func aSummaryThatWasFoundInvalidForItsAccountsIsRead() throws {
        var summary = Summary(record: smallRecord(), verdict: valid)
        summary.totals.planned += 1
        summary.verdict = Verdict(
            validity: .invalid,
            causes: [.init(check: "accounting", value: 1, threshold: 0, advice: "")])
        #expect(try failure(of: summary.json()) == nil)
    }

    @Test func aSummaryThatIsNotThereIsATypedError() {
        let error = #expect(throws: ResultError.self) { try Summary.read("/nowhere") }
        #expect(error?.description == "cannot read /nowhere: No such file or directory")
    }

    @Test func keysOfANewerProgramAreIgnoredAndMissingOptionalOnesAreNone() throws {
        let summary = Summary(record: smallRecord(), verdict: valid)
        let json = try summary.json()
        let changed = "{\"brand_new\": [1], " + json.dropFirst()
        try withTemporaryFolder { path in
            try ResultFolder(path: path).write(
                changed.split(separator: "\n").filter { !$0.contains("\"p99_99_us\"") }
                    .joined(separator: "\n"),
                to: "summary.json")
            #expect(try Summary.read(path).totals == summary.totals)
        }
    }

    private func failure(of text: String) throws -> ResultError? {
        var failure: ResultError?
        try withTemporaryFolder { path in
            try ResultFolder(path: path).write(text, to: "summary.json")
            do throws(ResultError) {
                _ = try Summary.read(path)
            } catch {
                failure = error
            }
        }
        return failure
    }
}

private func uncertain(_ number: Int) -> UncertainPayment {
    UncertainPayment(
        paymentID: "id-\(number)", payment: "card", phase: "steady", outcome: .inDoubt,
        code: "GOT_NOTHING", httpStatus: nil, intended: 1_785_585_662, sent: 1_785_585_662,
        completed: 1_785_585_663, stage: .allLeft)
}
