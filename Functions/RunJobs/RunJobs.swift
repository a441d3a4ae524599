import Backups
import Endpoint
import Events
import FunctionRuntime
import Models
import Wire

/// Does the work that outlives requests: sends webhooks that are due, forgets what is over, and the
/// passages of removed documents.
/// No route leads here: timers and pipes call it. Any number may run at once.
@main struct RunJobs: Function {
    static let route = Route.internal(summary: "Send webhooks that are due and tidy up").lasting(seconds: 900)
    static let access = Access.operator

    /// How long passages of removed documents are forgotten in one call: webhooks wait for that.
    private static let forgettingMilliseconds: Int64 = 2000
    /// How long deliveries are remembered.
    private static let retentionSeconds = 30 * 24 * 3600
    /// How long an upload may take at most: what was begun before that is nobody's.
    private static let unfinishedSeconds = 24 * 3600
    /// Seconds from one tidying of this process to the next: the runner calls every second.
    private static let tidyingInterval = 3600
    /// A process serves one request at a time, on one thread, so nothing else looks at it meanwhile.
    nonisolated(unsafe) private static var nextTidying = Timestamp(milliseconds: 0)

    struct Input: FunctionInput {
        let limit: Int
        let seconds: Int

        init(from fields: inout Fields) {
            limit = fields.optional("limit", .integer(1...10_000, example: 1000), "Deliveries at most.") ?? 1000
            seconds = fields.optional("seconds", .integer(0...40, example: 20), "After that, none is begun.") ?? 20
        }
    }

    static func handle(_ input: Input, by _: Void, in context: Context) throws -> JobReport {
        let store = try context.store
        let sent = try DeliverySender(store: store, policy: context.configuration.webhooks).sendDue(
            limit: input.limit, seconds: input.seconds)
        if context.now >= nextTidying {
            nextTidying = context.now + tidyingInterval
            try store.events.removeFinished(before: context.now + -retentionSeconds)
            try store.blobs.removeUnfinished(before: context.now + -unfinishedSeconds)
            try store.blobs.removeReleased()
        }
        try store.failAbandonedDocuments(at: context.now)
        let isDone = try store.forgetRemoved(milliseconds: forgettingMilliseconds)
        try ScheduledBackup.makeIfDue(in: context)
        return JobReport(sent: sent, nextDueAt: isDone ? try store.events.nextDue() : context.now)
    }
}

struct JobReport: Resource, Shaped {
    let sent: DeliverySender.Report
    let nextDueAt: Timestamp?

    static let shape = Shape<JobReport>(
        "JobReport",
        [
            .field("succeeded", "Deliveries that arrived.") { $0.sent.succeeded },
            .field("postponed", "Deliveries that failed and are tried again.") { $0.sent.postponed },
            .field("failed", "Deliveries that failed for good.") { $0.sent.failed },
            .nullable("nextDueAt", "When there is something to do again.") { $0.nextDueAt },
        ])
}
