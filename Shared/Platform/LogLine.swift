import Wire

/// One line of a log: a JSON object with the time, the level, and what the writer adds.
public enum LogLine {
    public enum Level: String, Comparable, Sendable {
        case info, warning, error

        private var rank: Int { self == .info ? 0 : self == .warning ? 1 : 2 }
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    /// Appends a line without its line feed. It may still contain characters that `escapeUnprintable` replaces.
    public static func append(_ level: Level, to buffer: ByteBuffer, _ members: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(into: buffer)
        writer.object { line in
            line.key("time")
            line.value(Timestamp.now())
            line.key("level")
            line.value(level.rawValue)
            members(&line)
        }
    }

    /// Replaces characters that could control a terminal or disguise a line as another one.
    public static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isUnprintable($0) ? "?" : $0 }))
    }

    /// Does the same for the JSON from `start` on. In JSON such characters occur only within strings, so escaping them
    /// keeps the meaning.
    public static func escapeUnprintable(in buffer: ByteBuffer, from start: Int = 0) {
        let line = buffer.bytes.slice(from: start)
        guard line.contains(where: { $0 >= 0x7F }) else { return }
        let text = line.text
        guard text.unicodeScalars.contains(where: isUnprintable) else { return }
        buffer.removeLast(downTo: start)
        for scalar in text.unicodeScalars {
            guard isUnprintable(scalar) else {
                if let encoded = UTF8.encode(scalar) { buffer.append(contentsOf: encoded) }
                continue
            }
            for unit in UTF16.encode(scalar) ?? .init() {
                buffer.append("\\u" as StaticString)
                buffer.append(Hex.encode([UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)]))
            }
        }
    }

    /// Control characters except the line feed, characters that change the text direction, invisible characters, and
    /// blanks other than the space.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar != "\n" && (scalar.value < 0x20 || scalar.value == 0x7F) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint || NameCharacters.isInvisible(scalar)
        }
    }
}
