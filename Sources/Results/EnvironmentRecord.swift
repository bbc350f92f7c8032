/// Where a run took place and what it spoke, so that two results can be told to be alike. nil where it
/// is not known.
package struct EnvironmentRecord: Codable, Sendable, Equatable {
    /// `Linux 6.1.0-18-amd64 x86_64`
    package var kernel: String
    /// The first 12 hexadecimal digits of the SHA-256 of the host name.
    package var hostHash: String
    @NullWhenNone package var cpuModel: String?
    /// That this process may use.
    package var cores: Int
    /// `performance`, `powersave`, …; nil on most virtual machines.
    @NullWhenNone package var governor: String?
    /// Limits of the container: cores (2.5), and bytes.
    @NullWhenNone package var cpuLimit: Double?
    @NullWhenNone package var memoryLimitBytes: Int?
    @NullWhenNone package var clockSource: String?
    package var libcurl: String
    /// Library and version: `OpenSSL/3.0.15`.
    @NullWhenNone package var tlsLibrary: String?
    /// The address that connections went to; of the proxy, where there is one.
    @NullWhenNone package var peer: String?
    /// Of an answer: `1.1`.
    @NullWhenNone package var httpVersion: String?
    /// Negotiated: `TLSv1.3`; nil without TLS.
    @NullWhenNone package var tlsVersion: String?
    /// The target is on this machine and competes with the generator for it.
    package var sameHost: Bool
    /// Of a self-test before the run; nil where there was none.
    @NullWhenNone package var noiseFloor: NoiseFloor?
    /// Of `scenario.yaml` in the result folder: the scenario with its defaults filled in.
    package var effectiveSHA256: String

    enum CodingKeys: String, CodingKey {
        case kernel, cores, governor, libcurl, peer
        case hostHash = "host_hash"
        case cpuModel = "cpu_model"
        case cpuLimit = "cpu_limit_cores"
        case memoryLimitBytes = "memory_limit_bytes"
        case clockSource = "clock_source"
        case tlsLibrary = "tls_library"
        case httpVersion = "http_version"
        case tlsVersion = "tls_version"
        case sameHost = "same_host"
        case noiseFloor = "noise_floor"
        case effectiveSHA256 = "effective_scenario_sha256"
    }

    package init(
        kernel: String, hostHash: String, cores: Int, libcurl: String, sameHost: Bool,
        effectiveSHA256: String
    ) {
        self.kernel = kernel
        self.hostHash = hostHash
        self.cores = cores
        self.libcurl = libcurl
        self.sameHost = sameHost
        self.effectiveSHA256 = effectiveSHA256
        cpuModel = nil
        governor = nil
        cpuLimit = nil
        memoryLimitBytes = nil
        clockSource = nil
        tlsLibrary = nil
        peer = nil
        httpVersion = nil
        tlsVersion = nil
        noiseFloor = nil
    }
}
