import Glibc
import Wire

/// A function's log: one JSON object per line on stderr, which every gateway collects. Never log secrets, bodies or
/// anything a caller typed into a password field.
public enum Log {
    public static func write(_ level: LogLine.Level, _ message: String, _ fields: KeyValuePairs<String, JSON> = [:]) {
        let line = ByteBuffer()
        LogLine.append(level, to: line) { writer in
            writer.key("message")
            writer.value(message)
            for (name, value) in fields {
                writer.key(name)
                writer.value(value)
            }
        }
        LogLine.escapeUnprintable(in: line)
        line.append(ASCII.lineFeed)
        withExtendedLifetime(line) { _ = Descriptor.writeAll(line.bytes, to: STDERR_FILENO) }
    }
}
