import Crypto
import Extraction
import Language
import Models
import Storage
import Wire

/// Imports files into a workspace: detects the format, extracts the passages, and stores both.
public struct DocumentImport {
    let store: Store
    private let quota: Int?
    let pdf: PDFLimits

    /// - Parameter quota: the maximum number of bytes in a workspace, and of an account's uploads in all workspaces;
    ///   nil for no limit. A limit per workspace alone would let one person store any amount in many.
    public init(into store: Store, quota: Int? = nil, pdf: PDFLimits = PDFLimits()) {
        self.store = store
        self.quota = quota
        self.pdf = pdf
    }

    /// An uploaded file.
    public struct File {
        public var name: String
        public var declaredType: String?
        /// The encoding that the uploader states, for text files.
        public var charset: TextEncoding?
        /// The language that the uploader states.
        public var language: TextLanguage?
        public var content: [UInt8]

        public init(
            name: String, declaredType: String?, charset: TextEncoding? = nil, language: TextLanguage? = nil,
            content: [UInt8]
        ) {
            self.name = name
            self.declaredType = declaredType
            self.charset = charset
            self.language = language
            self.content = content
        }

        /// Whether a document was read as the uploader of this file says.
        ///
        /// - Parameter read: what this file has become, once it has been read: the stated encoding need not be the one
        ///   that was used.
        func states(_ known: Document, read: Document? = nil) -> Bool {
            (charset == nil || charset?.name == known.encoding || read.map { $0.encoding == known.encoding } ?? false)
                && (language == nil || language?.rawValue == known.language)
        }
    }

    /// A document, and whether the workspace already had the same bytes.
    public struct Outcome: Sendable {
        public var document: Document
        public var isDuplicate: Bool

        fileprivate static func duplicate(_ document: Document) -> Outcome {
            Outcome(document: document, isDuplicate: true)
        }
    }

    /// Adds a file, or finds the document that has the same bytes. If the uploader states another encoding or
    /// language than that document has, the file replaces it.
    ///
    /// Text is read and split before the write lock is taken, and large files are indexed in batches, so that other
    /// writers do not have to wait. If another process is still importing the same bytes, its document is returned as
    /// `processing`; a document whose process has died is replaced.
    ///
    /// - Throws: `.quotaExceeded` if the file does not fit the quota.
    public func add(
        _ file: File, to workspace: Workspace.ID, metadata: JSONObject, by user: User.ID, at now: Timestamp
    ) throws -> Outcome {
        try store.settle()
        let sha256 = Hex.encode(SHA256.hash(file.content))
        try store.prefetch { ahead in
            ahead.add { _ = try store.documents.find(sha256: sha256, in: workspace) }
            ahead.add { _ = try store.embedding.isOn() }
        }
        if let known = try existingDocument(sha256, in: workspace) {
            if file.states(known) { return .duplicate(known) }
        } else {
            // Reading can take long, so the quota is checked before it. The check in the transaction is the binding one.
            try requireRoom(for: file, in: workspace, by: user)
        }
        let reading: Reading
        do {
            reading = try read(file)
        } catch let error as APIError where error.code != .serviceUnavailable {
            let failure: JSON = [
                "name": .string(file.name), "code": .string(error.code.rawValue), "reason": .string(error.message),
            ]
            try store.events.record(.documentFailed, in: workspace, at: now, failure)
            throw error
        }
        let passages = reading.passages
        let all = Self.metadata(metadata, with: reading.text.frontMatter)
        var warnings = reading.text.warnings
        if reading.text.frontMatter != nil, all["frontMatter"] == nil {
            warnings.skippedParts.append("the front matter, because the metadata has no room for it")
        }
        let batches = Self.batches(of: passages)
        let isSmall = batches.count <= 1
        var document = Document(
            id: .new(at: now), workspaceId: workspace, name: file.name, type: reading.type,
            mimeType: reading.type.mimeType, size: file.content.count, sha256: sha256,
            status: isSmall ? .processed : .processing, error: nil,
            chunkCount: passages.count, wordCount: reading.text.wordCount, encoding: reading.text.encoding,
            language: (file.language ?? reading.text.language)?.rawValue, warnings: DocumentWarnings(warnings),
            metadata: RawJSON(.object(all)), uploadedBy: user, createdAt: now,
            updatedAt: now)
        document.embedding = try store.embedding.progress(ofNew: document)
        // Analysed before the write takes the lock.
        let analysis = DocumentAnalysis(of: document, texts: passages.map(\.content))
        let prepared = isSmall ? try Self.prepare(passages[...], of: document, analysis, at: now) : nil
        var lease: DocumentLease?
        let begun = try store.blobs.add(file.content, sha256: sha256) {
            // Another process may have added the same bytes while this one was reading.
            if let known = try store.documents.find(sha256: sha256, in: workspace) {
                let isWhole = try !store.documents.isAbandonedOrFailed(known, at: .now())
                if isWhole, known.status == .processing || file.states(known, read: document) {
                    return Outcome.duplicate(known)
                }
                // It is broken, or was read otherwise than the uploader now says.
                try store.documents.remove(known.id, from: workspace)
                try store.events.record(.documentDeleted, in: workspace, at: now, known)
            }
            try requireRoom(for: file, in: workspace, by: user)
            lease = try store.documents.begin(document, at: .now())
            try store.events.record(.documentUploaded, in: workspace, at: now, document)
            if let prepared {
                try store.documents.add(prepared, to: document)
                try store.events.record(.documentProcessed, in: workspace, at: now, document)
            }
            return Outcome(document: document, isDuplicate: false)
        }
        guard !isSmall, !begun.isDuplicate, let lease else { return begun }
        return Outcome(document: try index(batches, analysis, under: lease, at: now), isDuplicate: false)
    }

    private func requireRoom(for file: File, in workspace: Workspace.ID, by user: User.ID) throws {
        try store.documents.requireRoom(for: file.content.count, within: quota, of: workspace, for: user)
    }

    /// The workspace's document with these bytes; nil if there is none, or an interrupted upload left it.
    private func existingDocument(_ sha256: String, in workspace: Workspace.ID) throws -> Document? {
        guard let known = try store.documents.find(sha256: sha256, in: workspace),
            try !store.documents.isAbandonedOrFailed(known, at: .now())
        else { return nil }
        return known
    }

    /// Adds the passages of a document in batches. Removes the document on failure.
    private func index(
        _ batches: [ArraySlice<PassageDraft>], _ analysis: DocumentAnalysis, under lease: DocumentLease,
        at now: Timestamp
    ) throws -> Document {
        let document = lease.document
        do {
            try add(batches, analysis, under: lease, at: now) { false }
            return try finish(lease)
        } catch is DocumentLease.Lost {
            // Indexing took so long that `run-jobs` took over, or the document was removed.
            guard let other = try store.documents.find(document.id, in: document.workspaceId) else {
                throw APIError(.conflict, "The document was removed while it was being processed")
            }
            return other
        } catch {
            // If this fails too, `run-jobs` finds the document once its lease has expired.
            try? store.removeUnfinished(document.id, from: document.workspaceId) {
                try store.events.record(.documentDeleted, in: document.workspaceId, at: .now(), document)
            }
            throw error
        }
    }

    /// Adds batches of passages, each in a transaction. Throws `Interrupted` if `isStopping` returns true before a
    /// batch.
    func add(
        _ batches: [ArraySlice<PassageDraft>], _ analysis: DocumentAnalysis, under lease: DocumentLease,
        at now: Timestamp, unless isStopping: () -> Bool
    ) throws {
        for batch in batches {
            if isStopping() { throw Interrupted() }
            let prepared = try Self.prepare(batch, of: lease.document, analysis, at: now)
            try store.documents.add(prepared, under: lease, at: .now())
        }
    }

    private static func prepare(
        _ drafts: ArraySlice<PassageDraft>, of document: Document, _ analysis: DocumentAnalysis, at now: Timestamp
    ) throws -> PreparedPassages {
        try analysis.prepare(drafts.map { Passage($0, of: document.id, at: now) })
    }

    func finish(_ lease: DocumentLease) throws -> Document {
        try store.writeConclusion {
            let finished = try store.documents.finish(lease, at: .now())
            try store.events.record(.documentProcessed, in: finished.workspaceId, at: .now(), finished)
            return finished
        }
    }

    struct Interrupted: Error {}

    /// The passages of a document. One with nothing to see would never be found, so its file is refused.
    static func passages(of text: ExtractedText, in type: DocumentType) throws(ExtractionError) -> [PassageDraft] {
        let passages = PassageSplitter.split(text)
        guard passages.contains(where: \.isVisible) else { throw .unreadable(messageWithoutText(in: type)) }
        return passages
    }

    private static func messageWithoutText(in type: DocumentType) -> String {
        switch type {
        case .pdf, .docx: "There is no text in the file. Pictures of text, such as scanned pages, need OCR first."
        case .html:
            "There is no text on the page. If a script builds it in the browser, save the page from the browser."
        case .json: "There are no values in the file."
        case .csv: "There are no cells with text in the file."
        default: "There is no text in the file."
        }
    }

    /// Divides passages into batches, each for one transaction.
    static func batches(of drafts: [PassageDraft]) -> [ArraySlice<PassageDraft>] {
        var batches: [ArraySlice<PassageDraft>] = []
        var (start, bytes) = (0, 0)
        for (index, draft) in drafts.enumerated() {
            bytes += draft.content.utf8.count
            if index - start == DocumentStore.batchSize || bytes > DocumentStore.batchBytes, index > start {
                batches.append(drafts[start..<index])
                (start, bytes) = (index, draft.content.utf8.count)
            }
        }
        if start < drafts.count { batches.append(drafts[start...]) }
        return batches
    }

    /// The uploader's metadata with the fields that the file declares as `frontMatter`, unless the uploader has set that
    /// key or there is no room for them.
    private static func metadata(_ own: JSONObject, with frontMatter: JSONObject?) -> JSONObject {
        guard let frontMatter, own["frontMatter"] == nil else { return own }
        var all = own
        all.append("frontMatter", .object(frontMatter))
        return JSON.object(all).text.utf8.count <= Document.maximumMetadata ? all : own
    }

    private struct Reading {
        var type: DocumentType
        var text: ExtractedText
        var passages: [PassageDraft]
    }

    private func read(_ file: File) throws -> Reading {
        do throws(ExtractionError) {
            if file.content.isEmpty { throw .unreadable("The file is empty.") }
            let found = try FormatDetector.detect(
                bytes: file.content, name: file.name, declared: file.declaredType, charset: file.charset)
            let text = try TextExtractor.extract(file.content, as: found.type, in: found.encoding, pdf: pdf)
            return Reading(type: found.type, text: text, passages: try Self.passages(of: text, in: found.type))
        } catch {
            switch error {
            case .unsupported(let message): throw APIError(.unsupportedMediaType, message)
            case .unreadable(let message): throw APIError(.documentUnreadable, message)
            case .unavailable(let message, let cause): throw APIError(.serviceUnavailable, message, cause: cause)
            case .busy(let message, let seconds):
                throw APIError(.serviceUnavailable, message, headers: [("retry-after", String(seconds))])
            }
        }
    }
}

extension Passage {
    fileprivate init(_ draft: PassageDraft, of document: Document.ID, at now: Timestamp) {
        self.init(
            id: .new(at: now), documentId: document,
            position: Position(
                index: draft.index, start: draft.start, end: draft.end, place: draft.place, heading: draft.heading,
                headingPath: draft.headingPath),
            content: draft.content, variants: draft.variants)
    }
}
