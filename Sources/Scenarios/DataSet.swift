import DataFiles
import Payments

extension Scenario {
    /// One test's table of values for `${data.NAME.COLUMN}`.
    package struct DataSet: Sendable, Equatable {
        package var name: String
        /// Absolute where the scenario's folder is.
        package var path: String
        package var file: DataFile
        package var order: RowOrder.Kind
        package var atEnd: RowOrder.AtEnd
    }

    /// In the order of `data`.
    package var dataFiles: [DataFile] { data.map(\.file) }

    /// Which rows the draws of a run take, one for each data set.
    package func rowOrders(keys: RunKeys) -> [RowOrder] {
        data.enumerated().map { index, set in
            RowOrder(
                set.order, atEnd: set.atEnd, rows: set.file.rows, keys: keys, dataSet: index)
        }
    }

    /// What a request is rendered with that takes these draws from the data sets; for samples.
    package func context(
        of identity: RequestIdentity, intended: Int64, draws: [UInt64]
    ) -> RenderContext {
        let orders = rowOrders(keys: identity.keys)
        let cursors = data.indices.map { set in
            let cursor = DataCursor(data[set].file)
            cursor.select(orders[set].row(of: draws[set]) ?? 0)
            return cursor
        }
        return RenderContext(identity: identity, intended: intended, cursors: cursors)
    }
}
