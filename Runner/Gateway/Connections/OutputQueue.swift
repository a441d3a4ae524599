import Platform
import Wire

/// Output that a client has not read yet. Uses no memory while empty.
struct OutputQueue {
    enum Progress { case drained, blocked, gone }

    private var buffer: ByteBuffer?
    private var offset = 0

    var count: Int { (buffer?.count ?? 0) - offset }
    var isEmpty: Bool { buffer == nil }

    /// Sends as much of `bytes` as the socket accepts, and keeps the rest.
    mutating func send(_ bytes: Bytes, to socket: Int32) -> Progress {
        if let buffer {
            // Sent bytes are removed only once they are most of the buffer, not after every write.
            if offset > 64 * 1024, offset > buffer.count / 2 {
                buffer.removeFirst(offset)
                offset = 0
            }
            buffer.append(bytes)
            return .blocked
        }
        var sent = 0
        while sent < bytes.count {
            switch Descriptor.send(socket, bytes.slice(from: sent)) {
            case .bytes(let count): sent += count
            case .blocked:
                buffer = ByteBuffer(bytes.slice(from: sent))
                return .blocked
            case .ended: return .gone
            }
        }
        return .drained
    }

    /// Sends the kept output.
    /// - Parameter onProgress: called with the number of bytes that the socket has accepted.
    mutating func flush(to socket: Int32, onProgress: (Int) -> Void) -> Progress {
        guard let buffer else { return .drained }
        while offset < buffer.count {
            switch Descriptor.send(socket, buffer.bytes.slice(from: offset)) {
            case .bytes(let count):
                offset += count
                onProgress(count)
            case .blocked: return .blocked
            case .ended: return .gone
            }
        }
        clear()
        return .drained
    }

    mutating func clear() {
        buffer = nil
        offset = 0
    }
}
