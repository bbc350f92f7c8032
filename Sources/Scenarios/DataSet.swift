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

    /// What a request is rendered with that takes draw `draw` from every data set; for samples.
    package func context(
        of identity: RequestIdentity, intended: Int64, draw: UInt64
    ) -> RenderContext {
        let cursors = zip(data, rowOrders(keys: identity.keys)).map { set, order in
            let cursor = DataCursor(set.file)
            cursor.select(order.row(of: draw) ?? 0)
            return cursor
        }
        return RenderContext(identity: identity, intended: intended, cursors: cursors)
    }
}
