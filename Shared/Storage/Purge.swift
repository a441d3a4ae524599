import Models
import Platform
import Wire

/// Purging removes the passages of deleted documents from the index, one batch per write, and their files from the
/// disk. Search hides a deleted document at once; its passages are removed later, because a large document takes
/// seconds.
extension Store {
    /// A claim ends within the write that makes it, so only what fails waits for this lease.
    private static let leaseSeconds = 60
    /// The maximum lease and delay of purges.
    public static let purgeTimes = JobStore.Times(lease: leaseSeconds, wait: 0)

    /// Removes a batch of passages, taking the workspaces in turn. Returns false if there is nothing to purge.
    public func purgeBatch(at now: Timestamp) throws -> Bool {
        guard try jobs.isDue(.purge, at: now) else { return false }
        do { return try purgeNext(at: now) } catch {
            // Others need not wait for a document whose rows cannot be read.
            _ = try? maintain { try jobs.claimNext(.purge, for: Self.leaseSeconds, at: now) }
            throw error
        }
    }

    private func purgeNext(at now: Timestamp) throws -> Bool {
        try maintain {
            guard let job = try jobs.claimNext(.purge, for: Self.leaseSeconds, at: now) else { return false }
            let document = Document.ID(stored: job.subject)
            if try documents.removePassageBatch(of: document) || vectors.rows.removeBatch(of: document) {
                try jobs.release(job, at: now)
            } else {
                try documents.unhide(document)
                try jobs.finish(job)
                // Some day the segments have more removed passages than they should.
                try passages.store.enqueueMerging(of: Workspace.ID(stored: job.queue))
            }
            return true
        }
    }

    /// The maximum lease and delay of merging, and of indexing documents again.
    public static let mergeTimes = JobStore.Times(lease: IndexMerging.leaseSeconds, wait: 0)
    public static let indexTimes = JobStore.Times(lease: Reindexing.leaseSeconds, wait: Reindexing.patience)

    /// Does a piece of the merging of segments, taking the workspaces in turn. Returns false if there is nothing to do.
    public func mergeSegments(at now: Timestamp) throws -> Bool {
        try IndexMerging(index: passages.store).work(at: now)
    }

    /// Indexes a document again that waits for it. Returns false if none does.
    public func indexNext(at now: Timestamp) throws -> Bool { try Reindexing(database: database).work(at: now) }

    /// The maximum lease and delay of removing files.
    public static let orphanTimes = JobStore.Times(lease: leaseSeconds, wait: orphanPatience)
    /// Seconds until the next attempt after files could not be removed.
    private static let orphanPatience = 60

    /// Removes the files of deleted documents, unless other documents share them. While a backup copies files, they
    /// stay, and so does the job.
    public func removeOrphans(at now: Timestamp) throws {
        guard try jobs.isDue(.orphans, at: now) else { return }
        // An upload of the same bytes may have reclaimed the last file.
        guard try blobs.hasOrphanCandidates() else { return try maintain { try blobs.finishJob() } }
        do {
            try blobs.removeOrphans()
        } catch {
            _ = try? maintain { try jobs.enqueue(.orphans, "files", in: "", dueAt: now + Self.orphanPatience) }
            throw error
        }
    }

    /// Removes passages of deleted documents, a batch at a time, for about this long. The next call continues. Returns
    /// true if nothing is left.
    public func purgeRemoved(milliseconds: Int64) throws -> Bool {
        let end = Moment.now.adding(milliseconds: milliseconds)
        while try purgeBatch(at: .now()) {
            if Moment.now >= end { return false }
        }
        return true
    }
}
