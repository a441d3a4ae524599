import Glibc
import Models
import Wire

/// How much space a file system has, in bytes.
public struct DiskSpace: Sendable {
    public let free: Int
    public let total: Int

    /// Of the file system that holds a folder; nil when it does not say.
    public init?(of folder: String) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let block = Int(status.f_frsize)
        free = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: block).partialValue
        total = Int(clamping: status.f_blocks).multipliedReportingOverflow(by: block).partialValue
    }

    /// What uploads leave free where nothing else is configured: 32 MiB, or a tenth of a small disk.
    public var defaultReserve: Int { min(32 << 20, total / 10) }

    /// Below this, in bytes, nothing can be relied on to be written: a transaction takes some pages of the log.
    public static let leastToWrite = 1 << 20
}

extension Store {
    /// How long a committed heartbeat shows that the database can be written, in seconds. Everybody may ask for the
    /// installation's health, and not everybody shall be able to keep its disk busy.
    private static let heartbeatInterval = 1

    /// Throws unless the database can be read and a write can be committed. Waits for another process's write as long
    /// as any request would: one that takes longer fails requests, too.
    public func check(at now: Timestamp) throws {
        try database.requireWritable()
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
