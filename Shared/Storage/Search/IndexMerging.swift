import Models
import Wire

/// Merges the segments of a workspace, and removes what does not count any more.
///
/// A merge reads and writes its pages outside the write that puts the new segment in place of its parts, so that no
/// write takes long. Until then, its pages belong to a segment of level −1, which no search reads. If the process dies,
/// the next one removes them.
struct IndexMerging {
    /// This many segments of a level become one of the next.
    static let width = 8
    /// The share of a segment's passages that may be removed ones.
    private static let removedShare = 0.25
    /// The size of the pages that one write adds, in bytes, and the number of pages that one removes.
    private static let batchBytes = 4 << 20
    private static let batchPages = 1000
    /// Merging so few passages takes one write.
    private static let fewPassages = 4096
    static let leaseSeconds = 120

    let index: IndexStore
    private var database: Database { index.database }
    private var jobs: JobStore { JobStore(database: database) }

    /// Does a piece of the work in one workspace. Returns false if no workspace has any.
    func work(at now: Timestamp) throws -> Bool {
        guard try jobs.isDue(.merge, at: now), let job = try jobs.claimNext(.merge, for: Self.leaseSeconds, at: now)
        else { return false }
        do {
            try work(on: Workspace.ID(stored: job.queue), job, at: now)
        } catch is Job.LeaseLost {
            // Another process goes on.
        }
        return true
    }

    private func work(on workspace: Workspace.ID, _ job: Job, at now: Timestamp) throws {
        if try removeGarbage(of: workspace, job, at: now) { return }
        let plan = try database.snapshot { () throws -> Plan in try self.plan(for: workspace) }
        switch plan {
        case .merge(let parts, let level): try merge(parts, to: level, of: workspace, job, at: now)
        case .forget(let removals): try finish(job, forgetting: removals, in: workspace, at: now)
        case .removeAll:
            try database.maintain {
                let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
                let left = try database.run("UPDATE index_segments SET level = -1 WHERE workspace_id = \(workspace)")
                try database.run("DELETE FROM index_removals WHERE workspace_id = \(workspace)")
                try database.run("DELETE FROM index_counters WHERE workspace_id = \(workspace)")
                if left > 0 { try jobs.release(held, at: now) } else { try jobs.finish(held) }
            }
        }
    }

    // MARK: Deciding

    private enum Plan {
        case merge([Part], level: Int)
        /// Nothing to merge. These removed documents are in no segment any more.
        case forget([Document.ID: Int])
        /// The workspace was removed.
        case removeAll
    }

    private struct Part {
        let stored: IndexStore.Stored
        /// The passages that do not count.
        let removed: OrdinalSet?
    }

    private func plan(for workspace: Workspace.ID) throws -> Plan {
        guard try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)") else { return .removeAll }
        let segments = try index.segments(of: workspace)
        let removals = try index.removals(in: workspace)
        var left = removals.removals
        var parts: [Part] = []
        for stored in segments {
            let test = removals.test(in: stored.number).map { test in
                { (document: DocumentKey) in
                    guard test(document) else { return false }
                    left[document] = nil
                    return true
                }
            }
            let seen = try index.naming(workspace, stored.segment) {
                try SearchedSegment(stored.reader, isHidden: test)
            }
            parts.append(Part(stored: stored, removed: seen.hidden))
        }
        for level in Set(segments.map(\.level)).sorted() {
            let own = parts.filter { $0.stored.level == level }
            let passages = own.prefix(Self.width).reduce(0) { $0 + $1.stored.reader.passages }
            if own.count >= Self.width, passages <= SegmentFormat.maximumPassages {
                return .merge(Array(own.prefix(Self.width)), level: level &+ 1)
            }
        }
        for part in parts {
            let removed = Double(part.removed?.count ?? 0)
            if removed > Self.removedShare * Double(part.stored.reader.passages) {
                return .merge([part], level: part.stored.level)
            }
        }
        return .forget(Dictionary(uniqueKeysWithValues: left.map { ($0.key.id, $0.value) }))
    }

    private func finish(
        _ job: Job, forgetting removals: [Document.ID: Int], in workspace: Workspace.ID, at now: Timestamp
    ) throws {
        try database.maintain {
            for (document, number) in removals {
                // Unless the document was removed again.
                try database.run(
                    """
                    DELETE FROM index_removals WHERE workspace_id = \(workspace) AND document_id = \(document)
                        AND before_number = \(number)
                    """)
            }
            // Segments that came meanwhile, or the removal of the workspace, did not enqueue a job, because this one
            // was there.
            let hasMore = try database.exists(
                """
                SELECT 1 FROM index_segments WHERE workspace_id = \(workspace)
                GROUP BY level HAVING count(*) >= \(Self.width) OR level < 0
                UNION SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM workspaces WHERE id = \(workspace))
                """)
            if hasMore { try jobs.release(job, at: now) } else { try jobs.finish(job) }
        }
    }

    // MARK: Merging

    /// Collects pages, and writes them when there are many.
    private final class Output {
        var pages: [SegmentPage] = []
        var bytes = 0
        /// The number that pages were written under; nil as long as there are none.
        var segment: Int?
        var job: Job
        init(_ job: Job) { self.job = job }
    }

    private func merge(
        _ parts: [Part], to level: Int, of workspace: Workspace.ID, _ job: Job, at now: Timestamp
    ) throws {
        let output = Output(job)
        let merge = SegmentMerge(parts.map { .init(reader: $0.stored.reader, dropped: $0.removed) })
        let header = try index.naming(workspace) {
            try merge.run(
                { page in
                    output.pages.append(page)
                    output.bytes += page.data.count
                }, pause: { if output.bytes > Self.batchBytes { try flush(output, in: workspace) } })
        }
        let prepared = PreparedSegment(header: header, pages: output.pages)
        try database.maintain {
            let held = try jobs.renewLease(of: output.job, for: Self.leaseSeconds, at: now)
            guard try areUnchanged(parts, in: workspace) else { throw Job.LeaseLost() }
            if header.passages > 0, let number = parts.map(\.stored.number).max() {
                let segment = try output.segment ?? index.takeNumber(in: workspace)
                let isSmall = output.segment == nil && prepared.isSmall
                try index.insert(header, prepared.pages, segment, number, level: level, isSmall: isSmall, in: workspace)
            }
            for part in parts { try drop(part.stored, of: workspace) }
            try jobs.release(held, at: now)
        }
    }

    private func flush(_ output: Output, in workspace: Workspace.ID) throws {
        let (segment, job) = try database.maintain {
            let job = try jobs.renewLease(of: output.job, for: Self.leaseSeconds, at: .now())
            let segment = try output.segment ?? index.takeNumber(in: workspace)
            if output.segment == nil {
                try index.insert(SegmentHeader(), [], segment, 0, level: -1, isSmall: false, in: workspace)
            }
            try index.insert(output.pages, segment, in: workspace)
            return (segment, job)
        }
        (output.segment, output.job, output.pages, output.bytes) = (segment, job, [], 0)
    }

    /// Whether the segments are still parts of the index. Nobody else merges under this lease, but the workspace may
    /// have been removed.
    private func areUnchanged(_ parts: [Part], in workspace: Workspace.ID) throws -> Bool {
        guard try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)") else { return false }
        return try parts.allSatisfy { part in
            try database.exists(
                """
                SELECT 1 FROM index_segments WHERE workspace_id = \(workspace) AND segment = \(part.stored.segment)
                    AND level = \(part.stored.level)
                """)
        }
    }

    // MARK: Removing

    /// Takes a segment out of the index. The pages of a large one are removed later.
    private func drop(_ stored: IndexStore.Stored, of workspace: Workspace.ID) throws {
        let own: SQL = "workspace_id = \(workspace) AND segment = \(stored.segment)"
        if stored.reader.passages <= Self.fewPassages {
            try database.run("DELETE FROM index_pages WHERE \(own)")
            try database.run("DELETE FROM index_segments WHERE \(own)")
        } else {
            try database.run("UPDATE index_segments SET level = -1 WHERE \(own)")
        }
    }

    /// Removes some pages of a segment that is no part of the index. Returns false if there is none.
    private func removeGarbage(of workspace: Workspace.ID, _ job: Job, at now: Timestamp) throws -> Bool {
        let found: SQL = "SELECT segment FROM index_segments WHERE workspace_id = \(workspace) AND level < 0 LIMIT 1"
        guard try database.exists(found) else { return false }
        try database.maintain {
            guard let segment: Int = try database.value(found) else { return }
            let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
            let own: SQL = "workspace_id = \(workspace) AND segment = \(segment)"
            let removed = try database.run(
                """
                DELETE FROM index_pages WHERE \(own) AND (kind, term, part) IN (
                    SELECT kind, term, part FROM index_pages WHERE \(own)
                    ORDER BY kind, term, part LIMIT \(Self.batchPages))
                """)
            if removed < Self.batchPages { try database.run("DELETE FROM index_segments WHERE \(own)") }
            try jobs.release(held, at: now)
        }
        return true
    }
}
