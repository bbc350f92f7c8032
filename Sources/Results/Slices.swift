/// What was counted in a stretch of time, and can be added up.
package protocol SlicePart: Sendable, Equatable {
    init()
    mutating func add(_ other: Self)
}

/// What was counted in the course of time: one slice a second as long as these are at most `most`,
/// then half as many of twice the length, and so on. So memory is bounded however long it goes on.
package struct Slices<Part: SlicePart>: Sendable, Equatable {
    package let most: Int
    /// The second of the run with which the first slice begins; 0 before there is one.
    package private(set) var first = 0
    /// The length of a slice.
    package private(set) var seconds = 1
    package private(set) var slices: [Part] = []

    package init(most: Int = 40) {
        self.most = most
    }

    package mutating func add(_ part: Part, second: Int) {
        if slices.isEmpty { first = second }
        while second < first {
            slices.insert(Part(), at: 0)
            first -= seconds
        }
        while slices.count > most || (second - first) / seconds >= most { halve() }
        let slice = (second - first) / seconds
        while slices.count <= slice { slices.append(Part()) }
        slices[slice].add(part)
    }

    private mutating func halve() {
        slices = stride(from: 0, to: slices.count, by: 2).map { index in
            var both = slices[index]
            if index + 1 < slices.count { both.add(slices[index + 1]) }
            return both
        }
        seconds *= 2
    }
}
