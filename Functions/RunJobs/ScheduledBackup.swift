import Backups
import Endpoint
import FunctionRuntime
import Models
import Platform
import Wire

/// Makes the backup that `BACKUP_EVERY` schedules, when it is due.
enum ScheduledBackup {
    /// Less than the gateway's timeout for this function, so that a failure can still be reported.
    private static let seconds = 840
    /// How long to wait after a failed backup, in seconds.
    private static let pause = 600
    /// Safe without a lock: a process serves one request at a time, on one thread.
    nonisolated(unsafe) private static var nextAttempt = Timestamp(milliseconds: 0)

    /// A failure is only logged, so that webhooks are sent all the same. `/health` reports the backup once it is
    /// overdue.
    static func makeIfDue(in call: Call) throws {
        let policy = call.configuration.backups
        guard let folder = policy.folder, let every = policy.everySeconds, call.now >= nextAttempt,
            policy.isDue(after: try BackupRecord.last(in: call.store), at: call.now)
        else { return }
        let progress = BackupProgress(atMost: seconds) { Log.write(.info, $0) }
        let maker = BackupMaker(
            of: call.configuration.dataDirectory, version: productVersion, progress: progress)
        do {
            let report = try BackupSeries(in: folder).makeNext(by: maker, keep: policy.keep) {
                try policy.isDue(after: BackupRecord.last(in: call.store), at: call.now)
            }
            guard let report else { return }
            try BackupRecord.note(report, in: call.store)
            Log.write(.info, "A backup was made", ["path": .string(report.path)])
        } catch let error as APIError {
            nextAttempt = call.now + min(every, pause)
            Log.write(.error, "The scheduled backup failed", ["cause": .string(error.cause ?? error.message)])
        }
    }
}
