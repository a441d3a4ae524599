import Gateway
import Wire

/// Checks the age of the last backup.
enum BackupCheck {
    private static let area = "data"

    /// Returns no finding if the function `backup` is missing or fails: other checks report that.
    static func findings(_ pool: FunctionPool?, on server: Server) -> [Finding] {
        guard let pool else { return [] }
        let id = server.nextRequestID()
        let envelope = BackupCommand.envelope(["action": "status"], requestID: id)
        guard let outcome = server.call(pool, envelope, requestID: id),
            let report = BackupCommand.body(of: outcome)["data"]
        else { return [] }
        let age = report["ageSeconds"]?.int.map(age)
        if report["isOverdue"]?.bool == true {
            return [
                .warning(
                    area,
                    age.map { "The last backup is \($0) old; another one is overdue" } ?? "There is no backup yet",
                    cure: "Find the errors of run-jobs in the log, or make a backup yourself: runner backup")
            ]
        }
        return [
            .ok(
                area,
                age.map { "The last backup is \($0) old" }
                    ?? "There is no backup yet; make one with runner backup FOLDER")
        ]
    }

    private static func age(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
