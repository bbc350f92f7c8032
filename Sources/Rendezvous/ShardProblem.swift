/// Why it can't be told which shard this is, or when it begins. Nothing was sent.
package enum ShardProblem: Error, Equatable {
    /// Neither I/N nor a source.
    case unknownSource(String)
    case noSuchShard(String)
    case noSuchShardInEnvironment(_ index: String, Int, _ count: String, Int)
    case notSet(String, source: ShardSource)
    case notANumber(_ variable: String, String)
    case arrayWithGaps
    case ranksDiffer
    case noRunID
    case badRunID(String)
    case withoutShard(option: String)
    case start(StartProblem)
}

package enum StartProblem: Error, Equatable {
    case unknown(ShardNumber)
    /// `--start-at barrier` alone.
    case noBarrier
    case two(time: String)
    case twoInEnvironment(time: String, barrier: String)
    case badTime(String)
    /// More than a day from now.
    case distantTime(String)
    case badAddress(String)
    case badTimeout(String)
}
