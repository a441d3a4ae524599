import Models

/// The rows of vectors: adds vectors to pages, and removes those of documents.
struct VectorRows {
    let database: Database
    private var sets: VectorSets { VectorSets(database: database) }

    /// A passage's vectors: of its parts, in order.
    struct Entry {
        let document: DocumentKey
        let position: Int
        let codes: [VectorCode]
    }

    /// A page, and what is stored beside its codes.
    struct Stored {
        let page: Int
        let workspace: Workspace.ID
        let set: Int
        let count: Int
        let removed: Int
    }

    // MARK: Adding

    /// Adds vectors to the last page of a set, and begins another where there is no room for a passage. Call it in a
    /// write.
    func append(_ entries: [Entry], to set: VectorSet) throws {
        guard !entries.isEmpty else { return }
        let format = set.format
        var rest = entries[...]
        if let (last, page) = try lastPage(of: set) {
            let added = Self.prefix(of: rest, format.vectorsPerPage - page.count)
            if !added.isEmpty { try write(page, adding: added, in: last, of: set) }
            rest = rest.dropFirst(added.count)
        }
        while !rest.isEmpty {
            let added = Self.prefix(of: rest, format.vectorsPerPage)
            guard !added.isEmpty else {
                throw APIError.internalError(cause: "a passage has more vectors than a page")
            }
            try write(VectorPage(format), adding: added, in: nil, of: set)
            rest = rest.dropFirst(added.count)
        }
    }

    /// Nil also if it is damaged, so that vectors go to another one. The check of the index finds it.
    private func lastPage(of set: VectorSet) throws -> (id: Int, page: VectorPage)? {
        let format = set.format
        let last = try database.first(
            """
            SELECT id, vectors, runs, starts, bits FROM vector_pages
            WHERE workspace_id = \(set.workspace) AND set_number = \(set.number) ORDER BY id DESC LIMIT 1
            """
        ) { row in
            let (id, count): (Int, Int) = (row.next(), row.next())
            let runs = row.bytes { try? VectorPage.runs($0, of: count) }
            let (starts, bits) = (row.blob(), row.blob())
            let page = runs.flatMap { try? VectorPage(format, count: count, runs: $0, starts: starts, bits: bits) }
            return (id: id, page: page)
        }
        guard let last, let page = last.page else { return nil }
        let place = page.count % format.vectorsPerRow
        if place > 0 {
            let data: [UInt8]? = try values(in: format.row(of: page.count, page: last.id))
            guard data?.count == place * format.bytesPerVector else { return nil }
        }
        return (last.id, page)
    }

    private func values(in row: Int) throws -> [UInt8]? {
        try database.value("SELECT data FROM vector_values WHERE id = \(row)")
    }

    /// The first passages, as many as there is room for.
    private static func prefix(of entries: ArraySlice<Entry>, _ room: Int) -> ArraySlice<Entry> {
        var room = room
        return entries.prefix { entry in
            room -= entry.codes.count
            return room >= 0
        }
    }

    private func write(_ page: VectorPage, adding entries: ArraySlice<Entry>, in id: Int?, of set: VectorSet) throws {
        var page = page
        let first = page.count
        for entry in entries { page.append(entry.document, position: entry.position, entry.codes) }
        let runs = VectorPage.pack(page.runs)
        let number: Int
        if let id {
            number = id
            try database.run(
                """
                UPDATE vector_pages SET vectors = \(page.count), runs = \(runs), starts = \(page.starts.bytes),
                    bits = \(page.bits) WHERE id = \(id)
                """)
        } else {
            let made: Int? = try database.value(
                """
                INSERT INTO vector_pages (workspace_id, set_number, vectors, removed, runs, starts, bits)
                VALUES (\(set.workspace), \(set.number), \(page.count), 0, \(runs), \(page.starts.bytes),
                    \(page.bits))
                RETURNING id
                """)
            guard let made else { throw APIError.internalError(cause: "a page of vectors got no number") }
            number = made
            // Numbers are used again. A damaged page may have left something.
            try removeContents(of: number)
        }
        try writeValues(entries.flatMap(\.codes), from: first, of: number, set.format)
        for document in Set(entries.map(\.document)) {
            try database.run(
                """
                INSERT INTO vector_documents (document_id, page) VALUES (\(document.id), \(number))
                ON CONFLICT (document_id, page) DO NOTHING
                """)
        }
    }

    private func writeValues(
        _ codes: [VectorCode], from first: Int, of page: Int, _ format: VectorFormat
    ) throws {
        var rest = codes[...]
        var ordinal = first
        while !rest.isEmpty {
            let (row, place) = (format.row(of: ordinal, page: page), ordinal % format.vectorsPerRow)
            var data = place > 0 ? try values(in: row) ?? [] : []
            let added = rest.prefix(format.vectorsPerRow - place)
            for code in added { data.append(contentsOf: code.bytes) }
            try database.run(
                """
                INSERT INTO vector_values (id, data) VALUES (\(row), \(data))
                ON CONFLICT (id) DO UPDATE SET data = excluded.data
                """)
            rest = rest.dropFirst(added.count)
            ordinal += added.count
        }
    }

    // MARK: Removing

    /// The pages that one write removes vectors from.
    private static let batchPages = 16

    /// Removes the vectors of a document from some pages. Returns false if there are none. Damaged pages stay as they are,
    /// until the index is repaired. Call it in a write.
    func removeBatch(of document: Document.ID) throws -> Bool {
        let next: SQL = """
            SELECT page FROM vector_documents WHERE document_id = \(document) ORDER BY page LIMIT \(Self.batchPages)
            """
        let pages: [Int] = try database.values(next)
        // By the statement, because a damaged row may have no number.
        try database.run("DELETE FROM vector_documents WHERE document_id = \(document) AND page IN (\(next))")
        for page in pages { try remove(DocumentKey(document), from: page) }
        return !pages.isEmpty
    }

    private func remove(_ document: DocumentKey, from page: Int) throws {
        guard let stored = try stored(page) else { return try drop(page) }
        guard var runs = try runs(of: page, stored.count) else { return }
        for index in runs.indices where runs[index].document == document {
            runs[index].document = VectorPage.Run.removed
        }
        let removed = runs.reduce(0) { $1.document == VectorPage.Run.removed ? $0 + $1.count : $0 }
        try database.run(
            "UPDATE vector_pages SET removed = \(removed), runs = \(VectorPage.pack(runs)) WHERE id = \(page)")
        if removed * 2 > stored.count { try dissolve(page, stored, runs) }
    }

    private func stored(_ page: Int) throws -> Stored? {
        try database.first("SELECT workspace_id, set_number, vectors, removed FROM vector_pages WHERE id = \(page)") {
            Stored(page: page, workspace: $0.next(), set: $0.next(), count: $0.next(), removed: $0.next())
        }
    }

    /// Nil if they are damaged.
    private func runs(of page: Int, _ count: Int) throws -> [VectorPage.Run]? {
        try database.first("SELECT runs FROM vector_pages WHERE id = \(page)") { row in
            row.bytes { try? VectorPage.runs($0, of: count) }
        } ?? nil
    }

    /// Removes a page of which most vectors were removed. The others go to the last page of their set.
    private func dissolve(_ page: Int, _ stored: Stored, _ runs: [VectorPage.Run]) throws {
        let set: VectorSet? = try database.first(
            from: """
                vector_sets WHERE workspace_id = \(stored.workspace) AND number = \(stored.set) AND state <> 'dropped'
                """)
        let left: [Entry]
        do { left = try set.map { try entries(of: page, stored, runs, $0.format) } ?? [] } catch is VectorDamage {
            return
        }
        try drop(page)
        if let set { try append(left, to: set) }
    }

    /// The vectors of a page that were not removed.
    private func entries(
        of page: Int, _ stored: Stored, _ runs: [VectorPage.Run], _ format: VectorFormat
    ) throws -> [Entry] {
        guard stored.removed < stored.count, runs.contains(where: { $0.document != VectorPage.Run.removed }) else {
            return []
        }
        let found = try database.first("SELECT starts, bits FROM vector_pages WHERE id = \(page)") { row in
            (starts: row.blob(), bits: row.blob())
        }
        guard let found else { throw VectorDamage() }
        let codes = try VectorPage(
            format, count: stored.count, runs: runs, starts: found.starts, bits: found.bits)
        var values: [Int: [UInt8]] = [:]
        let rows = VectorFormat.rows(of: page)
        try database.each(
            "SELECT id, data FROM vector_values WHERE id >= \(rows.lowerBound) AND id < \(rows.upperBound)"
        ) { row in
            values[row.next()] = row.blob()
            return true
        }
        var (entries, ordinal): ([Entry], Int) = ([], 0)
        for run in runs {
            defer { ordinal += run.count }
            guard run.document != VectorPage.Run.removed else { continue }
            let passages = codes.starts.passages(in: ordinal..<(ordinal + run.count))
            for (offset, passage) in passages.enumerated() {
                let own = try passage.map { place in
                    let data = values[format.row(of: place, page: page)] ?? []
                    let bytes = try data.withUnsafeBufferPointer { Array(try format.bytes(of: place, in: $0)) }
                    return codes.code(of: place, bytes)
                }
                entries.append(Entry(document: run.document, position: run.position + offset, codes: own))
            }
        }
        return entries
    }

    /// Removes a page with everything that belongs to it.
    func drop(_ page: Int) throws {
        try removeContents(of: page)
        try database.run("DELETE FROM vector_pages WHERE id = \(page)")
    }

    private func removeContents(of page: Int) throws {
        let rows = VectorFormat.rows(of: page)
        try database.run("DELETE FROM vector_values WHERE id >= \(rows.lowerBound) AND id < \(rows.upperBound)")
        try database.run("DELETE FROM vector_documents WHERE page = \(page)")
    }

    /// Whether a workspace has rows that no set needs.
    func hasGarbage(of workspace: Workspace.ID) throws -> Bool {
        try database.exists(
            """
            SELECT 1 FROM vector_sets WHERE workspace_id = \(workspace) AND (state = 'dropped'
                OR NOT EXISTS (SELECT 1 FROM workspaces WHERE id = \(workspace)))
            """)
    }

    /// Removes some pages of a workspace that no set needs: all, if the workspace was removed. Returns false if there
    /// are none. Call it in a write.
    func removeGarbage(of workspace: Workspace.ID) throws -> Bool {
        let isThere = try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)")
        let unused: SQL = """
            workspace_id = \(workspace) AND (\(!isThere) OR set_number NOT IN (
                SELECT number FROM vector_sets WHERE workspace_id = \(workspace) AND state <> 'dropped'))
            """
        let pages: [Int] = try database.values("SELECT id FROM vector_pages WHERE \(unused) LIMIT \(Self.batchPages)")
        for page in pages { try drop(page) }
        if !pages.isEmpty { return true }
        return try database.run(
            """
            DELETE FROM vector_sets WHERE workspace_id = \(workspace) AND (\(!isThere) OR state = 'dropped')
            """) > 0
    }
}
