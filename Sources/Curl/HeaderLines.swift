import CurlShims

/// The header lines of one transfer where some of them differ from request to request: libcurl's list,
/// made once, whose varying lines are written over in place. libcurl reads it when it sends.
package final class HeaderLines {
    let list: UnsafeMutablePointer<curl_slist>?
    /// Each varying line, NUL included; at stable addresses inside the list.
    private let varying: [UnsafeMutableRawBufferPointer]

    /// - Parameters:
    ///   - constant: lines `Name: value`.
    ///   - room: the most bytes of each varying line, without its NUL; at least 1.
    package init(constant: [String], room: [Int]) {
        var list = constant.reduce(nil) { list, line in curl_slist_append(list, line) }
        varying = room.map { count in
            let line = String(repeating: " ", count: max(1, count))
            list = curl_slist_append(list, line)
            var last = list
            while let next = last?.pointee.next { last = next }
            return UnsafeMutableRawBufferPointer(start: last?.pointee.data, count: count + 1)
        }
        self.list = list
    }

    deinit { curl_slist_free_all(list) }

    /// Where varying line `index` is written, its NUL behind it, while the transfer is not under way.
    package func line(_ index: Int) -> UnsafeMutableRawBufferPointer { varying[index] }
}

extension Transfer {
    /// From now on it sends these lines, in place of those of its options.
    package func use(_ lines: HeaderLines) {
        headerLines = lines
        easy.set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(lines.list))
    }
}
