import Backups
import Endpoint
import FunctionRuntime
import Models
import Platform
import Wire

/// The backup that `BACKUP_EVERY` asks for, when its time has come.
enum ScheduledBackup {
    /// Less than the gateway gives this function, so that it can say what was wrong.
    private static let seconds = 840
    /// How long to wait after one that failed, in seconds.
    private static let pause = 600
    /// A process serves one request at a time, on one thread, so nothing else reads it at the same time.
    nonisolated(unsafe) private static var nextAttempt = Timestamp(milliseconds: 0)

    /// A failure is logged, and `/health` reports it once the backup is overdue: webhooks are sent all the same.
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
