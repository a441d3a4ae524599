import Models
import Wire

/// Where backups are stored, when one is due, and how many are kept.
public struct BackupPolicy: Sendable {
    /// Nil if backups have no folder.
    public var folder: String?
    /// Seconds between backups; nil without a schedule.
    public var everySeconds: Int?
    public var keep = 7

    /// Whether a backup is due, given the time of the last one.
    public func isDue(after last: Timestamp?, at now: Timestamp) -> Bool {
        guard let everySeconds else { return false }
        // A time in the future means that the clock was set back.
        return last.map { $0 + everySeconds <= now || $0 > now + everySeconds } ?? true
    }

    /// Whether a backup is more than half an interval late.
    public func isOverdue(after last: Timestamp?, at now: Timestamp) -> Bool {
        guard let everySeconds else { return false }
        return last.map { $0 + (everySeconds + everySeconds / 2) <= now } ?? true
    }
}

extension Configuration.Reader {
    /// `BACKUP_DIR`, `BACKUP_EVERY` and `BACKUP_KEEP`.
    func backups() throws(Configuration.Problem) -> BackupPolicy {
        var policy = BackupPolicy()
        policy.folder = text("BACKUP_DIR")
        policy.keep = try number("BACKUP_KEEP", "backups", 1...10_000) ?? policy.keep
        guard let every = text("BACKUP_EVERY") else { return policy }
        guard let seconds = Self.seconds(every), (1...31_536_000).contains(seconds) else {
            throw Configuration.Problem(
                description: "BACKUP_EVERY must be a time up to a year, such as 24h, 30m, 7d, or a number of seconds")
        }
        guard policy.folder != nil else {
            throw Configuration.Problem(description: "BACKUP_EVERY needs BACKUP_DIR, the folder that backups go to")
        }
        policy.everySeconds = seconds
        return policy
    }

    private static func seconds(_ text: String) -> Int? {
        let units: KeyValuePairs = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = units.first { text.ends(withBytes: $0.key) }
        guard let number = Int(unit == nil ? text : String(text.dropLast())), number > 0 else { return nil }
        return number.multipliedReportingOverflow(by: unit?.value ?? 1).partialValue
    }
}
