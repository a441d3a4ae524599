import Glibc
import Platform
import Wire

/// Buffers the output to a descriptor, so that small pieces are written together.
final class OutputBuffer: ByteSink {
    private let descriptor: Int32
    private let buffer = ByteBuffer()
    /// Timeout in milliseconds without progress, for a non-blocking descriptor; -1 for no limit.
    private let timeout: Int32
    /// Whether a write has failed. Nothing is written after that.
    private(set) var hasFailed = false

    private static let size = 64 * 1024

    init(to descriptor: Int32, timeout: Int32 = -1) {
        self.descriptor = descriptor
        self.timeout = timeout
    }

    func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        if buffer.count + bytes.count > Self.size { flush() }
        if bytes.count > Self.size { send(bytes) } else { buffer.append(bytes) }
    }

    func flush() {
        send(buffer.bytes)
        buffer.removeAll()
    }

    private func send(_ bytes: UnsafeBufferPointer<UInt8>) {
        if !hasFailed, !Descriptor.writeAll(bytes, to: descriptor, timeout: timeout) { hasFailed = true }
    }

    var isBroken: Bool { hasFailed || Descriptor.hasLostReader(descriptor) }
}
