/// The word that `word` was most likely meant to be: the fewest insertions, deletions, replacements
/// and swaps of neighbours (optimal string alignment), at most a third of its length and never all
/// of it; else nil. The earlier of two equally near words.
package func nearestWord(to word: String, in words: [String]) -> String? {
    let typed = Array(word.lowercased().unicodeScalars)
    guard !typed.isEmpty, typed.count <= 40 else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in words {
        let distance = editDistance(typed, Array(candidate.lowercased().unicodeScalars))
        let length = max(typed.count, candidate.count)
        guard distance <= max(1, length / 3), distance < length else { continue }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for i in 1..<(left.count + 1) {
        var row = [i]
        for j in 1..<(right.count + 1) {
            let same = left[i - 1] == right[j - 1]
            var least = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1))
            if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                least = min(least, before[j - 2] + 1)
            }
            row.append(least)
        }
        (before, above) = (above, row)
    }
    return above[right.count]
}
