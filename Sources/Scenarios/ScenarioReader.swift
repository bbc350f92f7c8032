import Digests
import Documents
import Glibc
import Payments
import Providers

/// Reads the scenario file: a `Scenario` that can be run, or every mistake in it.
package enum ScenarioReader {
    /// - Parameters:
    ///   - name: how complaints call the file.
    ///   - directory: what relative paths in the file are relative to.
    ///   - environment: what `${env:…}` and `${secret:…}` mean.
    ///   - libcurl: the version that would send, `7.88.1`; nil: fit for whatever the file asks.
    ///   - baseline: whether relative budgets may do without one in the file.
    package static func read(
        bytes: [UInt8], name: String, directory: String, environment: [String: String],
        libcurl: String? = nil, baseline: BaselineSupply = .none
    ) throws(DocumentError) -> Scenario {
        let complaints = Complaints(file: name)
        let surroundings = Surroundings(
            directory: directory, environment: environment, libcurl: libcurl, baseline: baseline)
        let scenario = Document.read(bytes: bytes, complaints: complaints).flatMap {
            rule(surroundings).read($0.root, complaints)
        }
        try complaints.check()
        guard var scenario else { throw DocumentError(file: name, place: nil, FileProblem.empty) }
        scenario.sha256 = SHA256.hexadecimal(of: bytes)
        return scenario
    }

    /// The same for a file; what it names is relative to its folder.
    package static func read(
        path: String, environment: [String: String], libcurl: String? = nil,
        baseline: BaselineSupply = .none
    ) throws(DocumentError) -> Scenario {
        try read(
            bytes: documentBytes(path: path, name: path), path: path, environment: environment,
            libcurl: libcurl, baseline: baseline)
    }

    /// The same of what has been read from there.
    package static func read(
        bytes: [UInt8], path: String, environment: [String: String], libcurl: String? = nil,
        baseline: BaselineSupply = .none
    ) throws(DocumentError) -> Scenario {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        return try read(
            bytes: bytes, name: path, directory: absolute(directory), environment: environment,
            libcurl: libcurl, baseline: baseline)
    }

    private static func absolute(_ directory: String) -> String {
        guard let resolved = realpath(directory, nil) else { return directory }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What a scenario looks like.
    package static var shape: Shape { rule(.none).shape }

    /// Complete whenever nothing was added to the complaints.
    private static func rule(_ surroundings: Surroundings) -> Rule<Scenario> {
        .mapping { fields in
            let rails = GuardRails(fields: fields)
            let scenario = read(fields, surroundings, rails)
            if let scenario, fields.complaints.isEmpty { PlanRules(fields: fields).check(scenario) }
            if let scenario, fields.complaints.isEmpty { rails.check(planOf: scenario) }
            return scenario
        }
    }

    private static func read(
        _ fields: Fields<ScenarioKey>, _ surroundings: Surroundings, _ rails: GuardRails
    ) -> Scenario? {
        let names = Names(fields)
        _ = fields.read(.version, by: .formatVersion)
        let name = fields.read(.name, by: .label)
        let seed = fields.read(.seed, by: .seed)
        let sets = fields.read(.data, by: .dataSets(surroundings)) ?? []
        let surroundings = surroundings.knowing(sets)
        let target = fields.read(.target, by: .target(surroundings))
        let limits = fields.read(.limits, by: .limits(names))
        let retry = fields.read(.retry, by: .retry)
        let payments = fields.read(.payments, by: .mix(surroundings))
        let flows = readFlows(fields, names, surroundings)
        let sections = Sections(
            fields, names, over: target, users: flows?.hasUsers ?? false, surroundings)
        let simulator = readSimulator(fields, for: target, sections, surroundings)
        let data = DataCheck(sets, target: target, payments: payments, sections: sections)
            .check(sets, fields.complaints)
        rails.check(target: target, sections)
        guard let name, let target, let payments, let flows else { return nil }
        var scenario = Scenario(
            name: name, seed: seed, target: target, simulator: simulator,
            limits: limits ?? Scenario.Limits(), data: data, payments: payments, retry: retry,
            flows: flows, sha256: "")
        sections.fill(&scenario)
        return scenario
    }

    /// `load` or `flows`, exactly one of the two; neither where another section brings the load.
    private static func readFlows(
        _ fields: Fields<ScenarioKey>, _ names: Names, _ surroundings: Surroundings
    ) -> [Scenario.Flow]? {
        let load = fields.read(.load, by: .load(names, surroundings))
        let flows = fields.read(.flows, by: .flows(names, surroundings))
        switch (fields[.load], fields[.flows]) {
        case (nil, nil):
            if fields[.compare] != nil || fields[.capacity] != nil { return [] }
            fields.complaints.add(LoadProblem.noLoad, at: fields.place)
        case (_?, let second?): fields.complaints.add(LoadProblem.twoLoads, at: second.place)
        case (_?, nil), (nil, _?): break
        }
        return load ?? flows
    }

    private static func readSimulator(
        _ fields: Fields<ScenarioKey>, for target: Scenario.Target?, _ sections: Sections,
        _ surroundings: Surroundings
    ) -> Provider? {
        let provider = fields.read(.simulator, by: .simulator(surroundings))
        guard let target else { return provider }
        if ([target] + sections.others.map(\.target)).contains(where: { $0.base == .simulator }) {
            return fields[.simulator] == nil ? Provider() : provider
        }
        // An adapter that was refused may have used it.
        if let node = fields[.simulator], sections.areComplete {
            fields.complaints.add(TargetProblem.unusedSimulator, at: node.place)
        }
        return nil
    }
}

/// What a scenario may refer to outside of its file.
struct Surroundings {
    var directory: String
    var environment: [String: String]
    /// `7.88.1`; nil: fit for everything.
    var libcurl: String?
    var baseline: BaselineSupply
    /// The data sets that templates can name, in the file's order; columns nil where the file was refused.
    private(set) var dataSets: [(name: String, columns: [String]?)] = []

    init(
        directory: String, environment: [String: String], libcurl: String? = nil,
        baseline: BaselineSupply = .none
    ) {
        self.directory = directory
        self.environment = environment
        self.libcurl = libcurl
        self.baseline = baseline
    }

    func knowing(_ sets: [OpenedDataSet]) -> Surroundings {
        var copy = self
        copy.dataSets = sets.map { ($0.name, $0.opened?.head.columns) }
        return copy
    }

    func path(_ written: String) -> String {
        written.hasPrefix("/") ? written : "\(directoryPrefix)\(written)"
    }

    /// A path without the folder that is known anyway.
    func shortened(_ path: String) -> String {
        path.hasPrefix(directoryPrefix) ? String(path.dropFirst(directoryPrefix.count)) : path
    }

    var directoryPrefix: String {
        directory.isEmpty || directory.hasSuffix("/") ? directory : directory + "/"
    }
}

extension Rule where Value == Provider {
    /// An inline tree, or the path of a provider file; complaints about the file bear its name.
    static func simulator(_ surroundings: Surroundings) -> Rule {
        let text = Rule<String>.text.shape
        let tree = ProviderReader.rule(from: .scenario).shape
        return Rule(.oneOf([text, tree])) { node, complaints in
            if case .mapping = node.content {
                return ProviderReader.read(node, from: .scenario, complaints: complaints)
            }
            let path = Rule<String>.text.described("a mapping, or the path of a provider file")
            guard let written = path.read(node, complaints) else { return nil }
            do throws(DocumentError) {
                let path = surroundings.path(written)
                guard access(path, R_OK) == 0 else {
                    let reason = String(cString: strerror(errno))
                    complaints.add(
                        TargetProblem.missingFile(written, reason: reason), at: node.place)
                    return nil
                }
                let bytes = try documentBytes(path: path, name: written)
                return try ProviderReader.read(bytes: bytes, name: written)
            } catch {
                complaints.add(error)
                return nil
            }
        }
    }
}
