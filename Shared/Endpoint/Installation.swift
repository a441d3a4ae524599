import Accounts
import Crypto
import Models
import Storage
import Wire

/// What lives as long as the process. What is expensive is opened at its first use, so that a request that is refused
/// early costs nothing. What belongs to one request is in `Call`.
public final class Installation {
    public let configuration: Configuration
    private var openedStore: Store?
    private var madeAuthenticator: Authenticator?
    private var openedLimits: RateLimitTable?
    /// Uses of API keys that are not recorded yet.
    private var keyUses: [(key: APIKey.ID, time: Timestamp)] = []

    init(configuration: Configuration) { self.configuration = configuration }

    /// The data, opened at the first use. Throws 503 when it cannot be opened.
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

    /// Signs tokens and encrypts stored responses: the configured secret, or one that the database keeps.
    var secret: String {
        get throws {
            try configuration.jwtSecret
                ?? store.settings.value("jwt_secret") { Base64.encodeURLSafe(secureRandomBytes(48)) }
        }
    }

    var limits: RateLimitTable {
        get throws {
            if let openedLimits { return openedLimits }
            let secret = try store.settings.value("limits_secret") { Base64.encodeURLSafe(secureRandomBytes(32)) }
            let table = try RateLimitTable(path: "\(configuration.dataDirectory)/limits.bin", secret: secret)
            openedLimits = table
            return table
        }
    }

    /// Remembers that a key was used, to be recorded after the response: no request waits for that, and none fails.
    func noteUse(of key: APIKey.ID, at time: Timestamp) { keyUses.append((key, time)) }

    /// Does what is left of earlier requests.
    func finishEarlierRequests() {
        guard !keyUses.isEmpty else { return }
        for use in keyUses { openedStore?.apiKeys.recordUse(of: use.key, at: use.time) }
        keyUses = []
    }

    /// Drops a store that can no longer be used, with all that was read from it, so that the next use opens it again.
    func dropUnusableStore() {
        if let openedStore, openedStore.isUnusable { drop() }
    }

    private func drop() {
        madeAuthenticator = nil
        openedLimits = nil
        openedStore = nil
    }

    /// Closes what must be closed before the process ends. Memory and connections that only read are left to the
    /// operating system, which frees them faster.
    func close() {
        finishEarlierRequests()
        if let openedStore, openedStore.hasWritten { drop() }
    }
}
