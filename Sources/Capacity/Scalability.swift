/// The Universal Scalability Law (Gunther, Guerrilla Capacity Planning, 4.4) fitted to the probes:
/// X(N) = λN / (1 + σ(N − 1) + κN(N − 1)), with X completed payments per second and N payments in
/// flight (by Little's law). It explains; nothing is extrapolated from it (`truth.md`, 7.2).
package struct Scalability: Codable, Sendable, Equatable {
    /// Of one payment at a time, per second.
    package var lambdaPerSecond: Double
    /// What has to wait for others.
    package var sigma: Double
    /// What payments cost each other.
    package var kappa: Double
    /// Relative, of X: root mean square, and the one farthest off.
    package var residual: Double
    package var worstResidual: Double
    package var points: Int
    /// False: "does not fit", and the parameters mean nothing.
    package var fits: Bool
    /// The law's highest throughput, where that lies among the probes; nil beyond them, or without one.
    @Nullable package var peakPerSecond: Double?

    enum CodingKeys: String, CodingKey {
        case lambdaPerSecond = "lambda_per_s"
        case sigma, kappa, residual
        case worstResidual = "worst_residual"
        case points, fits
        case peakPerSecond = "peak_per_s"
    }

    struct Point: Sendable, Equatable {
        var inFlight: Double
        var perSecond: Double
    }

    private static let fewestPoints = 5
    private static let mostResidual = 0.05
    private static let mostWorst = 0.15

    /// nil with fewer than five points.
    ///
    /// N/X = (1 + σ(N − 1) + κN(N − 1)) / λ is linear; least squares of its relative error, none of the
    /// three below 0.
    init?(_ points: [Point]) {
        let points = points.filter { $0.inFlight > 0 && $0.perSecond > 0 }
        guard points.count >= Self.fewestPoints else { return nil }
        let rows = points.map { point in
            let (n, scale) = (point.inFlight, point.perSecond / point.inFlight)
            return [scale, (n - 1) * scale, n * (n - 1) * scale]
        }
        guard let terms = LeastSquares.nonNegative(rows), terms[0] > 0 else { return nil }
        lambdaPerSecond = 1 / terms[0]
        sigma = terms[1] / terms[0]
        kappa = terms[2] / terms[0]
        let errors = rows.map { row in zip(row, terms).reduce(-1) { $0 + $1.0 * $1.1 } }
        residual = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
        worstResidual = errors.map(abs).max() ?? 0
        self.points = points.count
        fits = residual <= Self.mostResidual && worstResidual <= Self.mostWorst
        let most = points.map(\.inFlight).max() ?? 0
        peakPerSecond = fits ? peak(upTo: most) : nil
    }

    private func peak(upTo most: Double) -> Double? {
        guard kappa > 0, sigma < 1 else { return nil }
        let n = ((1 - sigma) / kappa).squareRoot()
        return n <= most
            ? lambdaPerSecond * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)) : nil
    }
}

/// Σ (row · x − 1)² at its least, with x ≥ 0: the best of all subsets of columns that has no negative
/// term. For three columns that is all of them.
enum LeastSquares {
    static func nonNegative(_ rows: [[Double]]) -> [Double]? {
        let columns = rows.first?.count ?? 0
        var best: (terms: [Double], squares: Double)?
        for subset in 1..<(1 << columns) {
            let chosen = (0..<columns).filter { subset >> $0 & 1 == 1 }
            guard let solved = solve(rows.map { row in chosen.map { row[$0] } }),
                solved.allSatisfy({ $0 >= 0 })
            else { continue }
            var terms = [Double](repeating: 0, count: columns)
            for (column, value) in zip(chosen, solved) { terms[column] = value }
            let squares = rows.reduce(0) { sum, row in
                let error = zip(row, terms).reduce(-1) { $0 + $1.0 * $1.1 }
                return sum + error * error
            }
            if squares < best?.squares ?? .infinity { best = (terms, squares) }
        }
        return best?.terms
    }

    /// Normal equations by elimination with the largest pivot; nil where they have no one solution.
    private static func solve(_ rows: [[Double]]) -> [Double]? {
        let size = rows.first?.count ?? 0
        var matrix = (0..<size).map { i in
            (0..<size).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } }
                + [rows.reduce(0) { $0 + $1[i] }]
        }
        for column in 0..<size {
            let pivot =
                (column..<size).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) } ?? column
            guard abs(matrix[pivot][column]) > 1e-12 else { return nil }
            matrix.swapAt(column, pivot)
            for row in 0..<size where row != column {
                let factor = matrix[row][column] / matrix[column][column]
                for j in column...size { matrix[row][j] -= factor * matrix[column][j] }
            }
        }
        return (0..<size).map { matrix[$0][size] / matrix[$0][$0] }
    }
}
