import Models
import Wire

/// The slots in use, including those being allocated.
final class SlotUse {
    private let perWebhook: Int
    private var webhooks: [Webhook.ID: Count] = [:]
    private var workspaces: [Workspace.ID?: Count] = [:]
    private var receivers: [Receiver: Count] = [:]
    private var all = 0
    private let busy: Set<Webhook.ID>

    final class Count { var value = 0 }

    private struct Receiver: Hashable {
        var workspace: Workspace.ID?
        var receiver: String
    }

    /// A webhook that might get a slot, with the counts that determine its rank.
    struct Candidate {
        let queue: EventStore.Queue
        fileprivate let webhook: Count
        fileprivate let workspace: Count
        fileprivate let receiver: Count
    }

    /// The lowest rank gets the next slot.
    struct Rank: Comparable {
        var workspace: Int
        var receiver: Int
        var dueAt: Timestamp

        static func < (left: Rank, right: Rank) -> Bool {
            (left.workspace, left.receiver, left.dueAt) < (right.workspace, right.receiver, right.dueAt)
        }
    }

    init(_ database: Database, _ slots: EventStore.Slots, at now: Timestamp) throws {
        perWebhook = slots.perWebhook
        let taken = try database.all(
            from: """
                jobs JOIN webhooks ON webhooks.id = queue
                WHERE jobs.kind = \(Job.Kind.webhook) AND \(JobStore.isLeased(atMost: slots.leaseSeconds, at: now))
                GROUP BY webhooks.id
                """, as: Taken.self)
        busy = Set(taken.map(\.place.webhook))
        // Deliveries beyond the webhook's slots are queued behind others and take none.
        for each in taken {
            take(
                candidate(EventStore.Queue(place: each.place, isQuick: false, hasRight: true, dueAt: now)),
                min(each.count, perWebhook))
        }
    }

    /// A webhook and how many deliveries to it are in flight.
    private struct Taken: Record {
        let place: EventStore.Place
        let count: Int

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) { (place, count) = (EventStore.Place(from: &row), row["count(*)"]) }
    }

    /// Whether the webhook had no delivery in flight.
    func wasFree(_ webhook: Webhook.ID) -> Bool { !busy.contains(webhook) }

    func candidate(_ queue: EventStore.Queue) -> Candidate {
        Candidate(
            queue: queue, webhook: Self.count(queue.place.webhook, in: &webhooks),
            workspace: Self.count(queue.place.workspace, in: &workspaces),
            receiver: Self.count(
                Receiver(workspace: queue.place.workspace, receiver: queue.place.receiver), in: &receivers))
    }

    private static func count<Key>(_ key: Key, in counts: inout [Key: Count]) -> Count {
        if let known = counts[key] { return known }
        let count = Count()
        counts[key] = count
        return count
    }

    func take(_ candidate: Candidate, _ count: Int = 1) {
        candidate.webhook.value += count
        candidate.workspace.value += count
        candidate.receiver.value += count
        all += count
    }

    /// Nil if no slot is available.
    func rank(_ candidate: Candidate) -> Rank? {
        typealias Slots = EventStore.Slots
        let isQuick = candidate.queue.isQuick
        let (ofWebhook, ofWorkspace) = (candidate.webhook.value, candidate.workspace.value)
        guard all < Slots.all, ofWebhook < (isQuick ? perWebhook : 1) else { return nil }
        let hasNothing = ofWorkspace == 0 || (isQuick && ofWebhook == 0)
        guard hasNothing || (all < Slots.common && ofWorkspace < Slots.perWorkspace) else { return nil }
        return Rank(workspace: ofWorkspace, receiver: candidate.receiver.value, dueAt: candidate.queue.dueAt)
    }
}
