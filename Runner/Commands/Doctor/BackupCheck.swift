import Wire

/// Looks at how old the last backup is.
enum BackupCheck {
    private static let area = "data"

    /// Nothing where the function `backup` is missing or fails: other checks report why.
    static func findings(_ pool: FunctionPool?, on server: Server) -> [Finding] {
        guard let pool else { return [] }
        let id = server.requestIDs.next()
        let envelope = BackupCommand.envelope(["action": "status"], requestID: id)
        guard let outcome = FunctionCaller.call(pool, envelope, requestID: id, on: server),
            let report = BackupCommand.body(of: outcome)["data"]
        else { return [] }
        let age = report["ageSeconds"]?.int.map(age)
        if report["isOverdue"]?.bool == true {
            return [
                .warning(
                    area,
                    age.map { "The last backup is \($0) old, and another one is overdue" } ?? "There is no backup yet",
                    cure: "See why run-jobs made none (its errors are in the log), or make one by hand: runner backup")
            ]
        }
        return [
            .ok(
                area,
                age.map { "The last backup is \($0) old" } ?? "No backup was made yet; runner backup FOLDER makes one")
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
