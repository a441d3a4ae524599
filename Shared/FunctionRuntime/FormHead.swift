import HTTP
import Wire

/// Parses the headers of one part of a form, byte by byte.
enum FormHead {
    private static let semicolon = UInt8(ascii: ";")
    private static let quote = UInt8(ascii: "\"")

    /// The lines, without their CR LF.
    static func lines(_ head: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        head.split(separator: UInt8(ascii: "\n")).map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    }

    /// The header's value if the line has this name, ignoring case.
    static func value(of name: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isName(line[..<colon], name) else { return nil }
        return line[(colon + 1)...]
    }

    /// A parameter of a header's value, quoted or not. Its name is matched ignoring case.
    static func parameter(_ name: String, of header: ArraySlice<UInt8>) -> String? {
        var rest = header.drop { $0 != semicolon }.dropFirst()
        while !rest.isEmpty {
            let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != semicolon }
            rest = rest[key.endIndex...]
            var value: [UInt8] = []
            if rest.first == UInt8(ascii: "=") { (value, rest) = quotedOrToken(rest.dropFirst()) }
            if isName(key, name) { return String(decoding: value, as: UTF8.self) }
            rest = rest.drop { $0 != semicolon }.dropFirst()
        }
        return nil
    }

    /// `UTF-8''na%C3%AFve.txt` (RFC 8187).
    static func extendedValue(_ text: String) -> String? {
        let parts = text.split(atByte: "'", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].lowercasedASCII == "utf-8" ? PercentEncoding.decode(parts[2]) : nil
    }

    private static func isName(_ bytes: ArraySlice<UInt8>, _ name: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).trimmed.lowercasedASCII == name
    }

    private static func quotedOrToken(_ text: ArraySlice<UInt8>) -> (value: [UInt8], rest: ArraySlice<UInt8>) {
        guard text.first == quote else {
            let token = text.prefix { $0 != semicolon }
            return (Array(String(decoding: token, as: UTF8.self).trimmed.utf8), text[token.endIndex...])
        }
        var value: [UInt8] = []
        var index = text.startIndex + 1
        while index < text.endIndex, text[index] != quote {
            let next = index + 1 < text.endIndex ? text[index + 1] : 0
            // Browsers write a quote as %22 (the HTML standard); other clients escape it with a backslash.
            if text[index] == UInt8(ascii: "\\"), next == quote || next == UInt8(ascii: "\\") {
                value.append(next)
                index += 2
            } else if text[index...].starts(with: "%22".utf8) {
                value.append(quote)
                index += 3
            } else {
                value.append(text[index])
                index += 1
            }
        }
        return (value, text[min(index + 1, text.endIndex)...])
    }
}
