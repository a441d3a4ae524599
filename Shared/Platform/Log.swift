import Glibc
import Wire

/// One JSON object a line on stderr, which every gateway collects. Never for secrets, bodies or
/// anything a caller typed into a password field. What a reader could not see is escaped.
public enum Log {
    public enum Level: String, Sendable { case info, warning, error }

    public static func write(_ level: Level, _ message: String, _ fields: KeyValuePairs<String, JSON> = [:]) {
        var writer = JSONWriter()
        writer.object { line in
            line.key("time")
            line.value(Timestamp.now())
            line.key("level")
            line.value(level.rawValue)
            line.key("message")
            line.value(message)
            for (name, value) in fields {
                line.key(name)
                line.value(value)
            }
        }
        let text = writer.visibleText
        text.append(UInt8(ascii: "\n"))
        Descriptor.writeAll(text.bytes, to: STDERR_FILENO)
    }
}
