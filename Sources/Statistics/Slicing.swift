/// How a window of time is cut into equal slices: 20, or 10 or 5 where it has not that many parts.
///
/// A window's finest parts are its seconds (by intended instant). Adding the parts of a slice as they
/// are read keeps 20 sums or histograms a series, however long the run.
package struct Slicing: Sendable, Equatable {
    /// The scales of multi-scale intervals, finest first (`truth.md`, 4.2). Each divides the one before.
    package static let scales = [20, 10, 5]
    /// Fewer parts than this tell nothing about dependence in time.
    package static let fewestParts = 5

    package let parts: Int
    /// Slices: a member of `scales`.
    package let count: Int

    /// nil with fewer than `fewestParts`.
    package init?(parts: Int) {
        guard let count = Self.scales.first(where: { $0 <= parts }) else { return nil }
        self.parts = parts
        self.count = count
    }

    /// The slice to which part `index` belongs. Slices differ by at most one part in length.
    package func slice(of index: Int) -> Int {
        precondition(index >= 0 && index < parts, "a part lies in the window")
        return index * count / parts
    }

    /// `parts` in groups, one a slice, in order.
    package func grouped<Part>(_ parts: [Part]) -> [ArraySlice<Part>] {
        precondition(parts.count == self.parts, "the slicing of another window")
        return (0..<count).map { slice in
            // The first part with index · count / parts ≥ slice.
            let first = (slice * parts.count + count - 1) / count
            let next = ((slice + 1) * parts.count + count - 1) / count
            return parts[first..<next]
        }
    }
}
