import CPlatform
import Glibc
import Platform
import Wire

/// A connection from a web server.
final class FastCGIConnection {
    let descriptor: Int32
    let exchange: FastCGIExchange
    private let input = ByteBuffer()
    private let output: OutputBuffer
    private(set) var isAtEnd = false

    private static let readSize = 64 * 1024
    /// The most bytes to buffer of requests sent ahead. The rest stays in the socket.
    private static let inputLimit = 1 << 20
    /// How long a server may stop reading a response, in milliseconds.
    private static let writeTimeout: Int32 = 60_000

    /// - Parameter descriptor: non-blocking; closed with this object.
    init(_ descriptor: Int32, _ exchange: FastCGIExchange) {
        self.descriptor = descriptor
        self.exchange = exchange
        output = OutputBuffer(to: descriptor, timeout: Self.writeTimeout)
        var on: Int32 = 1
        // Sends the parts of a stream at once. Both options have no effect on a Unix socket.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Whether the connection can be closed.
    var isOver: Bool { isAtEnd || exchange.isOver || output.hasFailed }

    /// Whether no request has begun.
    var isIdle: Bool { input.isEmpty && exchange.request == nil }

    /// Reads without waiting, and replies to records that do not belong to a request.
    func receive() throws(FastCGI.Malformed) {
        guard !isAtEnd, input.count < Self.inputLimit else { return }
        let before = input.count
        input.appendUninitialized(capacity: Self.readSize) { space in
            switch Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(space)) {
            case .bytes(let count): return count
            case .blocked: break
            case .ended: isAtEnd = true
            }
            return 0
        }
        if input.count > before { try advance() }
    }

    /// Processes the records that have arrived.
    private func advance() throws(FastCGI.Malformed) {
        try exchange.take(from: input)
        guard !exchange.replies.isEmpty else { return }
        output.write(exchange.replies)
        exchange.replies.removeAll()
        output.flush()
    }

    /// Ends the request that was served, and continues with the records that have arrived since.
    func finish(exitStatus: UInt8) throws(FastCGI.Malformed) {
        guard let request = exchange.request else { return }
        let end = ByteBuffer(capacity: 32)
        end.appendHeader(.output, id: request.id, length: 0)
        end.appendEnd(id: request.id, exitStatus: exitStatus, .complete)
        output.write(end)
        output.flush()
        exchange.finish()
        try advance()
    }
}

extension FastCGIConnection: ByteSink {
    func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let id = exchange.request?.id else { return }
        let header = ByteBuffer(capacity: FastCGI.headerSize)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + FastCGI.maximumContent)
            header.removeAll()
            header.appendHeader(.output, id: id, length: end - start)
            output.write(header)
            output.write(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            start = end
        }
    }

    func flush() { output.flush() }

    /// Whether the server has aborted the request or closed the connection. Leaves all other records for later.
    var isBroken: Bool {
        do throws(FastCGI.Malformed) { try receive() } catch { isAtEnd = true }
        return isAtEnd || output.hasFailed || exchange.request?.isAborted ?? true
    }
}
