import Models

/// Compares a workspace's vectors with its documents. Call it in a snapshot.
///
/// What a vector should be, only its model knows; the check covers which passages have one, and the form of all rows.
struct VectorCheck {
    let database: Database

    /// The result of a check.
    struct Findings {
        /// In words.
        var differences: [String] = []
        /// Documents whose vectors are not those that their rows promise.
        var documents: Set<Document.ID> = []
        /// Documents that could not be embedded, which is no difference. A repair has them tried again.
        var failed: Set<Document.ID> = []
        /// Pages that cannot be read, or that belong to no set.
        var pages: [Int] = []
    }

    private struct Page {
        let id: Int
        let set: Int
        let count: Int
        let removed: Int
        let runs: [VectorPage.Run]?
        let starts: PassageStarts?
    }

    func findings(in workspace: Workspace.ID) throws -> Findings {
        var found = Findings()
        let sets: [VectorSet] = try database.all(from: "vector_sets WHERE workspace_id = \(workspace)")
        let used = sets.filter { $0.state != .dropped }
        for set in used where !set.isWhole {
            found.differences.append("the centre of set \(set.number) is damaged")
        }
        var positions: [Int: [DocumentKey: [Int]]] = [:]
        for page in try pages(of: workspace) {
            guard let set = sets.first(where: { $0.number == page.set }) else {
                found.pages.append(page.id)
                found.differences.append("page \(page.id) of vectors belongs to no set")
                continue
            }
            // A job removes those of the others.
            guard set.state != .dropped else { continue }
            guard let runs = page.runs, try isWhole(page, of: set) else {
                found.pages.append(page.id)
                found.differences.append("page \(page.id) of vectors is damaged")
                continue
            }
            for run in runs where run.document != VectorPage.Run.removed {
                positions[set.number, default: [:]][run.document, default: []] +=
                    run.position..<(run.position + run.passages)
            }
        }
        try compare(positions, used, in: workspace, &found)
        try checkJobs(of: workspace, sets, &found)
        return found
    }

    private func pages(of workspace: Workspace.ID) throws -> [Page] {
        try database.all(
            """
            SELECT id, set_number, vectors, removed, runs, starts FROM vector_pages
            WHERE workspace_id = \(workspace) ORDER BY id
            """
        ) { row in
            let (id, set): (Int, Int) = (row.next(), row.next())
            let (count, removed): (Int, Int) = (row.next(), row.next())
            let runs = row.bytes { try? VectorPage.runs($0, of: count) }
            let starts = try? PassageStarts(row.blob(), of: count)
            return Page(id: id, set: set, count: count, removed: removed, runs: runs, starts: starts)
        }
    }

    /// Whether a page has the codes, the bytes and the documents that it should have.
    private func isWhole(_ page: Page, of set: VectorSet) throws -> Bool {
        guard let runs = page.runs, let starts = page.starts, page.count > 0,
            page.count <= set.format.vectorsPerPage, Self.agree(runs, starts)
        else { return false }
        let removed = runs.reduce(0) { $1.document == VectorPage.Run.removed ? $0 + $1.count : $0 }
        let bits: Int? = try database.value(
            """
            SELECT \(sqlite: "length(bits)", postgres: "octet_length(bits)") FROM vector_pages WHERE id = \(page.id)
            """)
        guard removed == page.removed, bits == VectorPage.bytes(of: page.count, set.format) else { return false }
        let rows = VectorFormat.rows(of: page.id)
        let sizes = try database.all(
            """
            SELECT id, \(sqlite: "length(data)", postgres: "octet_length(data)") FROM vector_values
            WHERE id >= \(rows.lowerBound) AND id < \(rows.upperBound) ORDER BY id
            """
        ) { row in [row.next(Int.self), row.next(Int.self)] }
        let expected = stride(from: 0, to: page.count, by: set.format.vectorsPerRow).map { first in
            let vectors = min(set.format.vectorsPerRow, page.count - first)
            return [set.format.row(of: first, page: page.id), vectors * set.format.bytesPerVector]
        }
        let documents: [Document.ID] = try database.values(
            "SELECT document_id FROM vector_documents WHERE page = \(page.id)")
        let named = Set(runs.map(\.document)).subtracting([VectorPage.Run.removed])
        return sizes == expected && Set(documents.map { DocumentKey($0) }) == named
    }

    /// Whether each run has as many passages as begin in it.
    private static func agree(_ runs: [VectorPage.Run], _ starts: PassageStarts) -> Bool {
        var ordinal = 0
        return runs.allSatisfy { run in
            defer { ordinal += run.count }
            return starts.count(in: ordinal..<ordinal + 1) == 1
                && starts.count(in: ordinal..<(ordinal + run.count)) == run.passages
        }
    }

    private struct Expected: Record {
        let id: Document.ID
        let total: Int
        let embeddedIn: Int
        let set: Int
        let done: Int
        let hasFailed: Bool

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) {
            (id, total) = (row["id"], row["chunk_count"])
            (embeddedIn, set) = (row["embedded_in"], row["embedding_set"])
            (done, hasFailed) = (row["embedding_done"], row["embedding_error IS NOT NULL"])
        }
    }

    private func compare(
        _ positions: [Int: [DocumentKey: [Int]]], _ sets: [VectorSet], in workspace: Workspace.ID,
        _ found: inout Findings
    ) throws {
        let documents: [Expected] = try database.all(
            from: "documents WHERE workspace_id = \(workspace) AND status = 'processed'")
        let removed: [Document.ID] = try database.values(
            "SELECT document_id FROM hidden_documents WHERE workspace_id = \(workspace)")
        found.failed = Set(documents.filter(\.hasFailed).map(\.id))
        for set in sets {
            var own = positions[set.number] ?? [:]
            for document in documents {
                let key = DocumentKey(document.id)
                let actual = own.removeValue(forKey: key) ?? []
                var done = document.set == set.number ? document.done : 0
                if document.embeddedIn == set.number, !document.hasFailed { done = document.total }
                // Of a set that is being replaced, nothing says how far it was.
                if document.set > set.number || document.embeddedIn > set.number { continue }
                if !actual.sorted().elementsEqual(0..<max(0, done)) {
                    found.documents.insert(document.id)
                    found.differences.append(
                        "\(document.id.text): set \(set.number) has vectors of \(actual.count) passages in place of \(done)"
                    )
                }
            }
            for document in removed { own[DocumentKey(document)] = nil }
            for document in own.keys {
                found.documents.insert(document.id)
                found.differences.append("\(document.id.text): only set \(set.number) of vectors has it")
            }
        }
    }

    /// Checks that jobs do what is left to do.
    private func checkJobs(of workspace: Workspace.ID, _ sets: [VectorSet], _ found: inout Findings) throws {
        if try database.exists("SELECT 1 FROM jobs WHERE kind = 'embedding' AND subject = \(workspace)") { return }
        let isThere = try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)")
        if !sets.isEmpty, !isThere || sets.contains(where: { $0.state == .dropped }) {
            found.differences.append("no job removes vectors that are not needed")
        }
        let waits: [Document.ID] = try database.values(
            "SELECT id FROM documents WHERE workspace_id = \(workspace) AND status = 'processed'")
        guard let first = waits.first, try EmbeddingState(database: database).isOn() else { return }
        let stored: StoredEmbedding? = try database.first(from: "documents WHERE id = \(first)")
        let target = stored?.target ?? 0
        let isIncomplete = try database.exists(
            """
            SELECT 1 FROM documents WHERE workspace_id = \(workspace) AND status = 'processed'
                AND embedded_in < \(max(target, 1)) LIMIT 1
            """)
        if isIncomplete { found.differences.append("no job makes the vectors that are missing") }
    }
}

extension VectorIndex {
    /// Removes what differs, and has a job make it again. Call it in a write.
    ///
    /// - Returns: the number of documents that will be embedded again.
    func repair(_ workspace: Workspace.ID, _ found: VectorCheck.Findings) throws -> Int {
        guard !found.differences.isEmpty || !found.failed.isEmpty else { return 0 }
        var documents = found.documents.union(found.failed)
        for page in found.pages {
            let own: [Document.ID] = try database.values(
                "SELECT document_id FROM vector_documents WHERE page = \(page)")
            documents.formUnion(own)
            try rows.drop(page)
        }
        var count = 0
        for document in documents {
            while try rows.removeBatch(of: document) {}
            count += try database.run(
                """
                UPDATE documents SET embedded_in = 0, embedding_set = 0, embedding_done = 0, embedding_error = NULL
                WHERE id = \(document) AND status = 'processed'
                """)
        }
        try JobStore(database: database).enqueueOnce(.embedding, workspace.text, in: workspace.text)
        return count
    }
}
