// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A target of our own: Swift 6 language mode, every warning an error.
func module(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String, uses dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "paybench",
    products: [.executable(name: "paybench", targets: ["paybench"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    ],
    targets: [
        .systemLibrary(
            name: "Libcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "Zlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CurlShims", dependencies: ["Libcurl"],
            cSettings: [.treatAllWarnings(as: .error)]),
        module("Digests"),
        module("Histograms", uses: ["Zlib"]),
        module("Statistics"),
        module("Capacity", uses: ["Statistics"]),
        module("DataFiles"),
        module("Payments", uses: ["DataFiles"]),
        module("Arrivals"),
        module("Designs", uses: ["Payments"]),
        module("Curl", uses: ["CurlShims"]),
        module(
            "Engine",
            uses: ["Arrivals", "Curl", "DataFiles", "Designs", "Histograms", "Payments"]),
        module("Documents", uses: [yams]),
        module("Providers", uses: ["Documents", "Payments"]),
        module("Metrics", uses: ["Payments"]),
        module("Rendezvous", uses: ["Documents"]),
        module(
            "Scenarios",
            uses: [
                "Arrivals", "DataFiles", "Digests", "Documents", "Metrics", "Payments", "Providers",
            ]),
        module(
            "Results", uses: ["Designs", "Histograms", "Payments", "Statistics", "Zlib"]),
        module("Verdicts", uses: ["Histograms", "Payments", "Results", "Statistics"]),
        module("Shards", uses: ["Histograms", "Payments", "Results", "Verdicts", "Zlib"]),
        module("Budgets", uses: ["Histograms", "Metrics", "Payments", "Results", "Statistics"]),
        module(
            "Comparisons",
            uses: ["Budgets", "Histograms", "Metrics", "Payments", "Results", "Statistics"]),
        module(
            "Reports",
            uses: ["Capacity", "Comparisons", "Histograms", "Payments", "Results", "Statistics"]),
        module("Exposition", uses: ["Histograms", "Payments", "Results"]),
        module("Scraping"),
        module(
            "Pages",
            uses: ["Capacity", "Comparisons", "Histograms", "Payments", "Reports", "Results"]),
        module(
            "Runs",
            uses: [
                "Arrivals", "Capacity", "Curl", "CurlShims", "DataFiles", "Digests", "Engine",
                "Histograms", "Metrics", "Payments", "Rendezvous", "Results", "Scenarios",
                "Verdicts",
            ]),
        module(
            "Simulator",
            uses: [
                "Digests", "Histograms", "Payments", "Providers", "Zlib", nioCore, nioPosix,
                nioHTTP1, nioHTTP2, nioSSL, nioTLS,
            ]),
        module(
            "Commands",
            uses: [
                argumentParser, "Arrivals", "Budgets", "Capacity", "Comparisons", "Curl",
                "DataFiles", "Digests", "Documents", "Exposition", "Metrics", "Pages", "Payments",
                "Providers", "Rendezvous", "Reports", "Results", "Runs", "Scenarios", "Scraping",
                "Shards", "Simulator",
                "Statistics", "Verdicts",
            ]),
        .executableTarget(name: "paybench", dependencies: ["Commands"], swiftSettings: strict),
        tests("ArrivalsTests", uses: ["Arrivals"]),
        tests("DesignsTests", uses: ["Designs"]),
        tests(
            "EngineTests",
            uses: ["Arrivals", "Curl", "DataFiles", "Designs", "Engine", "Histograms", "Payments"]),
        tests(
            "EndToEndTests", uses: ["paybench", nioCore, nioPosix, nioSSL, nioTLS]),
        tests("DocumentsTests", uses: ["Documents"]),
        tests("ProvidersTests", uses: ["Documents", "Payments", "Providers"]),
        tests(
            "BudgetsTests",
            uses: ["Budgets", "Histograms", "Metrics", "Payments", "Results", "Statistics"]),
        tests(
            "ComparisonsTests",
            uses: [
                "Comparisons", "Designs", "Histograms", "Metrics", "Payments", "Reports", "Results",
                "Statistics",
            ]),
        tests("MetricsTests", uses: ["Metrics", "Payments"]),
        tests("RendezvousTests", uses: ["Rendezvous"]),
        tests(
            "ScenariosTests",
            uses: [
                "Arrivals", "DataFiles", "Documents", "Metrics", "Payments", "Providers",
                "Scenarios",
            ],
            resources: [.copy("Corpus")]),
        tests(
            "HistogramsTests", uses: ["Histograms", "Zlib"],
            resources: [.copy("Fixtures"), .copy("Interop")]),
        tests("StatisticsTests", uses: ["Histograms", "Statistics"]),
        tests("CapacityTests", uses: ["Capacity", "Statistics"]),
        tests("CurlTests", uses: ["Curl"]),
        tests("DataFilesTests", uses: ["DataFiles"]),
        tests("PaymentsTests", uses: ["DataFiles", "Payments"]),
        tests("DigestsTests", uses: ["Digests"]),
        tests(
            "SimulatorTests",
            uses: [
                "Digests", "Documents", "Payments", "Providers", "Simulator", "Zlib", nioCore,
                nioHTTP1, nioHTTP2, nioPosix, nioSSL,
            ],
            resources: [.copy("Fixtures")]),
        tests(
            "ExpositionTests", uses: ["Exposition", "Histograms", "Payments", "Results"]),
        tests("ScrapingTests", uses: ["Scraping"]),
        tests("ResultsTests", uses: ["Designs", "Histograms", "Payments", "Results"]),
        tests(
            "ShardsTests", uses: ["paybench", "Histograms", "Payments", "Results", "Shards"]),
        tests("VerdictsTests", uses: ["Histograms", "Payments", "Results", "Verdicts"]),
        tests(
            "RunsTests",
            uses: [
                "Capacity", "Curl", "Histograms", "Payments", "Rendezvous", "Results", "Runs",
                "Scenarios",
            ]),
        tests(
            "ReportsTests", uses: ["Capacity", "Histograms", "Payments", "Reports", "Results"],
            resources: [.copy("Golden"), .copy("LiveFrames"), .copy("junit.xsd")]),
        tests(
            "PagesTests",
            uses: [
                "Capacity", "Comparisons", "Histograms", "Pages", "Payments", "Reports", "Results",
            ],
            resources: [.copy("Golden")]),
    ],
    swiftLanguageModes: [.v6]
)
