import Models
import Platform
import Wire

/// Reports progress, and defers signals until this object is released, so that unfinished work can be removed first.
public final class BackupProgress {
    private let report: ((String) -> Void)?
    private let deadline: Timestamp?
    private let signals: DeferredSignals?
    private var what = ""
    private var done: Int64 = 0
    private var total: Int64 = 0
    private var nextReport: Timestamp

    /// Milliseconds between reports. Shorter work reports nothing.
    private static let interval: Int64 = 2000

    /// - Parameters:
    ///   - seconds: the time limit, after which the work fails; nil for no limit.
    ///   - report: receives a sentence every two seconds.
    public init(atMost seconds: Int? = nil, report: @escaping (String) -> Void) {
        self.report = report
        deadline = seconds.map { .now() + $0 }
        nextReport = Timestamp(milliseconds: Timestamp.now().milliseconds + Self.interval)
        signals = DeferredSignals()
    }

    private init() {
        report = nil
        signals = nil
        deadline = nil
        nextReport = .now()
    }

    /// For short work.
    static var silent: BackupProgress { BackupProgress() }

    /// Ends the work. A signal that arrives when the work can no longer be undone is ignored, so
    /// that the response is sent.
    func complete() { signals?.complete() }

    /// Begins a part of the work with `total` bytes.
    func begin(_ what: String, total: Int64) {
        self.what = what
        self.total = total
        done = 0
        let now = Timestamp.now()
        guard let report, now >= nextReport else { return }
        nextReport = Timestamp(milliseconds: now.milliseconds + Self.interval)
        report(what)
    }

    /// Adds to the number of bytes done.
    func advance(_ bytes: Int64) throws { try reach(done + bytes, of: total) }

    func reach(_ bytes: Int64, of total: Int64) throws {
        (done, self.total) = (bytes, total)
        guard let report else { return }
        if signals?.isPending == true {
            throw APIError(.serviceUnavailable, "Interrupted; nothing was changed")
        }
        let now = Timestamp.now()
        if let deadline, now > deadline {
            throw APIError(
                .serviceUnavailable,
                "The backup reads every file and ran out of time. Run it by hand or by cron with runner backup, which has no time limit"
            )
        }
        if now >= nextReport {
            nextReport = Timestamp(milliseconds: now.milliseconds + Self.interval)
            report("\(what): \(Self.size(done)) of \(Self.size(max(done, total)))")
        }
    }

    private static func size(_ bytes: Int64) -> String {
        bytes < 10 << 20 ? "\(bytes >> 10) KiB" : bytes < 10 << 30 ? "\(bytes >> 20) MiB" : "\(bytes >> 30) GiB"
    }
}
