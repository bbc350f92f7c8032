/// Where an engine says which of its processes this is. Which one is asked is named on the command line:
/// in an array job of Slurm `SLURM_PROCID` and `SLURM_ARRAY_TASK_ID` are both set, and only one of them
/// tells shards apart.
package enum ShardSource: String, CaseIterable, Sendable {
    case env
    case slurmStep = "slurm-step"
    case slurmArray = "slurm-array"
    case k8s
    case mpi

    func place(in variables: ShardVariables) throws(ShardProblem) -> ShardNumber {
        switch self {
        case .env: return try pair(("SHARD_INDEX", "SHARD_COUNT"), variables)
        case .slurmStep: return try pair(("SLURM_PROCID", "SLURM_NTASKS"), variables)
        case .slurmArray: return try placeInArray(variables)
        // An Indexed Job has no variable for its size.
        case .k8s: return try pair(("JOB_COMPLETION_INDEX", "SHARD_COUNT"), variables)
        case .mpi: return try placeInWorld(variables)
        }
    }

    private typealias Names = (index: String, count: String)

    private func pair(
        _ names: Names, _ variables: ShardVariables
    ) throws(ShardProblem) -> ShardNumber {
        let index = try variables.number(names.index, for: self)
        let count = try variables.number(names.count, for: self)
        guard let place = try? ShardNumber(index, of: count) else {
            throw .noSuchShardInEnvironment(names.index, index, names.count, count)
        }
        return place
    }

    /// Ids need not begin with 0, and may have a step; gaps would be shards that nobody plays.
    private func placeInArray(_ variables: ShardVariables) throws(ShardProblem) -> ShardNumber {
        let prefix = "SLURM_ARRAY_TASK_"
        let id = try variables.number(prefix + "ID", for: self)
        let least = try variables.number(prefix + "MIN", for: self)
        let count = try variables.number(prefix + "COUNT", for: self)
        let isStepped = variables[prefix + "STEP"] != nil
        let step = isStepped ? try variables.number(prefix + "STEP", for: self) : 1
        let hasMost = variables[prefix + "MAX"] != nil
        let most = hasMost ? try variables.number(prefix + "MAX", for: self) : nil
        guard step >= 1, count >= 1, count <= ShardNumber.most, id >= least, most ?? 0 < .max / 2,
            (id - least) % step == 0, most.map({ $0 == least + (count - 1) * step }) ?? true
        else { throw .arrayWithGaps }
        return try ShardNumber((id - least) / step, of: count)
    }

    private static let worlds: [Names] = [
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
        ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
    ]

    /// The launchers of Open MPI, MVAPICH, and MPICH and those that come from it.
    private func placeInWorld(_ variables: ShardVariables) throws(ShardProblem) -> ShardNumber {
        var places: [ShardNumber] = []
        for names in Self.worlds where variables[names.index] != nil {
            places.append(try pair(names, variables))
        }
        guard let place = places.first else {
            throw .notSet(Self.worlds[0].index, source: self)
        }
        guard places.allSatisfy({ $0 == place }) else { throw .ranksDiffer }
        return place
    }
}

/// The environment; a variable that is empty counts as not set.
struct ShardVariables {
    private let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Our own variables say that there are shards.
    var nameAPlace: Bool { self["SHARD_INDEX"] != nil }

    func number(_ name: String, for source: ShardSource) throws(ShardProblem) -> Int {
        guard let text = self[name] else { throw .notSet(name, source: source) }
        guard let number = wholeNumber(text) else { throw .notANumber(name, text) }
        return number
    }
}
