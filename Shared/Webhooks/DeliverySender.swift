import Models
import Platform
import Providers
import Storage
import Wire

/// Sends what is in the outbox. Any number of processes may do so at once: each delivery is claimed
/// before it is sent, and claimed again by another when its sender dies.
public struct DeliverySender {
    private let store: Store
    private let policy: WebhookPolicy

    public init(store: Store, policy: WebhookPolicy) {
        self.store = store
        self.policy = policy
    }

    /// How many deliveries ended how.
    public struct Report: Sendable {
        public var succeeded = 0
        /// To be tried again.
        public var postponed = 0
        public var failed = 0

        public init() {}

        public var total: Int { succeeded + postponed + failed }
    }

    private var slots: EventStore.Slots {
        // A lookup and an exchange may take the timeout each.
        EventStore.Slots(
            leaseSeconds: 2 * policy.timeoutSeconds + policy.leaseSlackSeconds, perWebhook: policy.concurrency)
    }

    /// An answer that takes longer, in milliseconds, is slow: its webhook has one slot.
    private static let quickMilliseconds = 1000
    /// How long to wait for results before looking whether something else is due, in milliseconds.
    private static let pollMilliseconds = 100
    /// How long results are gathered, to be written down and followed by others together, in milliseconds.
    private static let gatherMilliseconds = 10
    /// How long deliveries under way may take to end when the process is to, in milliseconds.
    private static let farewellMilliseconds = 1000

    /// Sends what is due, up to a number of deliveries, and begins none after `end`. Fails what waits for webhooks that
    /// were disabled.
    ///
    /// - Parameter isStopping: asked all the time; once true, nothing more is claimed, and what has not ended a second
    ///   later is given back.
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

    /// How long deliveries are leased and wait.
    public var times: JobStore.Times {
        JobStore.Times(lease: slots.leaseSeconds, wait: policy.retrySeconds.max() ?? 0)
    }

    /// Sends a test event to a webhook now, and returns how that went. It is not tried again.
    ///
    /// - Parameter find: gives the webhook, within the write that records the event.
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

    /// Writes down how deliveries ended.
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
