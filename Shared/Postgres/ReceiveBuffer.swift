import Wire

/// A message of the server, in the receive buffer. Valid until the next one is read.
struct Message {
    let type: UInt8
    let body: Bytes
}

/// What has arrived from the server. Messages are read in place, so each is stored without a gap.
final class ReceiveBuffer {
    @exclusivity(unchecked) private var storage: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var capacity: Int
    /// What has been received and not yet read is at `start..<end`.
    @exclusivity(unchecked) private var start = 0
    @exclusivity(unchecked) private var end = 0
    /// The longest message of any type. Logging in needs only short ones.
    @exclusivity(unchecked) var maximumLength = shortLength

    private static let usualCapacity = 16 * 1024
    private static let keptCapacity = 256 * 1024
    private static let headLength = 5
    /// For messages without data, as in libpq.
    private static let shortLength = 30_000
    /// PostgreSQL neither sends nor accepts more (`PQ_LARGE_MESSAGE_LIMIT`).
    static let largestLength = 0x3FFF_FFFF

    init() {
        capacity = Self.usualCapacity
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    /// The next message if all of it has arrived.
    func next() throws(PostgresError) -> Message? {
        guard end - start >= Self.headLength else { return nil }
        let type = storage[start]
        let length = Int(UInt32(bigEndian: UnsafeRawPointer(storage + start + 1).loadUnaligned(as: UInt32.self)))
        guard length >= 4, length <= (Self.carriesData(type) ? maximumLength : Self.shortLength) else {
            throw PostgresError(
                .protocolViolation,
                length < 4 ? "The server sent a malformed message" : "The server sent a message of \(length) bytes")
        }
        guard end - start > length else { return nil }
        let body = Bytes(start: storage + start + Self.headLength, count: length - 4)
        start += length + 1
        return Message(type: type, body: body)
    }

    /// Receives more. The messages read before become invalid.
    func fill(from transport: Transport, _ patience: inout Patience) throws(PostgresError) {
        makeRoom()
        end += try transport.receive(
            into: UnsafeMutableRawBufferPointer(start: storage + end, count: capacity - end), &patience)
    }

    /// NB: the buffer doubles whenever it is full of what has really arrived. The length that a server announces
    /// reserves nothing.
    private func makeRoom() {
        if start == end {
            start = 0
            end = 0
        } else if capacity - end < capacity / 4 {
            replace(capacity: end - start > capacity / 2 ? capacity * 2 : capacity)
        }
    }

    /// Releases what a large answer took, so that it does not leave a warm process large. The messages read before become
    /// invalid.
    func shrink() {
        if capacity > Self.keptCapacity, start == end { replace(capacity: Self.usualCapacity) }
    }

    private func replace(capacity wanted: Int) {
        let count = end - start
        if wanted == capacity {
            storage.update(from: storage + start, count: count)
        } else {
            let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
            moved.update(from: storage + start, count: count)
            storage.deallocate()
            storage = moved
            capacity = wanted
        }
        start = 0
        end = count
    }

    /// Whether messages of a type may be long: rows and their description, errors, notices, notifications, and the
    /// types of parameters.
    private static func carriesData(_ type: UInt8) -> Bool {
        switch type {
        case UInt8(ascii: "D"), UInt8(ascii: "T"), UInt8(ascii: "E"), UInt8(ascii: "N"), UInt8(ascii: "A"),
            UInt8(ascii: "t"):
            true
        default: false
        }
    }
}
