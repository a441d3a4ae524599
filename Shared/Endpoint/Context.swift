import Accounts
import Models
import Storage
import Wire

/// What a handler works with. One for the life of the process; what is expensive is made at its
/// first use, so that a request that is refused early costs nothing.
public final class Context {
    public let configuration: Configuration
    /// When the request at hand was taken up. One value for all that it does.
    public internal(set) var now = Timestamp.now()
    private var openedStore: Store?
    private var madeAuthenticator: Authenticator?

    init(configuration: Configuration) { self.configuration = configuration }

    /// Closes what has to be closed before the process ends. Memory and connections that only read
    /// are left to the operating system, which gives them back faster.
    func close() {
        guard let openedStore, openedStore.hasWritten else { return }
        madeAuthenticator = nil
        self.openedStore = nil
    }

    /// The installation's data, opened at the first use. Throws 503 when it cannot be.
    public var store: Store {
        get throws {
            if let openedStore { return openedStore }
            let store = try Store(directory: configuration.dataDirectory, busyTimeout: configuration.databaseTimeout)
            openedStore = store
            return store
        }
    }

    public var authenticator: Authenticator {
        get throws {
            if let madeAuthenticator { return madeAuthenticator }
            let authenticator = try Authenticator(
                store: store, secret: configuration.jwtSecret,
                lifetimes: .init(
                    access: configuration.accessTokenLifetime, refresh: configuration.refreshTokenLifetime))
            madeAuthenticator = authenticator
            return authenticator
        }
    }
}
