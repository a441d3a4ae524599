import CPlatform
import Glibc
import Wire

/// A connection from a web server.
final class FastCGIConnection {
    let descriptor: Int32
    let exchange: FastCGIExchange
    private let input = ByteBuffer()
    private let output: OutputBuffer
    private(set) var isAtEnd = false

    private static let readSize = 64 * 1024
    /// What is sent ahead may be so large, and stays with the system beyond it.
    private static let inputLimit = 1 << 20
    /// Milliseconds that a server may take nothing of an answer.
    private static let writeTimeout: Int32 = 60_000

    /// - Parameter descriptor: does not block; closed with this object.
    init(_ descriptor: Int32, _ exchange: FastCGIExchange) {
        self.descriptor = descriptor
        self.exchange = exchange
        output = OutputBuffer(to: descriptor, timeout: Self.writeTimeout)
        var on: Int32 = 1
        // What a stream says leaves at once. Both mean nothing on a Unix socket.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Whether there is nothing more to do on it.
    var isOver: Bool { isAtEnd || exchange.isOver || output.hasFailed }

    /// Whether no request has begun.
    var isIdle: Bool { input.isEmpty && exchange.request == nil }

    /// Takes what has arrived, without waiting, and replies to what needs no request.
    func receive() throws(FastCGI.Malformed) {
        guard !isAtEnd, input.count < Self.inputLimit else { return }
        let before = input.count
        input.appendUninitialized(capacity: Self.readSize) { space in
            while true {
                let count = Glibc.read(descriptor, space.baseAddress, space.count)
                if count > 0 { return count }
                if count < 0, errno == EINTR { continue }
                if count == 0 || errno != EAGAIN { isAtEnd = true }
                return 0
            }
        }
        if input.count > before { try advance() }
    }

    /// Takes the records that are there.
    private func advance() throws(FastCGI.Malformed) {
        try exchange.take(from: input)
        guard !exchange.replies.isEmpty else { return }
        output.write(exchange.replies)
        exchange.replies.removeAll()
        output.flush()
    }

    /// Ends the request that was served, and goes on with what came meanwhile.
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

    /// Looks whether the server has aborted the request or gone away. What else it sends waits.
    var isBroken: Bool {
        do throws(FastCGI.Malformed) { try receive() } catch { isAtEnd = true }
        return isAtEnd || output.hasFailed || exchange.request?.isAborted ?? true
    }
}
