import Payments
import Results
import Testing

@testable import Verdicts

/// Both sides of every threshold of what the machine may do wrong.
@Suite struct HostCheckTests {
    @Test func aQuietMachineRaisesNoDoubt() {
        #expect(verdict(on: run(on: { _ in })) == Verdict(validity: .valid, causes: []))
    }

    @Test(arguments: [(0.01, nil), (0.011, 0.01), (0.05, 0.01), (0.051, 0.05)])
    func stolenTimeIsNeverMoreThanSuspect(share: Double, threshold: Double?) {
        let seen = found(.hostSteal, in: run(on: { $0.stealShare = share }))
        #expect(seen?.threshold == threshold)
        #expect(seen?.validity == threshold.map { _ in .suspect })
    }

    @Test func stolenTimeSaysHowMuch() {
        #expect(
            found(.hostSteal, in: run(on: { $0.stealShare = 0.034 }))?.advice
                == "The hypervisor gave 3.4 % of this machine's CPU time to others. Use a machine "
                + "that is not shared.")
    }

    @Test(arguments: [(0, 0.0, nil), (1, 0.0005, 0.0), (5, 0.001, 0.0), (6, 0.0011, 0.001)])
    func aThrottledContainer(count: Int, share: Double, threshold: Double?) {
        let record = run(on: {
            $0.throttling = HostRecord.Throttling(count: count, share: share)
        })
        let seen = found(.hostSteal, in: record)
        #expect(seen?.threshold == threshold)
        #expect(seen?.validity == threshold.map { _ in .suspect })
    }

    @Test func aThrottledContainerSaysHowOften() {
        let record = run(on: { $0.throttling = HostRecord.Throttling(count: 312, share: 0.25) })
        #expect(
            found(.hostSteal, in: record)?.advice
                == "The container was throttled 312 times, for 25 % of the run. Raise its CPU limit."
        )
    }

    @Test func aClockThatIsSlowToRead() {
        func record(_ cost: Double) -> Record {
            run(on: { $0.clock = HostRecord.Clock(source: "hpet", readNanoseconds: cost) })
        }
        #expect(found(.clock, in: record(200)) == nil)
        #expect(
            found(.clock, in: record(1200))
                == Found(
                    validity: .suspect, value: 1200, threshold: 200,
                    advice: "The kernel's clock (hpet) takes 1200 ns to read, a dozen times a "
                        + "payment. Use a machine whose clock source is tsc."))
    }

    @Test func aClockThatWasSet() {
        func record(_ step: Double) -> Record {
            run(on: {
                $0.clock.steps = 1
                $0.clock.largestStep = step
            })
        }
        for (step, words) in [(2.5, "forward by 2.5 s"), (-3600, "back by 60 min")] {
            #expect(
                found(.clock, in: record(step))
                    == Found(
                        validity: .suspect, value: abs(step), threshold: 0.05,
                        advice: "The wall clock was set \(words) while the run lasted: instants in "
                            + "files are off by as much, latencies are not. Keep the clock "
                            + "disciplined."))
        }
    }

    @Test(arguments: [
        (800, nil), (801, Verdict.Validity.suspect), (950, .suspect), (951, .invalid),
    ])
    func descriptorsThatRunOut(used: Int, validity: Verdict.Validity?) {
        let record = run(on: { $0.descriptors.used = used })
        #expect(found(.descriptors, in: record)?.validity == validity)
    }

    @Test func whatIsLeftOfPortsAndDescriptorsIsTold() {
        #expect(
            found(.descriptors, in: run(on: { $0.descriptors.used = 960 }))?.advice
                == "960 of the 1,000 files that this process may open were open. Raise ulimit -n.")
        #expect(
            found(.ports, in: run(on: { $0.connections.needed = 20_000 }))?.advice
                == "Up to 70.8 % of the 28,232 local ports were in use or not free again. Raise "
                + "net.ipv4.ip_local_port_range, or reuse connections.")
    }

    @Test func aSingleDescriptorThatWasMissingIsInvalid() {
        var record = run([(.accepted, 10_000, 9999), (.notSent, 10_000, 1)])
        record.codes = [code(.notSent, "NO_FREE_DESCRIPTOR", 1)]
        #expect(
            found(.descriptors, in: record)
                == Found(
                    validity: .invalid, value: 0.0001, threshold: 0,
                    advice:
                        "0.01 % of the payments (1 of 10,000) were not sent: this machine had no "
                        + "free descriptor for them. Raise ulimit -n."))
    }

    @Test(arguments: [
        // Of 1000 ports; opened with `reuse: false` in 10 s, each kept for 60 s: nothing is free again.
        (500, 1, false, nil), (501, 1, false, Verdict.Validity.suspect), (800, 1, false, .suspect),
        (801, 1, false, .invalid), (1, 500, true, nil), (1, 501, true, .suspect),
        (1, 801, true, .invalid),
        // What the target closes is kept there.
        (1, 5000, false, nil),
    ])
    func portsThatRunOut(
        open: Int, opened: Int, renewed: Bool, validity: Verdict.Validity?
    ) {
        var record = run(on: {
            $0.ports?.count = 1000
            $0.connections.needed = open
            $0.connections.areRenewed = renewed
        })
        record.wallSeconds = 60
        record.generator.connectionsOpened = opened
        #expect(found(.ports, in: record)?.validity == validity)
    }

    @Test func aPortThatWasMissingIsInvalid() {
        var record = run([(.accepted, 10_000, 970), (.notSent, 10_000, 30)])
        record.codes = [code(.notSent, "NO_LOCAL_PORT", 30)]
        #expect(
            found(.ports, in: record)
                == Found(
                    validity: .invalid, value: 0.03, threshold: 0,
                    advice: "3 % of the payments (30 of 1,000) were not sent: this machine had no "
                        + "local port for them. Raise net.ipv4.ip_local_port_range, or reuse "
                        + "connections."))
    }

    @Test(arguments: [
        (HostRecord.Connections.Scarcity.ports, Check.ports, 10, Verdict.Validity.suspect),
        (.ports, .ports, 11, .invalid), (.descriptors, .descriptors, 10, .suspect),
        (.descriptors, .descriptors, 11, .invalid),
    ])
    func aCeilingOfThisMachineIsNoOverloadedTarget(
        scarcity: HostRecord.Connections.Scarcity, check: Check, waited: Int,
        validity: Verdict.Validity
    ) {
        var record = run(on: {
            $0.connections.ceiling = 4
            $0.connections.scarcity = scarcity
        })
        record.phases[0].times.slotWait = histogram(0, 1000 - waited)
        record.phases[0].times.slotWait.add(histogram(9000, waited))
        #expect(found(check, in: record)?.validity == validity)
        #expect(found(.slots, in: record) == nil)
    }

    @Test func aCeilingThatNobodyReachedIsNoCause() {
        let record = run(on: { $0.connections.scarcity = .descriptors })
        #expect(verdict(on: record).validity == .valid)
    }

    @Test func aCeilingSaysWhatToRaise() {
        func advice(_ scarcity: HostRecord.Connections.Scarcity, _ check: Check) -> String? {
            var record = run(on: {
                $0.connections.ceiling = 4
                $0.connections.scarcity = scarcity
            })
            record.phases[0].times.slotWait = histogram(9000, 1000)
            return found(check, in: record)?.advice
        }
        #expect(
            advice(.descriptors, .descriptors)
                == "100 % of the arrivals waited for a connection: there can be 4 of the 100 that "
                + "are allowed, for want of descriptors. Raise ulimit -n.")
        #expect(
            advice(.ports, .ports)
                == "100 % of the arrivals waited for a connection: there can be 4 of the 100 that "
                + "are allowed, for want of local ports. Raise net.ipv4.ip_local_port_range.")
    }
}
