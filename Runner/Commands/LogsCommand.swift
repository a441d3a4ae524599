import Gateway
import Glibc
import Platform
import Wire

/// `runner logs [FILE]`
package enum LogsCommand {
    /// The pause between two reads at the end of a followed file, in microseconds.
    private static let pause: UInt32 = 200_000

    package static func run(_ options: Options) -> Int32 {
        guard options.operands.count <= 1 else { return Terminal.fail("logs reads only one file", code: 64) }
        let path = options.operands.first ?? "-"
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return Terminal.fail("\(path): \(String(cString: strerror(errno)))", code: 66) }
        if path == "-", isatty(0) == 1 {
            return Terminal.fail("logs needs a file, or lines on stdin; see runner help logs", code: 64)
        }
        // The reader, such as head, may stop reading early.
        signal(SIGPIPE, SIG_DFL)
        var lines = LogLines(options)
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Descriptor.repeating { read(descriptor, &block, block.count) }
            if count > 0 {
                Terminal.write(lines.take(block[..<count]))
            } else if options.logs.follows, path != "-" {
                // Start over if the log was truncated.
                var information = stat()
                if fstat(descriptor, &information) == 0, information.st_size < lseek(descriptor, 0, SEEK_CUR) {
                    lseek(descriptor, 0, SEEK_SET)
                }
                usleep(pause)
            } else {
                break
            }
        }
        Terminal.write(lines.end())
        return 0
    }
}

/// Selects lines of a log and formats them.
struct LogLines {
    private let wanted: Options.Logs
    private let terminal: Terminal
    private var partial: [UInt8] = []

    init(_ options: Options) {
        wanted = options.logs
        terminal = Terminal(options)
    }

    mutating func take(_ bytes: ArraySlice<UInt8>) -> String {
        partial += bytes
        guard let end = partial.lastIndex(of: ASCII.lineFeed) else { return "" }
        let whole = partial[..<end]
        partial = Array(partial[(end + 1)...])
        return whole.split(separator: ASCII.lineFeed).map { shown(String(decoding: $0, as: UTF8.self)) }.joined()
    }

    /// The last line, if it has no line feed.
    mutating func end() -> String {
        defer { partial = [] }
        return partial.isEmpty ? "" : shown(String(decoding: partial, as: UTF8.self))
    }

    private func shown(_ line: String) -> String {
        guard let json = Envelope.document(line), let object = json.object else {
            return wanted.isEverything ? LogLine.printable(line) + "\n" : ""
        }
        let level = json["level"]?.string.flatMap(LogLine.Level.init) ?? .info
        guard level >= wanted.level, wanted.function.map({ $0 == json["function"]?.string }) ?? true,
            wanted.request.map({ $0 == json["requestId"]?.string }) ?? true
        else { return "" }
        let time = terminal.paint(json["time"]?.string ?? "", .dim)
        return "\(time) \(json["message"] == "request" ? access(json) : event(object, level))\n"
    }

    private func access(_ json: JSON) -> String {
        func text(_ key: String) -> String { LogLine.printable(json[key]?.string ?? "") }
        let status = json["status"]?.int ?? 0
        let color: Terminal.Color = status >= 500 ? .red : status >= 400 ? .yellow : .green
        let duration = (json["durationMs"]?.double ?? 0) * 10
        let tenths = duration.isFinite && abs(duration) < 1e15 ? Int(duration.rounded()) : 0
        return
            "\(terminal.paint(String(status), color)) \(text("method")) \(text("path")) \(tenths / 10).\(abs(tenths % 10)) ms "
            + "\(text("function")) \(text("start")) \(json["bytes"]?.int ?? 0) B \(terminal.paint(text("requestId"), .dim))"
    }

    private func event(_ object: JSONObject, _ level: LogLine.Level) -> String {
        let color: Terminal.Color = level == .error ? .red : level == .warning ? .yellow : .cyan
        var text = "\(terminal.paint(level.rawValue, color)) \(LogLine.printable(object["message"]?.string ?? ""))"
        for member in object.members where !["time", "level", "message"].contains(member.key) {
            text +=
                "  \(terminal.paint(LogLine.printable(member.key), .dim))=\(LogLine.printable(member.value.string ?? member.value.text))"
        }
        return text
    }
}
