import Backups
import Endpoint
import Models
import Storage
import Wire

/// The age of the last backup, for installations with scheduled backups.
struct BackupAge {
    let lastAt: Timestamp?
    let isOverdue: Bool
    private let now: Timestamp

    /// Nil without a schedule, or when the database cannot be read.
    init?(_ call: Call) {
        guard call.configuration.backups.everySeconds != nil else { return nil }
        do {
            lastAt = try BackupRecord.last(in: call.store)
        } catch {
            return nil
        }
        now = call.now
        isOverdue = call.configuration.backups.isOverdue(after: lastAt, at: now)
    }

    var json: JSON {
        [
            "status": .string(isOverdue ? "overdue" : "ok"), "lastAt": lastAt.map { .string($0.description) } ?? .null,
            "ageSeconds": lastAt.map { .int(max(0, now.seconds - $0.seconds)) } ?? .null,
        ]
    }
}
