import Glibc
import Models
import Platform
import Storage
import Wire

/// Shows the progress of a transfer: a bar on a terminal, otherwise a log line for each table. Ends the transfer at a
/// signal.
final class TransferDisplay {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let hasColors = !Environment.isSet("NO_COLOR")
    private let signals = DeferredSignals()
    private var next = Moment.now

    /// Milliseconds between two pictures of the bar.
    private static let interval: Int64 = 100
    private static let width = 30

    /// A signal has no effect any more.
    func complete() { signals.complete() }

    func show(_ step: DatabaseTransfer.Step) throws {
        if signals.isPending { throw APIError(.serviceUnavailable, "Interrupted; nothing was moved") }
        if isTerminal { return draw(step) }
        guard step.isDone else { return }
        Log.write(
            .info, "Copied \(step.name)", ["rows": .int(Int64(step.rows)), "bytes": .int(step.bytes)])
    }

    private func draw(_ step: DatabaseTransfer.Step) {
        guard step.isDone || Moment.now >= next else { return }
        next = .now.adding(milliseconds: Self.interval)
        let filled = step.isDone ? Self.width : min(Self.width, Self.width * step.rows / max(1, step.total))
        let full = String(repeating: "█", count: filled)
        let bar = (hasColors ? "\u{1B}[32m\(full)\u{1B}[0m" : full) + String(repeating: "░", count: Self.width - filled)
        let name = step.name + String(repeating: " ", count: max(0, 18 - step.name.utf8.count))
        let line = ByteBuffer(
            "\r\u{1B}[K\(name) \(bar) \(step.rows) rows, \(Self.size(step.bytes))\(step.isDone ? "\n" : "")")
        withExtendedLifetime(line) { _ = Descriptor.writeAll(line.bytes, to: STDERR_FILENO) }
    }

    private static func size(_ bytes: Int64) -> String {
        bytes < 10 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }
}
