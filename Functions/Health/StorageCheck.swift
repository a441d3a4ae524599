import Endpoint
import Models
import Storage
import Synchronization
import Wire

/// Checks whether uploaded files can be stored.
struct StorageCheck {
    /// `files`, `database` or `s3`.
    let store: String
    let check: Check
    /// Of the disk that uploads fill; nil if it is not this machine's, or unknown.
    let space: DiskSpace?

    /// How long the result for a store of objects is reused, in seconds. Anybody may call this endpoint, and each request
    /// to such a store costs money.
    private static let (lifetime, failureLifetime) = (60, 10)

    private static let known = Mutex<(check: StorageCheck, until: Timestamp)?>(nil)

    static func latest(of configuration: Configuration, at now: Timestamp) -> StorageCheck {
        guard case .objects = configuration.blobs else { return StorageCheck(configuration) }
        if let known = known.withLock({ $0 }), now < known.until { return known.check }
        let made = StorageCheck(configuration)
        known.withLock { $0 = (made, now + (made.check.isOK ? lifetime : failureLifetime)) }
        return made
    }

    private init(_ configuration: Configuration) {
        var space: DiskSpace?
        check = Check {
            space = try BlobStore.check(
                configuration.blobs, in: configuration.dataDirectory, isOnServer: configuration.databaseServer != nil)
        }
        store = configuration.blobs.kind
        self.space = space
    }

    /// - Parameter isLow: whether the disk is so full that uploads are refused.
    func json(isLow: Bool) -> JSON {
        var object = check.json(isLow ? "low" : "ok", space.map { ("freeBytes", .int(Int64($0.free))) }).object ?? [:]
        object["store"] = .string(store)
        return .object(object)
    }
}
