import Backups
import Endpoint
import Extraction
import FunctionRuntime
import Ingestion
import Models
import Platform
import Storage
import Webhooks
import Wire

/// Does the work that outlives requests: sends webhooks that are due, goes on with documents whose process died,
/// forgets what is over, and the passages of removed documents.
/// No route leads here: timers and pipes call it. Any number may run at once.
@main struct RunJobs: Function {
    static let route = Route.internal(summary: "Send webhooks that are due and tidy up").timeout(seconds: 900)
    static let access = Access.operator

    /// How long passages of removed documents are forgotten in one call, and how long the rest is tidied up: webhooks
    /// wait for that.
    private static let tidyingMilliseconds: Int64 = 2000
    /// How long an upload may take at most: what was begun before that is nobody's.
    private static let unfinishedSeconds = 24 * 3600
    /// Seconds from one tidying of this process to the next: the runner calls every second.
    private static let tidyingInterval = 3600
    /// The same for looking whether the clock was set back.
    private static let clockInterval = 60
    /// Seconds after which a call begins no more documents: it has to be over before the function's time is.
    private static let documentSeconds = 20
    /// A process serves one request at a time, on one thread, so nothing else changes them.
    nonisolated(unsafe) private static var nextTidying = Moment.now
    nonisolated(unsafe) private static var nextClockCheck = Moment.now

    struct Input: FunctionInput {
        let limit: Int
        let seconds: Int

        init(from fields: inout Fields) {
            limit = fields.optional("limit", .integer(1...10_000, example: 1000), "Deliveries at most.") ?? 1000
            seconds = fields.optional("seconds", .integer(0...40, example: 20), "After that, none is begun.") ?? 20
        }
    }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> JobReport {
        Termination.hold()
        defer { Termination.release() }
        let (store, start) = (try call.store, Moment.now)
        let sender = DeliverySender(store: store, policy: call.configuration.webhooks)
        if start >= nextClockCheck {
            nextClockCheck = start + clockInterval
            try sender.correctTimes()
        }
        let sent = try sender.sendDue(limit: input.limit, seconds: input.seconds) { Termination.isWanted }
        let pdf = call.configuration.pdf
        let documents = DocumentImport(
            into: store,
            pdf: PDFLimits(
                seconds: pdf.timeoutSeconds, memory: pdf.maximumMemory, places: pdf.slots,
                in: call.configuration.dataDirectory))
        while Moment.now < start + documentSeconds,
            try documents.finishAbandoned(at: .now(), isStopping: { Termination.isWanted })
        {}
        let isDone = try !Termination.isWanted && tidy(store, call)
        if !Termination.isWanted {
            // A backup may be ended at any moment.
            Termination.release()
            try ScheduledBackup.makeIfDue(in: call)
        }
        return JobReport(sent: sent, nextDueAt: isDone ? try store.events.nextDue() : call.now)
    }

    /// False when something is left to do.
    private static func tidy(_ store: Store, _ call: Call) throws -> Bool {
        if Moment.now >= nextTidying {
            let retention = Retention(
                deliveries: call.configuration.webhookHistory, waiting: call.configuration.webhookBacklog)
            guard try store.tidy(retention, milliseconds: tidyingMilliseconds, at: call.now) else { return false }
            try store.blobs.removeUnfinished(before: call.now + -unfinishedSeconds)
            try store.blobs.removeReleased()
            nextTidying = Moment.now + tidyingInterval
        }
        try store.failDisabledDeliveries()
        return try store.forgetRemoved(milliseconds: tidyingMilliseconds)
    }
}

struct JobReport: DataReply, Shaped {
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
