import Glibc
import Platform
import Wire

/// Writes the log, one line per event, either as JSON or for people.
///
/// Lines are collected and written once per batch of events. If the reader of a pipe or a terminal does not keep up,
/// lines are dropped instead of delaying requests.
package final class GatewayLog {
    package enum Format { case pretty, json }
    package typealias Level = LogLine.Level

    /// An entry of the access log. It never contains headers, a query or a body.
    struct Access {
        var requestID: String
        var method: String
        var path: String
        var status: Int
        /// Microseconds from the last byte of the head to the last byte of the response.
        var duration: Int64
        var function: String?
        var wasCold: Bool
        /// The size of the response's body.
        var bytes: Int
    }

    private static let maximumPending = 1024 * 1024

    let format: Format
    /// Whether requests are logged.
    let logsAccess: Bool
    private let level: Level
    private let descriptor: Int32
    private let hasColors: Bool
    private let isRegularFile: Bool
    private let pending = ByteBuffer(capacity: 4096)
    private var dropped = 0

    /// Writes nothing.
    package static var silent: GatewayLog {
        GatewayLog(format: .json, hasColors: false, logsAccess: false, descriptor: -1)
    }

    /// - Parameter level: the minimum level.
    package init(format: Format, hasColors: Bool, logsAccess: Bool, level: Level = .info, descriptor: Int32 = 2) {
        self.format = format
        self.hasColors = hasColors
        self.logsAccess = logsAccess
        self.level = level
        self.descriptor = descriptor
        var information = stat()
        isRegularFile = fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    }

    // MARK: Events

    package func event(_ level: Level, _ message: String, _ fields: [(key: String, value: String)] = []) {
        guard level >= self.level else { return }
        add {
            guard format == .json else {
                color(level == .error ? 31 : level == .warning ? 33 : 36)
                pending.append(level.rawValue)
                color(0)
                pending.append(" \(message)")
                for field in fields { pending.append("  \(field.key)=\(LogLine.printable(field.value))") }
                return
            }
            LogLine.append(level, to: pending) { writer in
                writer.key("message")
                writer.value(message)
                for field in fields {
                    writer.key(field.key)
                    writer.value(field.value)
                }
            }
        }
    }

    /// A process of a function ended abnormally.
    func crash(function: String, requestID: String?, reason: String, end: ProcessEnd, lines: [String]) {
        var fields = [("function", function)]
        if let requestID { fields.append(("requestId", requestID)) }
        fields += [("reason", reason), ("end", "\(end)")]
        if !lines.isEmpty { fields.append(("stderr", lines.joined(separator: "\n"))) }
        event(requestID == nil ? .warning : .error, "function failed", fields)
    }

    func access(_ entry: Access) {
        guard (entry.status >= 500 ? Level.error : .info) >= level else { return }
        add {
            if format == .json { accessObject(entry) } else { accessLine(entry) }
        }
    }

    /// A line that a function wrote to stderr.
    func functionLine(_ line: Bytes, function: String) {
        guard level == .info || severity(of: line) >= level else { return }
        add {
            if format == .pretty {
                color(2)
                pending.append(function)
                pending.append(" | " as StaticString)
                color(0)
                pending.append(LogLine.printable(line.text))
            } else if let object = Envelope.parse(line)?.object, let brace = line.first(UInt8(ascii: "{")) {
                if object["function"] == nil {
                    pending.append("{\"function\":\(JSON.string(function).text)" as String)
                    if !object.isEmpty { pending.append(UInt8(ascii: ",")) }
                    pending.append(line.slice(from: brace + 1))
                } else {
                    pending.append(line)
                }
            } else {
                LogLine.append(.info, to: pending) { writer in
                    writer.key("function")
                    writer.value(function)
                    writer.key("message")
                    writer.value(utf8: line)
                }
            }
        }
    }

    /// A line that is not JSON counts as an error.
    private func severity(of line: Bytes) -> Level {
        Envelope.parse(line).map { $0["level"]?.string.flatMap(Level.init) ?? .info } ?? .error
    }

    // MARK: Forms

    private func accessObject(_ entry: Access) {
        LogLine.append(entry.status >= 500 ? .error : .info, to: pending) { writer in
            writer.key("message")
            writer.value("request")
            writer.key("requestId")
            writer.value(entry.requestID)
            writer.key("method")
            writer.value(entry.method)
            writer.key("path")
            writer.value(entry.path)
            writer.key("status")
            writer.value(entry.status)
            writer.key("durationMs")
            writer.value(Double(entry.duration) / 1000)
            if let function = entry.function {
                writer.key("function")
                writer.value(function)
                writer.key("start")
                writer.value(entry.wasCold ? "cold" : "warm")
            }
            writer.key("bytes")
            writer.value(entry.bytes)
        }
    }

    private func accessLine(_ entry: Access) {
        color(2)
        pending.append(Timestamp.now().description)
        color(0)
        pending.append(" ")
        color(entry.status >= 500 ? 31 : entry.status >= 400 ? 33 : 32)
        pending.append(decimal: Int64(entry.status))
        color(0)
        let tenths = (entry.duration + 50) / 100
        pending.append(" \(entry.method) \(LogLine.printable(entry.path)) \(tenths / 10).\(tenths % 10) ms")
        if let function = entry.function { pending.append(" \(function) \(entry.wasCold ? "cold" : "warm")") }
        pending.append(" \(entry.bytes) B ")
        color(2)
        pending.append(entry.requestID)
        color(0)
    }

    private func color(_ code: Int) {
        if hasColors { pending.append("\u{1B}[\(code)m") }
    }

    // MARK: Writing

    private func add(_ write: () -> Void) {
        if pending.count > Self.maximumPending {
            dropped += 1
            return
        }
        let start = pending.count
        write()
        if format == .json { LogLine.escapeUnprintable(in: pending, from: start) }
        pending.append(ASCII.lineFeed)
    }

    /// Writes as many of the collected lines as possible without blocking.
    package func flush() {
        guard self.descriptor >= 0 else { return pending.removeAll() }
        var written = 0
        while written < pending.count {
            let rest = pending.bytes.slice(from: written)
            // NB: stderr is shared with the parent process, so it must not be made non-blocking. A pipe that polls as
            // writable accepts 4096 bytes (PIPE_BUF) without blocking.
            let part = isRegularFile ? rest : rest.slice(0..<min(rest.count, 4096))
            if !isRegularFile {
                var descriptor = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&descriptor, 1, 0) == 1 else { break }
            }
            guard case .bytes(let count) = Descriptor.write(self.descriptor, part) else {
                written = pending.count
                break
            }
            written += count
        }
        if written == pending.count {
            pending.removeAll(keepingAtMost: 64 * 1024)
        } else {
            pending.removeFirst(written)
        }
        if dropped > 0, pending.count < Self.maximumPending / 2 {
            let count = dropped
            dropped = 0
            event(.warning, "log lines were dropped because they are not read fast enough", [("count", "\(count)")])
        }
    }
}
