import Glibc
import Platform
import Wire

/// Reads what a process writes to stderr, passes it on line by line, and keeps the last lines for a crash report.
final class StderrRelay: EventHandler {
    /// The longest line in bytes; the rest of a longer one is dropped.
    static let maximumLine = 8 * 1024
    private static let rememberedLines = 8
    private static let rememberedBytes = 512
    /// How many reads of 64 KiB are made for the rest when the process has ended. A pipe holds as much as one.
    private static let lastReads = 4

    private let function: String
    private let services: FunctionServices
    private let descriptor: Int32
    private var line: ByteBuffer?
    private(set) var lastLines: [String] = []
    /// Receives the lines of the current request, or of the last one.
    var capture: Capture?

    init(_ descriptor: Int32, function: String, services: FunctionServices) {
        self.descriptor = descriptor
        self.function = function
        self.services = services
        services.loop.add(descriptor, .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) { read() }

    /// Reads the rest once the process has ended, and closes the descriptor.
    func finish() {
        // NB: a limited number of times. A daemon that has left the group may hold the pipe open and keep writing.
        for _ in 0..<Self.lastReads where read() {}
        finishLine()
        services.loop.remove(descriptor)
        close(descriptor)
    }

    /// - Returns: whether there was something to read.
    @discardableResult
    private func read() -> Bool {
        switch Descriptor.read(descriptor, into: services.scratch) {
        case .bytes(let count):
            append(Bytes(rebasing: services.scratch.bindMemory(to: UInt8.self)[..<count]))
            return true
        case .blocked: return false
        // The descriptor is closed when the process is reaped; nothing more will arrive until then.
        case .ended:
            services.loop.pause(descriptor)
            return false
        }
    }

    private func append(_ bytes: Bytes) {
        var start = 0
        while let end = bytes.first(ASCII.lineFeed, from: start) {
            add(bytes.slice(start..<end))
            finishLine()
            start = end + 1
        }
        if start < bytes.count { add(bytes.slice(from: start)) }
    }

    private func finishLine() {
        guard let line else { return }
        if !line.isEmpty {
            services.log.functionLine(line.bytes, function: function)
            capture?.addError(line.bytes)
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
