import Wire

/// The pages that look on, each over a stream of Server-Sent Events.
///
/// News are sent at once while there are few, and gathered up to the next tick of the loop while
/// there are many, so that a page that is open costs little however busy the gateway is.
final class EventSubscribers {
    /// The shortest time between two messages, and how often a silent stream shows that it is alive; in microseconds.
    private static let pause: Int64 = 100_000
    private static let heartbeat: Int64 = 15_000_000
    /// How many pages may look on at once.
    static let maximum = 16

    private var connections: [Connection] = []
    private var sentAt: Int64 = 0

    var isEmpty: Bool { connections.isEmpty }
    var isFull: Bool { connections.count >= Self.maximum }

    func add(_ connection: Connection) { connections.append(connection) }

    func isDue(_ now: Int64) -> Bool { now - sentAt >= Self.pause }

    /// - Parameter data: one line of JSON.
    func send(_ event: StaticString, _ data: ByteBuffer, now: Int64) {
        sentAt = now
        let message = ByteBuffer(capacity: data.count + 64)
        message.append("event: " as StaticString)
        message.append(event)
        message.append("\ndata: " as StaticString)
        message.append(data)
        message.append("\n\n" as StaticString)
        send(message)
    }

    func beat(_ now: Int64) {
        guard now - sentAt >= Self.heartbeat else { return }
        sentAt = now
        send(ByteBuffer(": alive\n\n"))
    }

    private func send(_ message: ByteBuffer) {
        connections.removeAll { $0.state != .streaming }
        // A page that does not keep up misses what it can ask for later.
        for connection in connections where !connection.isCongested { connection.streamChunk(Array(message.bytes)) }
    }

    func endAll() {
        for connection in connections where connection.state == .streaming { connection.endStream() }
        connections = []
    }
}
