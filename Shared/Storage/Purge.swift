import Models
import Platform
import Wire

/// Purging: taking the passages of removed documents out of the index, a batch in each write, and their files off the disk.
/// Search leaves a removed document out at once; its passages are removed later, because a large document takes seconds.
extension Store {
    /// A claim ends with the write that it is made in, so nobody waits for this lease.
    private static let leaseSeconds = 60
    /// How long purges are leased and wait.
    public static let purgeTimes = JobStore.Times(lease: leaseSeconds, wait: 0)

    /// Removes a batch of passages, of one workspace after the other. False when there is nothing to purge.
    public func purgeBatch(at now: Timestamp) throws -> Bool {
        guard try jobs.isDue(.purge, at: now) else { return false }
        return try maintain {
            guard let job = try jobs.claimNext(.purge, for: Self.leaseSeconds, at: now) else { return false }
            let document = Document.ID(stored: job.subject)
            if try documents.removePassageBatch(of: document) {
                try jobs.release(job, at: now)
            } else {
                try documents.unhide(document)
                try jobs.finish(job)
            }
            return true
        }
    }

    /// Removes files of removed documents, except those that other documents have. They stay while a backup copies files,
    /// and so does the job.
    public func removeOrphans(at now: Timestamp) throws {
        guard try jobs.isDue(.orphans, at: now) else { return }
        // An upload of the same bytes may have taken the last one back.
        guard try blobs.hasReleased() else { return try maintain { try blobs.finishJob() } }
        try blobs.removeReleased()
    }

    /// Removes passages of removed documents, a batch at a time, for about this long. The rest is left to the next call.
    /// True when nothing is left.
    public func purgeRemoved(milliseconds: Int64) throws -> Bool {
        let end = Moment.now.adding(milliseconds: milliseconds)
        while try purgeBatch(at: .now()) {
            if Moment.now >= end { return false }
        }
        return true
    }
}
