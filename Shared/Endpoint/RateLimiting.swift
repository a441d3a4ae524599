import Accounts
import FunctionRuntime
import Models
import Storage
import Wire

/// Counts requests and attempts against the installation's rate limits.
extension Call {
    /// Counts a request of an account. Its keys and sessions count together, because keys would otherwise multiply the
    /// limit. Returns true if this ended a snapshot, so that further reads see a later one.
    mutating func countRequest(of account: User.ID) throws -> Bool {
        let wasInSnapshot = try store.isInSnapshot
        try count(account.text, as: .account, in: route.limit)
        guard wasInSnapshot, configuration.rateLimits[route.limit] > 0 else { return false }
        return try installation.limits.endsSnapshots
    }

    /// Counts an attempt to log in or register. A password counts by address, and by address and e-mail address
    /// together. A refresh token counts by its account, because many people can share an address; an unknown token
    /// counts by address, because an invented one must not create a counter.
    mutating func count(_ attempt: Attempt?) throws {
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

    private mutating func count(
        _ caller: String, as subject: RateLimitTable.Subject, in limitClass: Route.LimitClass
    ) throws {
        let limit = configuration.rateLimits[limitClass]
        guard limit > 0 else { return }
        let verdict = try installation.limits.count(
            "\(limitClass.rawValue) \(caller)", as: subject, limit: limit, seconds: 60, at: now)
        self.verdict = verdict
        if !verdict.isAllowed { throw exceeded(verdict, "More than \(limit) requests in a minute") }
    }

    /// Throws if too many attempts come from one address, for whatever accounts.
    private func countAddress() throws {
        try countBeside("attempts \(clientAddress)", as: .address, limit: configuration.rateLimits.address)
    }

    /// Counts a request by which a logged-in caller could guess the password or probe for accounts.
    public func countProof(of account: User.ID) throws {
        try countBeside("proof \(account)", as: .account, limit: configuration.rateLimits.authentication)
    }

    /// Counts against a limit whose headers are sent only once it is exceeded.
    private func countBeside(_ caller: String, as subject: RateLimitTable.Subject, limit: Int) throws {
        guard limit > 0 else { return }
        let verdict = try installation.limits.count(caller, as: subject, limit: limit, seconds: 60, at: now)
        if !verdict.isAllowed { throw exceeded(verdict, "More than \(limit) attempts in a minute") }
    }

    /// Counts a new account by the client's address only: each account has a different e-mail address, so a limit by
    /// e-mail address would never apply.
    public func countRegistration() throws {
        let limit = configuration.rateLimits.authentication * Self.registrationsPerAttempt
        guard limit > 0 else { return }
        let verdict = try installation.limits.count(
            "registration \(clientAddress)", as: .address, limit: limit, seconds: 3600, at: now)
        if !verdict.isAllowed { throw exceeded(verdict, "More than \(limit) accounts in an hour from one address") }
    }

    /// How many accounts an address may create per hour, for each attempt that it has per minute.
    private static let registrationsPerAttempt = 10

    private func exceeded(_ verdict: RateLimitTable.Verdict, _ reason: String) -> APIError {
        let wait = max(1, (verdict.resetsAt.milliseconds - now.milliseconds + 999) / 1000)
        return APIError(
            .rateLimitExceeded, "\(reason); try again in \(wait) s",
            headers: [("retry-after", String(wait))] + verdict.headers)
    }

    // MARK: Headers

    /// Adds the state of the caller's limit to a response.
    func addLimit(to response: inout Response) {
        if let verdict { response.headers += verdict.headers }
    }

    /// Adds the state of the caller's limit to an error. An error for an exceeded limit already has the state of that
    /// limit.
    func addingLimit(to error: any Error) -> any Error {
        guard let verdict else { return error }
        var error = error as? APIError ?? .internalError(cause: "\(error)")
        if error.code != .rateLimitExceeded { error.headers += verdict.headers }
        return error
    }
}

extension RateLimitTable.Verdict {
    fileprivate var headers: [(name: String, value: String)] {
        [
            ("x-ratelimit-limit", String(limit)), ("x-ratelimit-remaining", String(remaining)),
            ("x-ratelimit-reset", String((resetsAt.milliseconds + 999) / 1000)),
        ]
    }
}

extension Configuration.RateLimits {
    /// Requests per minute in a class; 0 for no limit.
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
