import Glibc
import Platform
import Wire

/// Gathers what goes to a descriptor, so that small pieces leave together.
final class OutputBuffer: ByteSink {
    private let descriptor: Int32
    private let buffer = ByteBuffer()
    /// Milliseconds that the reader may take nothing, where the descriptor does not block; -1 for ever.
    private let timeout: Int32
    /// Whether something could not be written, after which nothing is.
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
