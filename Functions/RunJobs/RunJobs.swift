import Backups
import Endpoint
import Extraction
import FunctionRuntime
import Ingestion
import Jobs
import Models
import Platform
import Storage
import Webhooks
import Wire

/// Does the work that outlives requests: sends webhooks, finishes documents whose upload was interrupted, purges
/// removed documents, merges the search index, embeds passages, removes what has expired, and makes the scheduled backup.
/// It has no route: timers and pipes call it. Any number of calls may run at the same time.
@main struct RunJobs: Function {
    static let route = Route.internal(summary: "Do the work that outlives requests").timeout(seconds: 900)
    static let access = Access.operator

    /// How long one call keeps starting documents, purges, sweeps and batches of passages. Webhooks have to wait for the
    /// next call until then.
    private static let ingestionMilliseconds: Int64 = 20_000
    private static let purgeMilliseconds: Int64 = 2000
    private static let indexMilliseconds: Int64 = 5000
    private static let sweepMilliseconds: Int64 = 2000
    private static let embeddingMilliseconds: Int64 = 10_000

    struct Input: FunctionInput {
        let limit: Int
        let seconds: Int

        init(from fields: inout Fields) {
            limit = fields.optional("limit", .integer(1...10_000, example: 1000), "Maximum deliveries.") ?? 1000
            seconds =
                fields.optional("seconds", .integer(0...40, example: 20), "No delivery begins after this many seconds.")
                ?? 20
        }
    }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> JobReport {
        Termination.hold()
        defer { Termination.release() }
        let (store, configuration) = (try call.store, call.configuration)
        try store.removeExpiredLimits()
        let sender = DeliverySender(store: store, policy: configuration.webhooks)
        let pdf = PDFLimits(
            seconds: configuration.pdf.timeoutSeconds, memory: configuration.pdf.maximumMemory,
            places: configuration.pdf.slots, in: configuration.dataDirectory)
        let documents = DocumentImport(into: store, pdf: pdf)
        let retention = Retention(deliveries: configuration.webhookHistory, waiting: configuration.webhookBacklog)
        var sent = DeliverySender.Report()
        let kinds = [
            JobKind(.webhook, sender.times, milliseconds: Int64(input.seconds) * 1000) { turn in
                sent = try sender.sendDue(limit: input.limit, until: turn.end, isStopping: turn.isStopping)
                return false
            },
            JobKind(.ingestion, DocumentImport.jobTimes, milliseconds: ingestionMilliseconds) { turn in
                try documents.finishAbandoned(at: .now(), isStopping: turn.isStopping)
            },
            .purge(store, milliseconds: purgeMilliseconds), .orphans(store),
            .index(store, milliseconds: indexMilliseconds), .merge(store, milliseconds: indexMilliseconds),
            .sweep(store, retention, milliseconds: sweepMilliseconds),
            // Last, because it takes longest.
            .embedding(store, milliseconds: embeddingMilliseconds) {
                try ConfiguredEmbedder.ready(configuration.embedding, for: store)
            },
        ]
        let isDone = try JobLoop(store, kinds) { Termination.isWanted }.run()
        if !Termination.isWanted {
            // A backup may be killed at any moment.
            Termination.release()
            try ScheduledBackup.makeIfDue(in: call)
        }
        return JobReport(sent: sent, nextDueAt: isDone ? try store.events.nextDue() : call.now)
    }
}

struct JobReport: DataReply, Shaped {
    let sent: DeliverySender.Report
    let nextDueAt: Timestamp?

    static let shape = Shape<JobReport>(
        "JobReport",
        [
            .field("succeeded", "Deliveries that arrived.") { $0.sent.succeeded },
            .field("postponed", "Deliveries that failed and will be retried.") { $0.sent.postponed },
            .field("failed", "Deliveries that failed for good.") { $0.sent.failed },
            .nullable("nextDueAt", "When the next work is due.") { $0.nextDueAt },
        ])
}
