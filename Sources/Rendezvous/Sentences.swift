import Documents

// What is quoted here is as it was read: whoever prints a sentence makes it printable.

extension ShardProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownSource(let text):
            let known = ShardSource.allCases.map(\.rawValue)
            let hint = nearestWord(to: text, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
            return "--shard \"\(text)\": I/N with I from 0 to N - 1, or where that is to be read: "
                + known.joined(separator: ", ") + hint
        case .noSuchShard(let text):
            return "--shard \"\(text)\": I/N, where N is 1…\(ShardNumber.most) and I is 0…N - 1: "
                + "the first of four is 0/4, the last 3/4"
        case .noSuchShardInEnvironment(let index, let place, let count, let all):
            return "\(index)=\(place), \(count)=\(all): there are 1…\(ShardNumber.most) shards, "
                + "counted from 0"
        case .notSet(let name, let source): return "\(name) is not set; \(source.words)"
        case .notANumber(let name, let text):
            return "\(name)=\"\(text)\": a whole number is needed"
        case .arrayWithGaps:
            return "the array of SLURM_ARRAY_TASK_ID has gaps (see SLURM_ARRAY_TASK_MIN, _MAX, "
                + "_STEP, _COUNT); all shards have to be there: --array=0-3, for example"
        case .ranksDiffer:
            return "OMPI_COMM_WORLD_RANK, MV2_COMM_WORLD_RANK and PMI_RANK name different shards; "
                + "--shard I/N says which one this is"
        case .noRunID:
            return "shards of one run need one run id: --run ID, or SHARD_RUN_ID, the same for all "
                + "of them and new for each run"
        case .badRunID(let id):
            return "--run \"\(id)\": a shard's run id is 1…64 letters, digits, dots, dashes or "
                + "underscores, and does not begin with a dot"
        case .withoutShard(let option):
            return "\(option) is for shards; --shard I/N says which one this is"
        case .start(let problem): return problem.description
        }
    }
}

extension StartProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknown(let place):
            "shard \(place) does not know when to begin: --start-at TIME (UNIX seconds or RFC 3339) "
                + "or --barrier HOST:PORT, the same for all shards"
        case .noBarrier:
            "--start-at barrier needs --barrier HOST:PORT, where shard 0 listens"
        case .two(let time):
            "--start-at \(time) and --barrier: one of them says when to begin"
        case .twoInEnvironment(let time, let barrier):
            "SHARD_START_AT=\(time), SHARD_BARRIER=\(barrier): one of them says when to begin"
        case .badTime(let text):
            "--start-at \"\(text)\": UNIX seconds (1767225600.5), RFC 3339 "
                + "(2026-01-01T00:00:00.5Z), or barrier"
        case .distantTime(let text):
            "--start-at \"\(text)\" is more than a day from now; it is in UNIX seconds, not in "
                + "milliseconds, or RFC 3339"
        case .badAddress(let text):
            "--barrier \"\(text)\": HOST:PORT (10.0.0.7:7000, [::1]:7000), where shard 0 listens "
                + "and the others call"
        case .badTimeout(let text): "--barrier-timeout \"\(text)\": 1s to 60m, as 90s or 5m"
        }
    }
}

extension ShardSource {
    fileprivate var words: String {
        switch self {
        case .env: "--shard env reads SHARD_INDEX and SHARD_COUNT"
        case .slurmStep: "--shard slurm-step reads SLURM_PROCID and SLURM_NTASKS, which srun sets"
        case .slurmArray:
            "--shard slurm-array reads SLURM_ARRAY_TASK_ID, _MIN and _COUNT of an array job"
        case .k8s:
            "--shard k8s reads JOB_COMPLETION_INDEX, which an Indexed Job sets, and SHARD_COUNT, "
                + "which its manifest has to set"
        case .mpi:
            "--shard mpi reads OMPI_COMM_WORLD_RANK and _SIZE, MV2_COMM_WORLD_RANK and _SIZE, or "
                + "PMI_RANK and PMI_SIZE"
        }
    }
}

extension BarrierFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .interrupted: "interrupted before the start"
        case .cannotListen(let address, let reason):
            "shard 0 can't listen at \(address) (\(reason))"
        case .cannotReach(let address, let reason):
            "no barrier at \(address) (\(reason))"
        case .missing(let shards, let seconds):
            "\(Self.named(shards)) did not come to the barrier within \(seconds) s"
        case .gone(let shard): "shard \(shard) is gone: its connection to the barrier closed"
        case .silent(let shard): "shard \(shard) does not answer at the barrier"
        case .otherPlan(let shard, let what): "shard \(shard) has another plan: \(what)"
        case .refused(let reason): "the barrier was called off: \(reason)"
        case .late(let seconds): "the barrier gave no start within \(seconds) s"
        case .wrongStart: "the barrier's start is not ahead of us"
        }
    }

    private static func named(_ shards: [Int]) -> String {
        let most = 10
        let names = shards.prefix(most).map(String.init).joined(separator: ", ")
        let more = shards.count > most ? " and \(shards.count - most) more" : ""
        return (shards.count == 1 ? "shard " : "shards ") + names + more
    }
}
