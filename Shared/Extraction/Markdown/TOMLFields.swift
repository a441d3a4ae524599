import Wire

/// Reads TOML (1.0): names and values, tables, and arrays of tables. Dates stay text.
enum TOMLFields {
    private static let equals = UInt8(ascii: "=")
    /// The lines that one value may extend over. It is read again for each of them.
    private static let maximumLines = 200

    /// The fields that the lines consist of; nil if they contain anything else.
    static func parse(_ lines: [ArraySlice<UInt8>]) -> JSONObject? {
        var root = JSONObject()
        var table: [String] = []
        var index = 0
        while index < lines.count {
            let line = Array(lines[index].drop(while: TextBytes.isSpace))
            index += 1
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "[") {
                guard let (path, isArray) = header(line), path.count < FieldScanner.maximumDepth else { return nil }
                table = path
                let value: JSON = isArray ? .array([.object([:])]) : .object([:])
                guard add(value, at: table[...], to: &root) else { return nil }
                continue
            }
            var scanner = FieldScanner(line, sign: equals)
            guard let name = scanner.name(), scanner.skipped(equals) else { return nil }
            // A value may extend over several lines.
            var source = Array(line[scanner.index...])
            var value = FieldScanner.value(of: source, sign: equals)
            let end = min(lines.count, index + maximumLines)
            while value == nil, index < end, source.contains(where: { "[{\"'".utf8.contains($0) }) {
                source.append(10)
                source.append(contentsOf: lines[index])
                index += 1
                value = FieldScanner.value(of: source, sign: equals)
            }
            guard let value, isQuoted(line) || name.utf8.allSatisfy(isBare), isWritten(value, as: source) else {
                return nil
            }
            let path = table + (isQuoted(line) ? [name] : name.split(atByte: ".").map(String.init))
            guard path.count <= FieldScanner.maximumDepth, add(value, at: path[...], to: &root) else { return nil }
        }
        return root
    }

    private static func isQuoted(_ line: [UInt8]) -> Bool {
        line.first == UInt8(ascii: "\"") || line.first == UInt8(ascii: "'")
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "_-.".utf8.contains(byte)
    }

    /// Whether a string is in quotes. Only dates and times need none.
    private static func isWritten(_ value: JSON, as source: [UInt8]) -> Bool {
        guard value.string != nil, let first = source.first(where: { !TextBytes.isSpace($0) }) else { return true }
        return first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
            || TextBytes.isDigit(first)
                && source.prefix { $0 != UInt8(ascii: "#") }.allSatisfy {
                    !TextBytes.isLetter($0) || "TZtz".utf8.contains($0)
                }
    }

    /// `[table]` or `[[table]]`.
    private static func header(_ line: [UInt8]) -> (path: [String], isArray: Bool)? {
        guard let value = FieldScanner.value(of: line, sign: equals), case .array(let items) = value, items.count == 1
        else { return nil }
        let isArray = items[0].array != nil
        guard let name = isArray ? items[0].array?.first?.string : items[0].string else { return nil }
        return (name.split(atByte: ".").map(String.init), isArray)
    }

    /// Adds the value at a path. In an array of tables, the path leads to the last table. Returns false if there is
    /// another value already.
    private static func add(_ value: JSON, at path: ArraySlice<String>, to object: inout JSONObject) -> Bool {
        guard let name = path.first else { return false }
        let rest = path.dropFirst()
        switch object[name] {
        case .object(var inner)? where !rest.isEmpty:
            guard add(value, at: rest, to: &inner) else { return false }
            object.replace(name, with: .object(inner))
        case .array(var items)? where !rest.isEmpty:
            guard var last = items.popLast()?.object, add(value, at: rest, to: &last) else { return false }
            object.replace(name, with: .array(items + [.object(last)]))
        case .array(let items)?:
            guard let more = value.array else { return false }
            object.replace(name, with: .array(items + more))
        case .object?: return value == .object([:])
        case nil where !rest.isEmpty:
            var inner = JSONObject()
            guard add(value, at: rest, to: &inner) else { return false }
            object.append(name, .object(inner))
        case nil: object.append(name, value)
        default: return false
        }
        return true
    }
}

extension FieldScanner {
    /// Skips white space and consumes `byte` if it is next; returns whether it was.
    fileprivate mutating func skipped(_ byte: UInt8) -> Bool {
        skipSpace()
        return take(byte)
    }
}
