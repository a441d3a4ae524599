import Extraction
import Models
import Storage
import Wire

extension DocumentImport {
    /// Seconds that reading a document may take before its first passage is stored, not counting PDF's own limit.
    private static let readingSeconds = 60
    /// Seconds until the next attempt after a failure that the document did not cause.
    private static let patience = 30
    /// The maximum lease of a document, and the maximum wait before its next attempt.
    public static let jobTimes = JobStore.Times(
        lease: DocumentStore.longestLease, wait: DocumentStore.longestLease)

    /// Resumes a document whose process died before indexing was complete: reads its bytes again and adds the missing
    /// passages.
    ///
    /// - Parameter isStopping: called before each batch; true leaves the document to another process.
    /// - Returns: false if no document was waiting, or if it was left.
    public func finishAbandoned(at now: Timestamp, isStopping: () -> Bool) throws -> Bool {
        // Reading a PDF may first wait for a slot, for up to `pdf.seconds`.
        let seconds = Self.readingSeconds + 2 * pdf.seconds
        guard !isStopping(), let lease = try store.takeAbandoned(for: seconds, at: now) else { return false }
        do {
            try complete(lease, at: now, isStopping)
            return true
        } catch is DocumentLease.Lost {
            return true
        } catch is Interrupted {
            try store.giveBack(lease, at: .now(), now: .now())
            return false
        }
    }

    private func complete(_ lease: DocumentLease, at now: Timestamp, _ isStopping: () -> Bool) throws {
        let document = lease.document
        let content = try store.blobs.read(document.sha256)
        let text: ExtractedText
        let drafts: [PassageDraft]
        do throws(ExtractionError) {
            // As it was decoded first, which a later version or a missing declaration would not do again.
            let encoding = document.encoding.flatMap(TextEncoding.init(label:))
            text = try TextExtractor.extract(content, as: document.type, in: encoding, pdf: pdf)
            drafts = try Self.passages(of: text, in: document.type)
        } catch {
            switch error {
            case .unsupported(let reason):
                return try store.fail(lease, because: reason, code: .unsupportedMediaType, at: .now())
            case .unreadable(let reason):
                return try store.fail(lease, because: reason, code: .documentUnreadable, at: .now())
            case .busy(let message, let seconds):
                try store.giveBack(lease, at: .now() + seconds, now: .now())
                throw APIError(.serviceUnavailable, message)
            case .unavailable(let message, let cause):
                try store.giveBack(lease, at: .now() + Self.patience, now: .now())
                throw APIError(.serviceUnavailable, message, cause: cause)
            }
        }
        var known = 0
        if let last = try store.documents.lastPassage(under: lease) {
            if last.count <= drafts.count, drafts[last.count - 1].content == last.content {
                known = last.count
            } else {
                // An earlier version of the program split the document differently.
                while try store.documents.removeBatch(under: lease, at: .now()) {
                    if isStopping() { throw Interrupted() }
                }
            }
        }
        lease.document.chunkCount = drafts.count
        lease.document.wordCount = text.wordCount
        // An earlier version of the program did not record these.
        if lease.document.encoding == nil {
            lease.document.encoding = text.encoding
            lease.document.warnings = DocumentWarnings(text.warnings)
        }
        if lease.document.language == nil { lease.document.language = text.language?.rawValue }
        let analysis = DocumentAnalysis(of: lease.document, texts: drafts.map(\.content))
        try add(
            Self.batches(of: Array(drafts.dropFirst(known))), analysis, under: lease, at: now, unless: isStopping)
        _ = try finish(lease)
    }
}
