import Accounts
import Crypto
import FunctionRuntime
import Models
import Storage
import Wire

/// What a handler works with. One for the life of the process; what is expensive is made at its
/// first use, so that a request that is refused early costs nothing.
public final class Context {
    public let configuration: Configuration
    /// When the request at hand was taken up. One value for all that it does.
    public internal(set) var now = Timestamp.now()
    /// What the client said it knows of the resource: `If-Match`.
    private var expectedTags: String?
    private var knownTags: String?
    /// How the request at hand stands to its limit, once it was counted.
    private(set) var verdict: RateLimitTable.Verdict?
    /// Whose request it is, in a word; empty for one without authentication.
    private var callerName = ""
    /// What a request under the same idempotency key had made when it was interrupted.
    public private(set) var interrupted: String?
    /// Where an attempt to log in comes from, as it is counted.
    private var clientAddress = ""
    /// An API key whose use has not been written down yet.
    private var usedKey: APIKey.ID?

    private let route: Route
    private var openedStore: Store?
    private var madeAuthenticator: Authenticator?
    private var openedLimits: RateLimitTable?

    init(configuration: Configuration, route: Route) {
        self.configuration = configuration
        self.route = route
    }

    /// Forgets the last request.
    func begin(_ request: Request) {
        recordKeyUse()
        openedStore?.authorizeWrites(by: nil)
        try? openedStore?.settle()
        openedStore?.idempotency.releaseAny()
        if openedStore?.isUnusable == true { giveUpStore() }
        now = .now()
        expectedTags = request.header("if-match")
        knownTags = request.header("if-none-match")
        verdict = nil
        callerName = ""
        clientAddress = ""
        interrupted = nil
    }

    /// Lets go of a store that cannot be used any more, with all that was read from it.
    private func giveUpStore() {
        madeAuthenticator = nil
        openedLimits = nil
        openedStore = nil
    }

    /// Closes what has to be closed before the process ends. Memory and connections that only read
    /// are left to the operating system, which gives them back faster.
    func close() {
        recordKeyUse()
        guard let openedStore, openedStore.hasWritten else { return }
        giveUpStore()
    }

    /// The installation's data, opened at the first use. Throws 503 when it cannot be.
    public var store: Store {
        get throws {
            if let openedStore { return openedStore }
            let store = try Store(
                directory: configuration.dataDirectory, busyTimeout: configuration.databaseTimeout,
                reserve: configuration.minimumFree)
            openedStore = store
            return store
        }
    }

    /// What signs tokens, and locks what the database must not tell by itself: the configured one, or one
    /// that the database keeps.
    private var secret: String {
        get throws {
            try configuration.jwtSecret
                ?? store.settings.value("jwt_secret") { Base64.encodeURLSafe(secureRandomBytes(48)) }
        }
    }

    public var authenticator: Authenticator {
        get throws {
            if let madeAuthenticator { return madeAuthenticator }
            let authenticator = try Authenticator(
                store: store, secret: secret,
                lifetimes: .init(
                    access: configuration.accessTokenLifetime, refresh: configuration.refreshTokenLifetime,
                    refreshGrace: configuration.refreshGrace))
            madeAuthenticator = authenticator
            return authenticator
        }
    }

    /// Where a resource is, for `Location`.
    public func location(_ path: String) -> String { configuration.basePath + path }

    // MARK: Callers and limits

    /// Who calls, counted against their limit and with a key that may do this.
    ///
    /// - Parameter takesKeys: whether it may be a key at all; what else it lacks is told by whoever asks for a login.
    func identify(_ request: Request, takesKeys: Bool = true) throws -> Principal {
        let principal = try authenticator.authenticate(request.header("authorization"), at: now)
        callerName = principal.name
        usedKey = principal.keyToRecord
        // By account, whatever it is that the caller shows: keys must not multiply a limit.
        try count(principal.userId.text, as: .account, in: route.limit)
        if takesKeys { try principal.require(route.keyScope) }
        return principal
    }

    /// Makes somebody a member wherever their e-mail address was invited. True if it was.
    public func acceptInvitations(of user: User.ID) throws -> Bool {
        guard try store.invitations.wait(for: user, at: now) else { return false }
        try store.invitations.accept(for: user, at: now)
        return true
    }

    /// Writes down that an API key was used, when the answer is on its way: no request waits for that, and none fails.
    func recordKeyUse() {
        guard let usedKey else { return }
        self.usedKey = nil
        openedStore?.apiKeys.recordUse(of: usedKey, at: now)
    }

    /// Counts an attempt to get in. Each counts by where it comes from; a password counts by that and the e-mail
    /// address, too, a refresh token by the account that it belongs to alone, and only if there is one.
    func countAttempt(_ request: Request, _ attempt: Attempt?) throws {
        guard route.limit == .authentication, let attempt else { return }
        clientAddress = ClientAddress.countingKey(ClientAddress.of(request, trusting: configuration.trustedProxies))
        switch attempt {
        case .password(let email):
            callerName = EmailAddress.key(of: email)
            try countAddress()
            guard configuration.rateLimits.authentication > 0 else { return }
            let isKnown = try EmailAddress(email).map { try store.users.find(email: $0) != nil } ?? false
            try count("\(clientAddress) \(callerName)", as: isKnown ? .account : .unknownName, in: .authentication)
        case .refreshToken(let token):
            callerName = token
            guard let account = try authenticator.account(ofRefreshToken: token) else { return try countAddress() }
            try count(account.text, as: .account, in: .general)
        }
    }

    /// Throws when too many attempts come from one address, whoever they are for.
    private func countAddress() throws {
        try countBeside("attempts \(clientAddress)", as: .address, limit: configuration.rateLimits.address, seconds: 60)
    }

    /// Counts what a caller who is known already gives as a proof of being the account's owner.
    public func countProof(of account: User.ID) throws {
        try countBeside(
            "proof \(account)", as: .account, limit: configuration.rateLimits.authentication, seconds: 60)
    }

    /// Counts by a limit that only shows when it is reached.
    private func countBeside(
        _ caller: String, as subject: RateLimitTable.Subject, limit: Int, seconds: Int
    ) throws {
        guard limit > 0 else { return }
        let verdict = try limits.count(caller, as: subject, limit: limit, seconds: seconds, at: now)
        if !verdict.isAllowed { throw refusal(verdict, "More than \(limit) attempts in a minute") }
    }

    /// Counts an account that is about to be made, by where the request comes from alone: every one has
    /// an e-mail address of its own.
    public func countRegistration() throws {
        let limit = configuration.rateLimits.authentication * Self.registrationsPerAttempt
        guard limit > 0 else { return }
        let verdict = try limits.count(
            "registration \(clientAddress)", as: .address, limit: limit, seconds: 3600, at: now)
        if !verdict.isAllowed { throw refusal(verdict, "More than \(limit) accounts in an hour from one address") }
    }

    /// How many accounts an address may make in an hour for each attempt that it has in a minute.
    private static let registrationsPerAttempt = 10

    private func count(_ caller: String, as subject: RateLimitTable.Subject, in limitClass: Route.LimitClass) throws {
        let limit = configuration.rateLimits[limitClass]
        // A request that is looked at again counts once.
        guard limit > 0, verdict == nil else { return }
        let verdict = try limits.count(
            "\(limitClass.rawValue) \(caller)", as: subject, limit: limit, seconds: 60, at: now)
        self.verdict = verdict
        if !verdict.isAllowed { throw refusal(verdict, "More than \(limit) requests in a minute") }
    }

    private func refusal(_ verdict: RateLimitTable.Verdict, _ reason: String) -> APIError {
        self.verdict = verdict
        let wait = max(1, (verdict.resetsAt.milliseconds - now.milliseconds + 999) / 1000)
        return APIError(
            .rateLimitExceeded, "\(reason); try again in \(wait) s", headers: [("retry-after", String(wait))])
    }

    private var limits: RateLimitTable {
        get throws {
            if let openedLimits { return openedLimits }
            let secret = try store.settings.value("limits_secret") { Base64.encodeURLSafe(secureRandomBytes(32)) }
            let table = try RateLimitTable(path: "\(configuration.dataDirectory)/limits.bin", secret: secret)
            openedLimits = table
            return table
        }
    }

    // MARK: Repetitions

    /// Runs `body`, or gives the answer again that the request got before under its
    /// `Idempotency-Key`.
    func once(
        _ request: Request, operation: String, _ repetition: Repetition, _ body: () throws -> Response
    ) throws -> Response {
        if case .harmless = repetition { return try body() }
        guard let key = request.header("idempotency-key") else { return try body() }
        return try Idempotency(store: store, secret: secret, now: now) { self.interrupted = $0 }.once(
            key, request, operation: operation, caller: callerName, repetition, body)
    }

    // MARK: Conditions

    /// Whether the client has this state already and gets a 304, so that there is no need to read it.
    public func hasCurrent(tag: String) -> Bool {
        knownTags.map { EntityTag.matches($0, tag) } ?? false
    }

    /// Throws 412 when the client's `If-Match` names another state of the resource than the current
    /// one. To be called inside the write that changes it; `current` is read only when it matters.
    public func requireMatch(_ current: () throws -> (some Resource)?) throws {
        guard let expectedTags else { return }
        // What is not there gets the answer that it would get without a condition (RFC 9110 section 13.2.1).
        guard let current = try current() else { return }
        guard EntityTag.matches(expectedTags, state: EntityTag.state(of: current)) else {
            throw APIError(.preconditionFailed, "It was changed since you read it; read it again")
        }
    }
}

extension Configuration.RateLimits {
    /// Requests a minute in a class; 0 for no limit.
    subscript(limit: Route.LimitClass) -> Int {
        switch limit {
        case .none: 0
        case .authentication: authentication
        case .general: general
        case .upload: upload
        case .chat: chat
        }
    }
}

extension Principal {
    fileprivate var name: String {
        switch credential {
        case .session: userId.text
        case .key(let id, _): id.text
        }
    }
}
