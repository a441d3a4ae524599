import Models
import Outbound
import Platform
import Storage
import Wire

/// Sends the deliveries in the outbox. Any number of processes may do so at once: each delivery is claimed before it is
/// sent, and if its sender dies, another one claims it again.
public struct DeliverySender {
    private let store: Store
    private let policy: WebhookPolicy

    public init(store: Store, policy: WebhookPolicy) {
        self.store = store
        self.policy = policy
    }

    /// The number of deliveries per outcome.
    public struct Report: Sendable {
        public var succeeded = 0
        /// To be retried.
        public var postponed = 0
        public var failed = 0

        public init() {}

        public var total: Int { succeeded + postponed + failed }
    }

    private var slots: EventStore.Slots {
        // The lookup and the exchange may each take the timeout.
        EventStore.Slots(
            leaseSeconds: 2 * policy.timeoutSeconds + policy.leaseSlackSeconds, perWebhook: policy.concurrency)
    }

    /// A response that takes longer, in milliseconds, is slow: its webhook gets one slot.
    private static let quickMilliseconds = 1000
    /// How long to wait for results before checking for other due deliveries, in milliseconds.
    private static let pollMilliseconds = 100
    /// How long to gather results, so that they are recorded and replaced by new deliveries together, in milliseconds.
    private static let gatherMilliseconds = 10
    /// How long deliveries in flight may take when the process should end, in milliseconds.
    private static let farewellMilliseconds = 1000

    /// Sends up to `limit` due deliveries and starts none after `end`. Fails the waiting deliveries of disabled
    /// webhooks.
    ///
    /// - Parameter isStopping: called repeatedly. Once it returns true, no more deliveries are claimed, and those still
    ///   in flight a second later are given back.
    public func sendDue(limit: Int, until end: Moment, isStopping: () -> Bool) throws -> Report {
        let traffic = DeliveryTraffic(policy)
        var report = Report()
        var patience = Self.farewellMilliseconds
        while true {
            var isEnding = isStopping()
            if !isEnding, Moment.now < end {
                let room = min(limit - report.total - traffic.count, traffic.room)
                let claims = try store.events.claimDue(atMost: room, of: slots, at: .now())
                isEnding = isStopping()
                if isEnding { try store.events.giveBack(claims, at: .now()) } else { traffic.begin(claims) }
            }
            if traffic.count == 0 { break }
            if isEnding, patience <= 0 {
                try store.events.giveBack(traffic.claims, at: .now())
                break
            }
            if isEnding { patience -= Self.pollMilliseconds }
            try finish(traffic.wait(Self.pollMilliseconds, gathering: Self.gatherMilliseconds), &report)
            try store.events.giveBack(traffic.takeCancelled(), at: .now())
        }
        try store.events.failDisabled()
        return report
    }

    /// The longest lease and delay of deliveries.
    public var times: JobStore.Times {
        JobStore.Times(lease: slots.leaseSeconds, wait: policy.retrySeconds.max() ?? 0)
    }

    /// Sends a test event to a webhook now and returns the outcome. It is not retried.
    ///
    /// - Parameter find: returns the webhook, within the write that records the event.
    public func sendTest(to find: () throws -> Webhook) throws -> Delivery {
        let recorded = try store.write {
            let webhook = try find()
            return (webhook, try store.events.recordTest(for: webhook, leaseSeconds: slots.leaseSeconds, at: .now()))
        }
        guard case (let webhook, let claim?) = recorded else { throw APIError.notFound("Webhook") }
        let traffic = DeliveryTraffic(policy)
        traffic.begin([claim])
        var report = Report()
        while traffic.count > 0 {
            try finish(traffic.wait(Self.pollMilliseconds, gathering: 0), retries: false, &report)
        }
        guard let delivery = try store.events.find(claim.id, of: webhook.id) else { throw APIError.notFound("Webhook") }
        return delivery
    }

    /// Records the outcomes of deliveries.
    private func finish(_ results: [DeliveryTraffic.Result], retries: Bool = true, _ report: inout Report) throws {
        let now = Timestamp.now()
        var ended: [(claim: EventStore.Claim, outcome: EventStore.Outcome)] = []
        for result in results {
            let isQuick = result.error == nil && result.milliseconds < Self.quickMilliseconds
            var outcome = EventStore.Outcome(
                responseStatus: result.status, error: result.error, nextAttemptAt: nil, isQuick: isQuick)
            outcome.disablesWebhook = result.status == 410
            let attempts = result.claim.attempts
            if outcome.error == nil {
                report.succeeded += 1
            } else if retries, !outcome.disablesWebhook, attempts < policy.retrySeconds.count {
                outcome.nextAttemptAt = now + policy.retrySeconds[attempts]
                report.postponed += 1
            } else {
                report.failed += 1
            }
            ended.append((result.claim, outcome))
        }
        try store.events.finish(ended, at: now)
        if ended.contains(where: \.outcome.disablesWebhook) { try store.events.failDisabled() }
    }
}
