import Accounts
import Crypto
import Models
import Storage
import Wire

/// State that lives as long as the process. Expensive parts are opened on first use, so that a request that is refused
/// early costs nothing. State of one request is in `Call`.
public final class Installation {
    public let configuration: Configuration
    private var openedStore: Store?
    private var madeAuthenticator: Authenticator?
    private var openedLimits: RateLimits?
    private var storedSecret: String?
    /// API key uses that have not been recorded yet.
    private var keyUses: [(key: APIKey.ID, time: Timestamp)] = []

    init(configuration: Configuration) { self.configuration = configuration }

    /// The store, opened on first use. Throws 503 if it cannot be opened.
    public var store: Store {
        get throws {
            if let openedStore { return openedStore }
            let store = try Store(
                directory: configuration.dataDirectory, server: configuration.databaseServer,
                busyTimeout: configuration.databaseTimeout, reserve: configuration.minimumFree,
                blobs: configuration.blobs)
            openedStore = store
            return store
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

    /// Signs tokens and encrypts stored responses: the configured secret, or one stored in the database.
    var secret: String {
        get throws {
            if let known = configuration.jwtSecret ?? storedSecret { return known }
            let secret = try store.settings.value("jwt_secret") { Base64.encodeURLSafe(secureRandomBytes(48)) }
            storedSecret = secret
            return secret
        }
    }

    var limits: RateLimits {
        get throws {
            if let openedLimits { return openedLimits }
            let secret = try store.settings.value("limits_secret") { Base64.encodeURLSafe(secureRandomBytes(32)) }
            let shared = configuration.sharesLimits ? try store.sharedLimits(secret: secret) : nil
            let limits =
                try shared.map { RateLimits.shared($0) }
                ?? .machine(RateLimitTable(path: "\(configuration.dataDirectory)/limits.bin", secret: secret))
            openedLimits = limits
            return limits
        }
    }

    /// Remembers that a key was used. It is recorded after the response, so that no request waits for it or fails
    /// because of it.
    func noteUse(of key: APIKey.ID, at time: Timestamp) { keyUses.append((key, time)) }

    /// Finishes the work that earlier requests left.
    func finishEarlierRequests() {
        guard !keyUses.isEmpty else { return }
        for use in keyUses { openedStore?.apiKeys.recordUse(of: use.key, at: use.time) }
        keyUses = []
    }

    /// Drops a store that can no longer be used, with everything that was read from it. The next use opens it again.
    func dropUnusableStore() {
        if let openedStore, openedStore.isUnusable { drop() }
    }

    /// Gives the connection to a database server back, which has few of them. The next use connects again.
    func disconnect() {
        if configuration.databaseServer != nil { drop() }
    }

    /// How many writes have run again since the last call because they met those of others.
    func takeRepeatedWrites() -> Int { openedStore?.takeRepeatedWrites() ?? 0 }

    private func drop() {
        madeAuthenticator = nil
        openedLimits = nil
        storedSecret = nil
        openedStore = nil
    }

    /// Closes what must be closed before the process ends. The operating system frees memory and read-only connections
    /// faster than we could.
    func close() {
        finishEarlierRequests()
        if let openedStore, openedStore.hasWritten { drop() }
    }
}
