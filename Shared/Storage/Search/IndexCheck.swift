import Language
import Models

/// Compares a workspace's index with its documents. Call it in a snapshot.
struct IndexCheck {
    let database: Database
    private var index: IndexStore { IndexStore(database: database) }

    /// The result of a check.
    struct Findings {
        /// The passages of the index that count.
        var passages = 0
        /// In words.
        var differences: [String] = []
        /// The documents that differ, and those that only the index has.
        var documents: Set<Document.ID> = []
        /// Segments that cannot be read.
        var damaged: [Int] = []
        /// Segments whose pages no row names.
        var unnamed: [Int] = []
        var vectors = VectorCheck.Findings()
    }

    private struct Place: Hashable {
        let document: DocumentKey
        let position: Int
    }

    /// Reads and analyses all documents.
    func findings(in workspace: Workspace.ID) throws -> Findings {
        var found = Findings()
        let isThere = try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)")
        if isThere {
            let actual = try contents(of: workspace, &found)
            try compare(actual, with: try expectedContents(of: workspace), &found)
            found.passages = actual.count
            found.differences.sort()
        }
        try checkRows(of: workspace, isThere: isThere, &found)
        found.vectors = try VectorCheck(database: database).findings(in: workspace)
        return found
    }

    private func compare(
        _ actual: [Place: UInt64], with expected: [Place: UInt64], _ found: inout Findings
    ) throws {
        func add(_ place: Place, _ what: String) {
            let id = place.document.id
            found.documents.insert(id)
            found.differences.append("\(id.text) \(place.position): \(what)")
        }
        for (place, digest) in expected where actual[place] != digest {
            add(place, actual[place] == nil ? "the index lacks it" : "the index has other terms")
        }
        for place in actual.keys where expected[place] == nil { add(place, "only the index has it") }
    }

    /// Checks what search does not read: pages, numbers and jobs.
    private func checkRows(of workspace: Workspace.ID, isThere: Bool, _ found: inout Findings) throws {
        found.unnamed = try database.values(
            """
            SELECT DISTINCT segment FROM index_pages WHERE workspace_id = \(workspace)
                AND segment NOT IN (SELECT segment FROM index_segments WHERE workspace_id = \(workspace))
            """)
        found.differences += found.unnamed.map { "segment \($0) has pages, but no row" }
        let highest: Int? = try database.value(
            "SELECT max(segment) FROM index_segments WHERE workspace_id = \(workspace)")
        if isThere, let highest, try index.nextNumber(in: workspace) <= highest {
            found.differences.append("the next segment would get a number that was used")
        }
        let waits = try database.exists(
            """
            SELECT 1 FROM index_segments WHERE workspace_id = \(workspace) AND (level < 0 OR \(!isThere))
                AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 'merge' AND subject = \(workspace))
            """)
        if waits { found.differences.append("no job removes segments that are not needed") }
    }

    private struct Source: Record {
        let id: Document.ID
        let name: String
        let language: String?

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) { (id, name, language) = (row["id"], row["name"], row["language"]) }
    }

    /// For each passage a digest of its terms, from the text. Documents that wait to be indexed again may differ.
    private func expectedContents(of workspace: Workspace.ID) throws -> [Place: UInt64] {
        let documents: [Source] = try database.all(
            from: """
                documents WHERE workspace_id = \(workspace) AND status = 'processed'
                    AND id NOT IN (SELECT subject FROM jobs WHERE kind = 'index')
                """)
        var all: [Place: UInt64] = [:]
        for document in documents {
            let passages: [Passage] = try database.all(
                from: "passages p WHERE p.document_id = \(document.id) ORDER BY p.position")
            let language = document.language.flatMap(TextLanguage.init(rawValue:))
            let analysis = DocumentAnalysis(
                name: document.name, language: language, texts: passages.map(\.content))
            for segment in try analysis.prepare(passages).segments {
                try Self.add(SearchedSegment(SegmentReader(segment)), to: &all)
            }
        }
        return all
    }

    private func contents(of workspace: Workspace.ID, _ found: inout Findings) throws -> [Place: UInt64] {
        let waiting: [Document.ID] = try database.values(
            "SELECT subject FROM jobs WHERE kind = 'index' AND queue = \(workspace)")
        let keys = Set(waiting.map { DocumentKey($0) })
        let hidden = try index.hidden(in: workspace)
        let segments: [Int] = try database.values(
            "SELECT segment FROM index_segments WHERE workspace_id = \(workspace) AND level >= 0")
        var all: [Place: UInt64] = [:]
        for segment in segments {
            var own: [Place: UInt64] = [:]
            do {
                try index.naming(workspace, segment) {
                    guard let stored = try index.segment(segment, of: workspace) else { return }
                    let test = hidden.test(in: stored.number)
                    try Self.add(SearchedSegment(stored.reader, isHidden: test), to: &own, leavingOut: keys)
                }
                // A passage that is there twice has the digest of neither.
                all.merge(own) { $0 &+ $1 &+ 1 }
            } catch let error as APIError {
                found.damaged.append(segment)
                found.differences.append(error.cause ?? error.message)
            }
        }
        return all
    }

    /// Adds the passages of a segment that count.
    private static func add(
        _ segment: SearchedSegment, to all: inout [Place: UInt64], leavingOut documents: Set<DocumentKey> = []
    ) throws {
        let reader = segment.reader
        var digests = Array(repeating: UInt64(0), count: reader.passages)
        try reader.source.eachDictionaryPage(after: nil) { _, bytes in
            var page = DictionaryPage(bytes)
            while try page.next() {
                let base = digest(of: page.term)
                let entry = try page.entry()
                try reader.eachBlock(of: entry) { block, positions in
                    let bytes = entry.kind == .none ? [] : try reader.bytes(of: positions)
                    try bytes.withUnsafeBufferPointer { bytes in
                        var stream = PackedReader(bytes)
                        try block.each(of: reader.passages) { ordinal, hits in
                            var own = base
                            mix(&own, UInt64(hits.content) | UInt64(hits.heading) << 20 | UInt64(hits.name) << 40)
                            addPositions(of: hits, entry.kind, &stream, to: &own)
                            digests[Int(ordinal)] &+= own
                            return true
                        }
                        try stream.check()
                    }
                    return true
                }
            }
        }
        var page: (number: Int, lengths: [PerField<UInt32>]) = (-1, [])
        for run in try segment.runs() where !documents.contains(run.document) {
            for offset in 0..<run.count where !(segment.hidden?.contains(run.ordinal + offset) ?? false) {
                let ordinal = run.ordinal + offset
                let number = ordinal / SegmentFormat.lengthsPerPage
                if page.number != number { page = (number, try reader.lengths(page: number)) }
                let lengths = page.lengths[ordinal % SegmentFormat.lengthsPerPage]
                var digest = digests[ordinal]
                for field in IndexField.allCases { mix(&digest, UInt64(lengths[field])) }
                let place = Place(document: run.document, position: run.position + offset)
                all[place] = all[place].map { $0 &+ digest &+ 1 } ?? digest
            }
        }
    }

    /// Mixes a posting's positions into a digest, whatever their form.
    private static func addPositions(
        of hits: PerField<UInt32>, _ kind: PositionKind, _ stream: inout PackedReader, to digest: inout UInt64
    ) {
        guard kind != .none else { return }
        let counts = PositionCode.counts(of: hits, kind, &stream)
        for field in IndexField.allCases {
            for _ in 0..<counts[field] {
                if stream.isDamaged { return }
                mix(&digest, stream.varint() << 2 | UInt64(field.rawValue))
            }
        }
    }

    private static func digest(of term: [UInt8]) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in term { mix(&digest, UInt64(byte)) }
        return digest
    }

    private static func mix(_ digest: inout UInt64, _ value: UInt64) {
        digest = (digest ^ value) &* 0x9E37_79B9_7F4A_7C15
        digest ^= digest >> 29
    }
}
