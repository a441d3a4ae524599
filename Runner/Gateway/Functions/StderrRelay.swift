import Wire

/// Passes on what a function writes to stderr, line by line, and remembers the last lines for the
/// report of a crash.
final class StderrRelay {
    /// The longest line that is passed on whole, in bytes; what is beyond it is dropped.
    static let maximumLine = 8 * 1024
    private static let rememberedLines = 8
    private static let rememberedBytes = 512

    private let function: String
    private let log: GatewayLog
    private var line: ByteBuffer?
    private(set) var lastLines: [String] = []
    /// Told of every line.
    var onLine: (Bytes) -> Void = { _ in }

    init(function: String, log: GatewayLog) {
        self.function = function
        self.log = log
    }

    func append(_ bytes: Bytes) {
        var start = 0
        while let end = bytes.first(ASCII.lineFeed, from: start) {
            add(bytes.slice(start..<end))
            finishLine()
            start = end + 1
        }
        if start < bytes.count { add(bytes.slice(from: start)) }
    }

    /// Passes on a last line that has no end.
    func finishLine() {
        guard let line else { return }
        if !line.isEmpty {
            log.functionLine(line.bytes, function: function)
            onLine(line.bytes)
            if lastLines.count == Self.rememberedLines { lastLines.removeFirst() }
            lastLines.append(line.bytes.slice(0..<min(line.count, Self.rememberedBytes)).text)
        }
        self.line = nil
    }

    private func add(_ part: Bytes) {
        let line = line ?? ByteBuffer(capacity: 256)
        self.line = line
        line.append(part.slice(0..<min(part.count, Self.maximumLine - line.count)))
    }
}
