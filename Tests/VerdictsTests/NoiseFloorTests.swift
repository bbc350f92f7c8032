import Results
import Testing

@testable import Verdicts

@Suite struct NoiseFloorTests {
    /// 1000 payments of 1 ms at every quantile; the bucket of 1000 ends with 1000.
    private func measured(over floor: NoiseFloor?) -> Record {
        var record = run([(.accepted, 1000, 1000)])
        var environment = EnvironmentRecord(
            kernel: "Linux", hostHash: "", cores: 2, libcurl: "7.88.1", sameHost: true,
            effectiveSHA256: "")
        environment.noiseFloor = floor
        record.environment = environment
        return record
    }

    private func floor(_ p50: UInt64?, _ p90: UInt64?, _ p99: UInt64?) -> NoiseFloor {
        NoiseFloor(ratePerSecond: 100, p50: p50, p90: p90, p99: p99)
    }

    @Test(
        arguments: [
            // 1000/333 = 3.003, 1000/334 = 2.994, 1000/666 = 1.502, 1000/667 = 1.499.
            (333, nil), (334, 3), (666, 3), (667, 1.5), (2000, 1.5),
        ] as [(UInt64, Double?)])
    func aMarginBelowThreeTimesTheFloorIsSuspect(p50: UInt64, threshold: Double?) {
        let record = measured(over: floor(p50, 100, 100))
        let found = found(.noiseFloor, in: record)
        #expect(found?.threshold == threshold)
        #expect(judge(record).validity == (threshold == nil ? .valid : .suspect))
    }

    @Test func theNarrowestMarginCounts() {
        let record = measured(over: floor(100, 500, 800))
        #expect(
            found(.noiseFloor, in: record)?.advice
                == "The p99 response time in phase steady, 1.00 ms, is 1.25 times the 800 µs that an "
                + "instant answer took in the self-test: most of it is the generator's and its "
                + "machine's. Use an idle or a faster machine.")
    }

    @Test func withoutASelfTestNothingIsSaid() {
        #expect(found(.noiseFloor, in: measured(over: nil)) == nil)
        #expect(found(.noiseFloor, in: measured(over: floor(nil, nil, nil))) == nil)
    }
}
