import Providers

/// How a simulator is to be started.
package struct SimulatorSettings: Sendable {
    package var provider: Provider
    /// A loopback address, or `localhost`.
    package var host = "127.0.0.1"
    /// Of the payments; 0: any free one.
    package var port = 0
    /// Of the ledger; 0: any free one.
    package var adminPort = 0
    /// Event loops that share the payments' connections.
    package var threads = 1
    /// nil: plain TCP.
    package var encryption: EncryptionSettings?
    package var connections = ConnectionLimits()
    /// Whether the ledgers keep when each payment came, fell due and was answered.
    package var keepsTimes = false
    /// Whether addresses beyond the loopback may be listened on.
    package var allowsAnyHost = false
    /// Takes the few things worth saying while running.
    package var say: @Sendable (String) -> Void = { _ in }

    package init(provider: Provider) { self.provider = provider }
}

/// Why a simulator did not start.
package enum SimulatorError: Error, Equatable {
    /// Only loopback addresses are served, unless others are allowed.
    case notLoopback(host: String)
    case notAnAddress(host: String)
    /// No PEM file of certificates.
    case clientAuthority(path: String)
    case portOutOfRange(Int)
    case portInUse(Int)
    /// The kernel's error number for binding this port.
    case cannotBind(port: Int, errno: Int32)
}
