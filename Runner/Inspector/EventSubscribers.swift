import Gateway
import Wire

/// The open pages, each with a stream of Server-Sent Events.
///
/// Events are sent at once while there are few, and collected until the next tick while there are many, so that an open
/// page costs little however busy the gateway is.
final class EventSubscribers {
    /// The shortest time between two messages, and the interval of heartbeats on a silent stream, in microseconds.
    private static let pause: Int64 = 100_000
    private static let heartbeat: Int64 = 15_000_000
    /// How many pages may be open at once.
    static let maximum = 16

    private var clients: [any LocalClient] = []
    private var sentAt: Int64 = 0

    var isEmpty: Bool { clients.isEmpty }
    var isFull: Bool { clients.count >= Self.maximum }

    func add(_ client: any LocalClient) { clients.append(client) }

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
        clients.removeAll { !$0.isStreaming }
        // A page that does not keep up misses messages; it can fetch their contents later.
        for client in clients where !client.isCongested { client.streamChunk(Array(message.bytes)) }
    }

    func endAll() {
        for client in clients where client.isStreaming { client.endStream() }
        clients = []
    }
}
