import Glibc
import Models
import Wire

/// The space of a file system, in bytes.
public struct DiskSpace: Sendable {
    public let free: Int
    public let total: Int

    /// The space of the file system that contains a folder; nil if it is unknown.
    public init?(of folder: String) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let block = Int(status.f_frsize)
        free = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: block).partialValue
        total = Int(clamping: status.f_blocks).multipliedReportingOverflow(by: block).partialValue
    }

    /// What uploads leave free by default: 32 MiB, or a tenth of a small disk.
    public var defaultReserve: Int { min(32 << 20, total / 10) }

    /// With fewer free bytes, any write may fail: a transaction takes some pages of the log.
    public static let leastToWrite = 1 << 20
}

extension Store {
    /// How long a committed heartbeat counts as proof that the database is writable, in seconds. Anybody may request
    /// the installation's health, and must not be able to keep its disk busy.
    private static let heartbeatInterval = 1

    /// Throws unless a write can be committed. Waits for another process's write as long as any request would: a longer
    /// write fails requests, too.
    public func checkWriting(_ state: DatabaseState, at now: Timestamp) throws {
        if state.isReadOnly { throw database.readOnlyFailure }
        let last: Int64? = try database.value("SELECT value FROM settings WHERE name = 'heartbeat'", as: String.self)
            .flatMap { Int64($0) }
        let age = last.map { now.milliseconds - $0 }
        if let age, (0..<Int64(Self.heartbeatInterval * 1000)).contains(age) { return }
        _ = try database.maintain {
            try database.run(
                """
                INSERT INTO settings (name, value) VALUES ('heartbeat', \(String(now.milliseconds)))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """)
        }
    }
}
