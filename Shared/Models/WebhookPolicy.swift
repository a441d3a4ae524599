/// How an installation sends webhooks.
public struct WebhookPolicy: Sendable {
    /// Whether private addresses and plain HTTP are allowed: for tests and closed networks.
    public var allowsPrivate = false
    /// How long a receiver may take to respond, in seconds.
    public var timeoutSeconds = 10
    /// How long a claim outlasts the time that sending may take, in seconds. If a sender dies, another one takes over
    /// its delivery after that.
    public var leaseSlackSeconds = 20
    /// How many deliveries to one webhook may be in flight.
    public var concurrency = 16
    /// The delay before each retry, in seconds. After the last retry, the delivery has failed.
    public var retrySeconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400]

    public init() {}
}
