import Glibc
import Platform
import Wire

/// Reads lines of bounded length from a descriptor, and can look ahead.
final class LineReader {
    enum Line {
        /// Valid until the next call.
        case text(UnsafeBufferPointer<UInt8>)
        /// A line that was skipped because it was too long.
        case tooLong
        /// No complete line has arrived; `fill` waits for more.
        case none
    }

    private let descriptor: Int32
    private let maximumLength: Int
    private let buffer = ByteBuffer(capacity: 16 * 1024)
    /// The start of the next line, and how far it has been searched for its newline.
    private var start = 0
    private var scanned = 0
    private var isSkipping = false
    private(set) var isAtEnd = false

    /// Below malloc's threshold for mapping and unmapping memory each time.
    private static let readSize = 64 * 1024

    init(_ descriptor: Int32, maximumLength: Int) {
        self.descriptor = descriptor
        self.maximumLength = maximumLength
    }

    /// The next line that has arrived, without its newline. At the end of the input, the remaining bytes count as a
    /// line.
    func next() -> Line {
        while true {
            if let end = newline() {
                let line = UnsafeBufferPointer(rebasing: buffer.bytes[start..<end])
                (start, scanned) = (end + 1, end + 1)
                if isSkipping { isSkipping = false } else { return .text(line) }
                continue
            }
            scanned = buffer.count
            if scanned - start > maximumLength {
                discard()
                defer { isSkipping = true }
                if !isSkipping { return .tooLong }
            }
            guard isAtEnd, start < buffer.count, !isSkipping else { return .none }
            let rest = UnsafeBufferPointer(rebasing: buffer.bytes[start...])
            start = buffer.count
            return .text(rest)
        }
    }

    /// Waits for more input. False at the end.
    func fill() -> Bool {
        if isAtEnd { return false }
        if isSkipping || start == buffer.count { discard() } else { compact() }
        let count = Descriptor.read(from: descriptor, into: buffer, atMost: Self.readSize) ?? 0
        isAtEnd = count == 0
        return true
    }

    /// Whether the next line has arrived and begins with `prefix`. Reads at most once, without waiting.
    func upcomingLine(beginsWith prefix: StaticString) -> Bool {
        if newline() == nil, !isAtEnd, buffer.count - start < Self.readSize, Descriptor.isReadable(descriptor) {
            let count = Descriptor.read(from: descriptor, into: buffer, atMost: 4096) ?? 0
            isAtEnd = count == 0
        }
        guard newline() != nil else { return false }
        let upcoming = buffer.bytes[start...]
        return upcoming.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }

    private func newline() -> Int? {
        guard scanned < buffer.count, let base = buffer.bytes.baseAddress,
            let found = memchr(base + scanned, Int32(UInt8(ascii: "\n")), buffer.count - scanned)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private func discard() {
        buffer.removeAll()
        (start, scanned) = (0, 0)
    }

    private func compact() {
        buffer.removeFirst(start)
        scanned -= start
        start = 0
    }
}
