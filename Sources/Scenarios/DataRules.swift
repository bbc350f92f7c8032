import DataFiles
import Documents
import Payments

/// A data set of the file whose header was read; its rows are checked once it is known what they
/// are used for.
struct OpenedDataSet {
    var name: String
    var namePlace: Place
    var order: RowOrder.Kind
    var atEnd: RowOrder.AtEnd
    /// nil: refused, with a complaint.
    var opened: Opened?

    struct Opened {
        /// Absolute where the surroundings are.
        var path: String
        /// As complaints call it.
        var written: String
        var head: DataFileHead
    }
}

private enum DataKey: String, FieldKey {
    case file, order
    case atEnd = "at_end"

    var field: Field {
        switch self {
        case .file:
            Field(
                "CSV with a header; relative to the scenario.", Rule.file(.visible, .none),
                .required, example: "cards.csv")
        case .order:
            Field(
                "As the rows stand, or in an order drawn from the seed.",
                Rule<RowOrder.Kind>.word, .defaultsTo("sequential"))
        case .atEnd:
            Field(
                "After the last row: from the beginning again, or the run stops.",
                Rule<RowOrder.AtEnd>.word, .defaultsTo("wrap"))
        }
    }
}

/// One entry of `data` as it is written.
private struct DataFields {
    var file: Template?
    var order: RowOrder.Kind?
    var atEnd: RowOrder.AtEnd?
}

extension Rule where Value == DataFields {
    fileprivate static func dataFields(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<DataKey>) in
            DataFields(
                file: fields.read(.file, by: .file(.visible, surroundings)),
                order: fields.read(.order, by: Rule<RowOrder.Kind>.word),
                atEnd: fields.read(.atEnd, by: Rule<RowOrder.AtEnd>.word))
        }
    }
}

extension Rule where Value == [OpenedDataSet] {
    /// A mapping of names to CSV files.
    static func dataSets(_ surroundings: Surroundings) -> Rule {
        let name = Shape.text(
            pattern: "^[-A-Za-z0-9_]{1,64}$", words: "1 to 64 letters, digits and _ -")
        let fields = Rule<DataFields>.dataFields(surroundings)
        return Rule(.map(of: fields.shape, keys: name, least: 0)) { node, complaints in
            guard case .mapping(let entries) = node.content else {
                let allowed = "a mapping of names to data files"
                complaints.add(
                    ValueProblem.wrongType(read: node.content, allowed: allowed), at: node.place)
                return nil
            }
            return entries.map { entry in
                if !isDataName(entry.key) {
                    complaints.add(DataProblem.name(entry.key), at: entry.keyPlace)
                }
                return dataSet(entry, surroundings, complaints)
            }
        }
    }

    private static func dataSet(
        _ entry: Node.Entry, _ surroundings: Surroundings, _ complaints: Complaints
    ) -> OpenedDataSet {
        let fields = Rule<DataFields>.dataFields(surroundings).read(entry.value, complaints)
        let path = fields?.file?.constant
        let opened = path.flatMap { path -> OpenedDataSet.Opened? in
            let written = surroundings.shortened(path)
            do throws(DataFileError) {
                let head = try DataFileHead(path: path)
                return OpenedDataSet.Opened(path: path, written: written, head: head)
            } catch {
                complaints.add(error, about: written)
                return nil
            }
        }
        return OpenedDataSet(
            name: entry.key, namePlace: entry.keyPlace, order: fields?.order ?? .sequential,
            atEnd: fields?.atEnd ?? .wrap, opened: opened)
    }

    /// What can stand between the dots of `${data.NAME.COLUMN}`.
    private static func isDataName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2D
            }
    }
}

extension Complaints {
    fileprivate func add(_ error: DataFileError, about file: String) {
        for mistake in error.mistakes {
            let place = mistake.place.map { Place(line: $0.line, column: $0.column) }
            add(Complaint(file: file, place: place, problem: DataProblem.file(mistake.problem)))
        }
    }
}

/// Where cells of a column go, which decides what they may hold.
private struct CellUse: OptionSet {
    let rawValue: UInt8
    static let header = CellUse(rawValue: 1)
    static let bearer = CellUse(rawValue: 2)
}

/// Reads the rows of the data sets, each file once, with the rules for what its cells are used for.
struct DataCheck {
    private var uses: [[Int: CellUse]]

    init(
        _ sets: [OpenedDataSet], target: Scenario.Target?, payments: [PaymentTemplate]?,
        sections: Sections
    ) {
        uses = sets.map { _ in [:] }
        add((payments ?? []).flatMap(\.dataReferences), [])
        add(sections.others.flatMap { $0.paymentMethod?.dataReferences ?? [] }, [])
        for target in [target].compactMap(\.self) + sections.others.map(\.target) {
            add(target.headers.flatMap(\.value.dataReferences), .header)
            if case .bearer(let token) = target.credentials { add(token.dataReferences, .bearer) }
        }
    }

    private mutating func add(_ cells: [Template.DataReference], _ use: CellUse) {
        for cell in cells { uses[cell.set][cell.column, default: []].formUnion(use) }
    }

    /// Those without a complaint.
    func check(_ sets: [OpenedDataSet], _ complaints: Complaints) -> [Scenario.DataSet] {
        let isClean = complaints.isEmpty
        return zip(sets, uses).compactMap { set, uses in
            // A template that was refused may have used it.
            if uses.isEmpty, isClean {
                complaints.add(DataProblem.unused(set.name), at: set.namePlace)
            }
            return Self.check(set, uses, complaints)
        }
    }

    private static func check(
        _ set: OpenedDataSet, _ uses: [Int: CellUse], _ complaints: Complaints
    ) -> Scenario.DataSet? {
        guard let opened = set.opened else { return nil }
        let columns = opened.head.columns.indices.map { uses[$0] ?? [] }
        do throws(DataFileError) {
            let file = try opened.head.checked(inspected: Set(uses.keys)) { column, cell in
                fault(of: cell, columns[column])
            }
            if set.order == .shuffle { file.expectRandomAccess() }
            return Scenario.DataSet(
                name: set.name, path: opened.path, file: file, order: set.order, atEnd: set.atEnd)
        } catch {
            complaints.add(error, about: opened.written)
            return nil
        }
    }

    private static func fault(of cell: UnsafeRawBufferPointer, _ use: CellUse) -> CellFault? {
        if let card = CardNumber.first(in: cell) { return .cardNumber(card.masked) }
        if use.contains(.bearer), !isPartOfHeader(cell) || cell.contains(0x20) { return .bearer }
        return use.contains(.header) && !isPartOfHeader(cell) ? .header : nil
    }

    private static func isPartOfHeader(_ cell: UnsafeRawBufferPointer) -> Bool {
        guard let first = cell.first, let last = cell.last, first != 0x20, last != 0x20 else {
            return false
        }
        return cell.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
