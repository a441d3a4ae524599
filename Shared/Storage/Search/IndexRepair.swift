import Models

/// The differences of a workspace's index and vectors to its documents.
public struct IndexReport: Sendable {
    /// The passages that search can find.
    public let passages: Int
    /// In words.
    public let differences: [String]
    let findings: IndexCheck.Findings

    init(_ findings: IndexCheck.Findings) {
        (passages, self.findings) = (findings.passages, findings)
        differences = findings.differences + findings.vectors.differences
    }
}

extension PassageIndex {
    /// The workspaces that have an index, or should have one, in the order of their ids.
    public func workspacesToCheck() throws -> [Workspace.ID] {
        try database.values(
            """
            SELECT id FROM workspaces UNION SELECT workspace_id FROM index_segments
            UNION SELECT workspace_id FROM index_pages UNION SELECT workspace_id FROM vector_sets
            UNION SELECT workspace_id FROM vector_pages ORDER BY 1
            """)
    }

    /// Compares a workspace's index with its documents, which takes as long as indexing them. All of it is one
    /// snapshot, so requests may go on meanwhile.
    public func report(on workspace: Workspace.ID) throws -> IndexReport {
        try database.snapshot { IndexReport(try IndexCheck(database: database).findings(in: workspace)) }
    }

    /// Descriptions of the differences.
    public func check(_ workspace: Workspace.ID) throws -> [String] { try report(on: workspace).differences }

    /// Takes segments that cannot be read out of the index, and enqueues the documents that differ for indexing, or for
    /// embedding if their vectors differ or could not be made. Until then, search finds the others.
    ///
    /// - Returns: the number of documents that were enqueued, for each of the two.
    public func repair(_ workspace: Workspace.ID, _ report: IndexReport) throws -> Int {
        let found = report.findings
        if report.differences.isEmpty, found.vectors.failed.isEmpty { return 0 }
        return try database.maintain {
            for segment in found.damaged {
                try database.run(
                    "UPDATE index_segments SET level = -1 WHERE workspace_id = \(workspace) AND segment = \(segment)")
            }
            for segment in found.unnamed {
                try store.insert(SegmentHeader(), [], segment, 0, level: -1, isSmall: false, in: workspace)
            }
            try store.correctCounter(of: workspace)
            if !report.differences.isEmpty { try store.enqueueMerging(of: workspace) }
            var count = 0
            for document in found.documents {
                if try database.exists("SELECT 1 FROM documents WHERE id = \(document) AND status = 'processed'") {
                    try JobStore(database: database).enqueueOnce(.index, document.text, in: workspace.text)
                    count += 1
                } else {
                    try store.remove(document, from: workspace)
                }
            }
            return try count + VectorIndex(database: database).repair(workspace, found.vectors)
        }
    }
}

extension IndexStore {
    /// Makes the next segment's number one that was never used, if that is not so.
    fileprivate func correctCounter(of workspace: Workspace.ID) throws {
        let highest: Int? = try database.value(
            "SELECT max(segment) FROM index_segments WHERE workspace_id = \(workspace)")
        guard let highest, highest < .max, try nextNumber(in: workspace) <= highest else { return }
        try database.run(
            """
            INSERT INTO index_counters (workspace_id, next) VALUES (\(workspace), \(highest + 1))
            ON CONFLICT (workspace_id) DO UPDATE SET next = excluded.next
            """)
    }
}
