import Documents
import Payments

/// A text that is the number of a payment card: 13 to 19 digits that begin with 2 to 6 and satisfy
/// Luhn's check (ISO/IEC 7812-1), in groups of any size with single blanks or dashes between them.
struct CardNumber: Equatable {
    let digits: String

    /// The first six and the last four digits, as PCI DSS 3.4 allows them to be shown.
    var masked: String {
        let hidden = String(repeating: "*", count: digits.count - 10)
        return "\(digits.prefix(6))\(hidden)\(digits.suffix(4))"
    }

    /// The first card number in a text that is no published test number.
    static func first(in text: some StringProtocol) -> CardNumber? {
        for run in runs(in: text) {
            for start in run.indices {
                var digits = ""
                for group in run[start...] {
                    digits += group
                    if digits.utf8.count > 19 { break }
                    if isCard(digits.utf8), !testNumbers.contains(digits) {
                        return CardNumber(digits: digits)
                    }
                }
            }
        }
        return nil
    }

    /// The same of a cell of a data file; fast where there is none.
    ///
    /// Files have millions of tokens, and digits happen in all of them. So here a card number
    /// touches no letter, and its groups, if it has any, are of at most six digits: neither
    /// hexadecimal tokens nor UUIDs are taken for one.
    static func first(in cell: UnsafeRawBufferPointer) -> CardNumber? {
        var at = cell.startIndex
        /// Digits of the small groups so far that nothing but blanks and dashes divides.
        var grouped = 0
        while at < cell.endIndex {
            let group = cell[at...].prefix { (0x30...0x39).contains($0) }
            if group.isEmpty {
                if cell[at] != 0x20, cell[at] != 0x2D { grouped = 0 }
                at += 1
                continue
            }
            at = group.endIndex
            let isWord = touchesLetter(group, of: cell)
            let isSmall = group.count <= mostInGroup
            grouped = isSmall && !isWord ? grouped + group.count : 0
            if grouped >= 13 || (!isSmall && !isWord && isCard(group) && !isTest(group)) {
                return firstWhole(in: String(decoding: cell, as: UTF8.self))
            }
        }
        return nil
    }

    private static let mostInGroup = 6
    private static let testValues = Set(testNumbers.compactMap { UInt64($0) })

    private static func isTest(_ group: Slice<UnsafeRawBufferPointer>) -> Bool {
        testValues.contains(group.reduce(0) { $0 * 10 + UInt64($1 - 0x30) })
    }

    private static func touchesLetter(
        _ group: Slice<UnsafeRawBufferPointer>, of cell: UnsafeRawBufferPointer
    ) -> Bool {
        (group.startIndex > 0 && isLetter(cell[group.startIndex - 1]))
            || (group.endIndex < cell.endIndex && isLetter(cell[group.endIndex]))
    }

    private static func firstWhole(in text: String) -> CardNumber? {
        let words = text.utf8.split { byte in
            !(0x30...0x39).contains(byte) && byte != 0x20 && byte != 0x2D && !isLetter(byte)
        }
        for word in words {
            let parts = word.split { $0 == 0x20 || $0 == 0x2D }
            for run in parts.split(whereSeparator: { $0.contains(where: isLetter) }) {
                let joined = run.map { String(decoding: $0, as: UTF8.self) }
                let grouped = joined.split { $0.utf8.count > mostInGroup }.map {
                    $0.joined(separator: " ")
                }
                let whole = joined.filter { $0.utf8.count > mostInGroup }
                for candidate in grouped + whole {
                    if let card = first(in: candidate) { return card }
                }
            }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || byte >= 0x80
    }

    /// Groups of digits with one blank or dash between them.
    private static func runs(in text: some StringProtocol) -> [[String]] {
        var runs: [[String]] = [[""]]
        for byte in text.utf8 {
            let last = runs.count - 1
            switch byte {
            case 0x30...0x39:
                runs[last][runs[last].count - 1].append(Character(Unicode.Scalar(byte)))
            case 0x20, 0x2D:
                if runs[last].last == "" { runs.append([""]) } else { runs[last].append("") }
            default: runs.append([""])
            }
        }
        return runs.map { $0.filter { !$0.isEmpty } }.filter { !$0.isEmpty }
    }

    private static func isCard(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        guard (13...19).contains(digits.count), let first = digits.first,
            (0x32...0x36).contains(first)
        else { return false }
        var sum = 0
        var isDoubled = false
        for byte in digits.reversed() {
            let digit = Int(byte - 0x30) * (isDoubled ? 2 : 1)
            sum += digit > 9 ? digit - 9 : digit
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    /// Numbers that card schemes and payment providers publish for tests, without accounts.
    private static let testNumbers: Set<String> = [
        // Visa
        "4242424242424242", "4111111111111111", "4012888888881881", "4000056655665556",
        "4222222222222", "4012001037141112", "4005519200000004", "4009348888881881",
        "4012000033330026", "4012000077777777", "4217651111111119", "4500600000000061",
        "4000000000000002", "4000000000009995", "4000000000009987", "4000000000009979",
        "4000000000000069", "4000000000000127", "4000000000000119", "4000000000000341",
        "4000000000003220", "4000000000003063", "4000002500003155", "4000002760003184",
        "4000008260003178", "4000000000000077", "4000000000000259", "4000000000005126",
        "4242424242424241", "4988438843884305", "4166676667666746", "4646464646464644",
        "4000620000000007", "4000060000000006", "4293189100000008", "4977949494949497",
        "4917610000000000", "4444333322221111", "4462030000000000", "4917300800000000",
        "4484070000000000", "4543474002249996", "4035501000000008", "4360000001000005",
        // Mastercard and Maestro
        "5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222",
        "2223000048400011", "2222400070000005", "2222410740360010", "2222990905257051",
        "2223007648726984", "2223577120017656", "2720994326581252", "2720990000000007",
        "5454545454545454", "5577000055770004", "5136333333333335", "5585558555855583",
        "5555444433331111", "5555341244441115", "5101180000000007", "5100060000000002",
        "5436031030606378", "5199992312641465", "5111010030175156", "5185540810000019",
        "5424000000000015", "5431111111111111", "5399999999999999", "5019717010103742",
        "6759649826438453", "6771798021000008", "6304000000000000", "6799990100000000019",
        // American Express (15 digits)
        "378282246310005", "371449635398431", "378734493671000", "370000000000002",
        "341111111111111", "343434343434343", "346827630435344", "374251018720018",
        // Discover, Diners Club, JCB, UnionPay and others
        "6011111111111117", "6011000990139424", "6011000000000004", "6011981111111113",
        "6011601160116611", "6445644564456445", "6011000400000000", "6011000991300009",
        "30569309025904", "38520000023237", "36259600000004", "3056930009020004",
        "36227206271667", "36006666333344", "38000000000006", "36700102000000",
        "3530111333300000", "3566002020360505", "3566111111111113", "3569990010095841",
        "3528000700000000", "3569990000000009", "6200000000000005", "6200000000000047",
        "6205500000000000004", "6250941006528599", "6243030000000001", "6212345678901232",
        "5066991111111118", "6362970000457013", "6062826786276634", "6034932528973614",
    ]
}

extension Rule where Value == Template {
    /// Refuses card numbers in what the template says for certain, secrets included.
    var withoutCardNumbers: Rule {
        then { template throws(Violation) in
            for text in template.certainTexts {
                if let card = CardNumber.first(in: text) {
                    throw Violation(GuardRail.cardNumber(card.masked))
                }
            }
            return template
        }
    }
}

extension Template {
    /// The texts between the pieces that differ from request to request.
    fileprivate var certainTexts: [String] {
        pieces.reduce(into: [""]) { texts, piece in
            switch piece {
            case .literal(let text): texts[texts.count - 1] += text
            case .secret(_, let value): texts[texts.count - 1] += value
            case .choice(let options): texts += options + [""]
            case .uuid, .sequence, .integer, .now, .data: texts.append("")
            }
        }
    }
}
