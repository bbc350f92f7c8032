import Runs
import Scenarios

extension Scenario {
    /// Real payments are sent only to who says so; else the command ends with 64.
    func askForConsent(given isGiven: Bool, file: String) throws {
        guard targets.contains(where: { $0.environment == .production }), !isGiven else { return }
        Terminal.say(
            "\(file): target.environment is production; add --yes to send real payments")
        throw ExitStatus.usage.exit
    }

    /// nil where nothing asks for the stand-in.
    func startSimulator() throws(RunFailure) -> SimulatorProcess? {
        guard let simulator else { return nil }
        return try SimulatorProcess.start(
            executable: "/proc/self/exe", provider: simulator.documentText)
    }
}

extension Preparation {
    /// With every target looked at once; says what people should know.
    static func checked(
        _ scenario: Scenario, lineup: Lineup? = nil, options: RunOptions,
        simulator: SimulatorProcess?, isQuiet: Bool
    ) throws -> Preparation {
        let preparation = try failingAsExit { () throws(RunFailure) in
            var preparation = try Preparation(
                scenario, lineup: lineup, options: options, toolVersion: Paybench.version,
                simulator: simulator.flatMap {
                    try? Scenario.BaseURL(parsing: $0.addresses.payments)
                })
            try preparation.checkTarget()
            return preparation
        }
        if !isQuiet { for warning in preparation.warnings { Terminal.say("paybench: \(warning)") } }
        return preparation
    }
}
