import Capacity
import Reports
import Runs

/// What a capacity search tells on stderr: a line when a step begins and one when it ends; on a terminal
/// also the second that is under way.
struct CapacityView: Sendable {
    let isQuiet: Bool

    func begin(_ probe: Probe, of search: CapacitySearch) {
        if !isQuiet { Terminal.say(CapacityTalk.begin(probe, of: search)) }
    }

    func show(_ progress: RunProgress) {
        if Terminal.redrawsTalk { LiveView(isQuiet: isQuiet).show(progress) }
    }

    func end(_ step: CapacityStep) {
        guard !isQuiet else { return }
        Terminal.endRedrawing()
        Terminal.say(CapacityTalk.end(step))
    }
}
