import Models
import Outbound
import Storage
import Wire

/// Sends what is in the outbox. Any number of processes may do so at once: each delivery is claimed
/// before it is sent, and claimed again by another when its sender dies.
public struct DeliverySender {
    private let store: Store
    private let policy: Policy

    public init(store: Store, policy: Policy) {
        self.store = store
        self.policy = policy
    }

    /// How an installation sends webhooks.
    public struct Policy: Sendable {
        /// Also to private addresses and over plain HTTP: for tests and closed networks.
        public var allowsPrivate = false
        /// How long a receiver may take, in seconds.
        public var timeoutSeconds = 10
        /// How long a claim outlives the time that sending may take, in seconds. When a sender dies,
        /// another takes its delivery over after both.
        public var leaseSlackSeconds = 20
        /// How many deliveries may be on their way to one webhook at once.
        public var concurrency = 2
        /// How long to wait before each further attempt, in seconds. When they are used up, the
        /// delivery has failed.
        public var retrySeconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400]

        public init() {}

        /// Throws unless a webhook may have that URL. Where a name leads is looked at whenever it is called, since
        /// names change their addresses.
        public func check(_ url: String) throws {
            guard allowsPrivate || url.lowercasedASCII.starts(withBytes: "https://") else {
                throw APIError.validation("url", "url must begin with https://")
            }
            if AddressGuard(allowsPrivate: allowsPrivate).refusesAddress(in: url) {
                throw APIError.validation("url", "url must lead to a public address")
            }
        }
    }

    /// What a receiver's answer may be at most; nobody reads it.
    private static let maximumAnswer = 64 << 10
    private var lease: Int { policy.timeoutSeconds + policy.leaseSlackSeconds }

    /// How many deliveries ended how.
    public struct Report: Sendable {
        public var succeeded = 0
        /// To be tried again.
        public var postponed = 0
        public var failed = 0

        public var total: Int { succeeded + postponed + failed }
    }

    /// Sends what is due, up to a number of deliveries and for about so many seconds.
    public func sendDue(limit: Int, seconds: Int) throws -> Report {
        let end = Timestamp.now() + seconds
        var report = Report()
        while report.total < limit, Timestamp.now() < end {
            // Looking first takes no lock: mostly there is nothing to do.
            guard let due = try store.events.nextDue(), due <= .now(),
                let claim = try store.events.claimDue(
                    leaseSeconds: lease, concurrency: policy.concurrency, at: .now())
            else { break }
            let outcome = try send(claim)
            switch (outcome.error, outcome.nextAttemptAt) {
            case (nil, _): report.succeeded += 1
            case (_, nil): report.failed += 1
            default: report.postponed += 1
            }
        }
        return report
    }

    /// Sends a test event to a webhook now, and returns how that went. It is not tried again.
    public func sendTest(to webhook: Webhook) throws -> Delivery {
        guard let claim = try store.events.recordTest(for: webhook, leaseSeconds: lease, at: .now()) else {
            throw APIError.notFound("Webhook")
        }
        try send(claim, retries: false)
        guard let delivery = try store.events.find(claim.id, of: webhook.id) else { throw APIError.notFound("Webhook") }
        return delivery
    }

    @discardableResult
    private func send(_ claim: EventStore.Claim, retries: Bool = true) throws -> EventStore.Outcome {
        let (status, error) = attempt(claim)
        let now = Timestamp.now()
        var outcome = EventStore.Outcome(responseStatus: status, error: error, nextAttemptAt: nil)
        outcome.disablesWebhook = status == 410
        if error != nil, retries, !outcome.disablesWebhook, claim.attempts < policy.retrySeconds.count {
            outcome.nextAttemptAt = now + policy.retrySeconds[claim.attempts]
        }
        try store.events.finish(claim, outcome, at: now)
        return outcome
    }

    /// The receiver's status, and why it did not work out.
    private func attempt(_ claim: EventStore.Claim) -> (status: Int?, error: String?) {
        do {
            let status = try request(for: claim).send().head.status
            return (status, (200...299).contains(status) ? nil : "The receiver answered \(status)")
        } catch OutboundError.unresolvable where !policy.allowsPrivate {
            // In the words for an address that is not public: which names there are inside is nobody's business.
            return (nil, AddressGuard.notPublic)
        } catch {
            return (nil, "\(error)")
        }
    }

    private func request(for claim: EventStore.Claim) throws -> HTTPRequest {
        let pin = try AddressGuard(allowsPrivate: policy.allowsPrivate).pin(claim.url)
        let signature = WebhookSignature.headers(
            id: claim.eventId, body: claim.payload, secret: claim.secret, at: .now())
        var request = HTTPRequest(
            "POST", claim.url,
            headers: [("content-type", "application/json"), ("user-agent", "AINexLayer-Webhooks/1")] + signature,
            body: Array(claim.payload.utf8), pin: pin)
        request.limits.connecting = policy.timeoutSeconds * 1000
        request.limits.total = policy.timeoutSeconds * 1000
        request.limits.body = Self.maximumAnswer
        return request
    }
}
