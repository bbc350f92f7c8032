import Curl

/// The CPU and memory limits of the control groups that this process is in (man 7 cgroups), of
/// version 2 or of version 1; each level above counts as well.
struct ContainerLimits: Sendable {
    /// Folders, innermost first.
    private let cpuFolders: [String]
    private let memoryFolders: [String]
    private let text: @Sendable (String) -> String?

    /// - Parameter text: the text of a file, nil where there is none.
    init(text: @escaping @Sendable (String) -> String? = { KernelFile.text($0) }) {
        self.text = text
        let groups = (text("/proc/self/cgroup") ?? "").split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }.filter { $0.count == 3 }
        func folders(_ controller: Substring) -> [String] {
            if let group = groups.first(where: { $0[1].split(separator: ",").contains(controller) })
            {
                return Self.folders(of: group[2], under: "/sys/fs/cgroup/\(controller)")
            }
            guard let group = groups.first(where: { $0[1].isEmpty }) else { return [] }
            return Self.folders(of: group[2], under: "/sys/fs/cgroup")
        }
        cpuFolders = folders("cpu")
        memoryFolders = folders("memory")
    }

    /// `/a/b`, `/a` and the root itself. In a container the path may be that outside of it; what is
    /// not there has no limit.
    private static func folders(of path: Substring, under root: String) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).reversed().map { count in
            ([root] + names[..<count].map(String.init)).joined(separator: "/")
        }
    }

    /// In cores; nil where there is none.
    var cpu: Double? {
        cpuFolders.compactMap { folder -> Double? in
            let quota =
                numbers("\(folder)/cpu.max")
                ?? [numbers("\(folder)/cpu.cfs_quota_us"), numbers("\(folder)/cpu.cfs_period_us")]
                .compactMap { $0?.first }
            guard quota.count == 2, quota[0] > 0, quota[1] > 0 else { return nil }
            return Double(quota[0]) / Double(quota[1])
        }.min()
    }

    /// In bytes; nil where there is none.
    var memory: Int? {
        memoryFolders.compactMap { folder -> Int? in
            let limit =
                numbers("\(folder)/memory.max") ?? numbers("\(folder)/memory.limit_in_bytes")
            // Version 1 says 2^63 less a page where it means none.
            return limit?.first.flatMap { $0 < 1 << 60 ? $0 : nil }
        }.min()
    }

    /// nil where no limit is counted.
    var throttled: HostReading.Throttled? {
        cpuFolders.compactMap { text("\($0)/cpu.stat") }.reduce(nil) { sum, stat in
            var sum = sum ?? HostReading.Throttled()
            for line in stat.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count == 2, let number = Int64(words[1]) else { continue }
                switch words[0] {
                case "nr_throttled": sum.count += Int(number)
                case "throttled_usec": sum.time += number * 1000
                case "throttled_time": sum.time += number
                default: continue
                }
            }
            return sum
        }
    }

    /// nil where the file is not there, or says `max`.
    private func numbers(_ path: String) -> [Int]? {
        let numbers = text(path)?.split(whereSeparator: \.isWhitespace).map { Int($0) }
        guard let numbers, numbers.allSatisfy({ $0 != nil }) else { return nil }
        return numbers.compactMap(\.self)
    }
}
