import Glibc
import Platform
import Wire

/// The bytes to and from a server. In a build with TLS, a subclass encrypts them.
class Transport {
    private var descriptor: Int32

    /// - Parameter descriptor: a connected socket that does not block. It is closed with this object.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Gives the socket away. This transport cannot be used any more.
    func release() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    /// Whether nobody but the server can read what is sent.
    var isSecured: Bool { false }

    /// What names this channel to both ends: a hash of the server's certificate (RFC 5929 section 4). Nil without TLS.
    var channelBinding: [UInt8]? { nil }

    /// Whether the other side has closed the connection.
    var hasEnded: Bool {
        var waiting = pollfd(fd: descriptor, events: Self.hangUp, revents: 0)
        return descriptor < 0 || poll(&waiting, 1, 0) > 0
    }

    /// `POLLRDHUP`, a GNU extension.
    private static let hangUp: Int16 = 0x2000

    /// Sends all the bytes.
    func send(_ bytes: Bytes, _ patience: inout Patience) throws(PostgresError) {
        var sent = 0
        while sent < bytes.count {
            switch Descriptor.send(descriptor, bytes.slice(from: sent)) {
            case .bytes(let count): sent += count
            case .blocked: try wait(for: Int16(POLLOUT), &patience)
            case .ended: throw .lost
            }
        }
    }

    /// Sends the bytes if that is possible without waiting. Returns how many were sent.
    @discardableResult
    func sendAtOnce(_ bytes: Bytes) -> Int {
        guard case .bytes(let count) = Descriptor.send(descriptor, bytes) else { return 0 }
        return count
    }

    /// Waits for bytes, and receives what fits.
    /// - Returns: at least 1.
    func receive(into buffer: UnsafeMutableRawBufferPointer, _ patience: inout Patience) throws(PostgresError) -> Int {
        while true {
            try wait(for: Int16(POLLIN), &patience)
            switch Descriptor.read(descriptor, into: buffer) {
            case .bytes(let count): return count
            case .blocked: continue
            case .ended: throw .lost
            }
        }
    }

    private func wait(for events: Int16, _ patience: inout Patience) throws(PostgresError) {
        guard try patience.wait(for: events, of: descriptor) else {
            throw PostgresError(.timeout, "The server has not answered within \(patience.limit) ms")
        }
    }
}

/// How much longer a client waits for a server. Only waiting uses it up, not the client's own work.
struct Patience {
    /// In milliseconds.
    let limit: Int
    private var nanoseconds: Int64

    /// - Parameter limit: in milliseconds, at most a day.
    init(_ limit: Int) {
        self.limit = max(1, min(limit, 86_400_000))
        nanoseconds = Int64(self.limit) * 1_000_000
    }

    var isExhausted: Bool { nanoseconds <= 0 }

    /// Waits for an event of a descriptor. Returns false if there was none in time.
    mutating func wait(for events: Int16, of descriptor: Int32) throws(PostgresError) -> Bool {
        guard descriptor >= 0 else { throw .lost }
        while !isExhausted {
            var waiting = pollfd(fd: descriptor, events: events, revents: 0)
            let start = MonotonicClock.nanoseconds
            let count = poll(&waiting, 1, Int32(clamping: (nanoseconds + 999_999) / 1_000_000))
            let failure = errno
            nanoseconds -= MonotonicClock.nanoseconds - start
            if count > 0 { return true }
            if count < 0, failure != EINTR { throw .lost }
        }
        return false
    }

    /// A part of the rest, to be shared by `count` attempts.
    func share(of count: Int) -> Patience { Patience(max(1, Int(nanoseconds / 1_000_000) / max(1, count))) }
}

extension PostgresError {
    static var lost: PostgresError { PostgresError(.connectionLost, "The server has closed the connection") }
}
