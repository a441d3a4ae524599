import Extraction
import Models
import Storage
import Wire

extension DocumentImport {
    /// How long reading a document may take before its first passage is added, besides what PDF has of its own.
    private static let readingSeconds = 60
    /// Seconds until a document is tried again that could not be read for want of something else.
    private static let patience = 30
    /// How long documents are leased and wait.
    public static let jobTimes = JobStore.Times(
        lease: DocumentStore.longestLease, wait: DocumentStore.longestLease)

    /// Goes on with a document whose process died before all of it was indexed: reads its bytes again, and adds the
    /// passages that are missing.
    ///
    /// - Parameter isStopping: asked before each batch; true leaves the document to another process.
    /// - Returns: false when there was none to go on with, or when it was left.
    public func finishAbandoned(at now: Timestamp, isStopping: () -> Bool) throws -> Bool {
        // Reading PDF waits for a place first.
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
        do throws(ExtractionError) {
            text = try TextExtractor.extract(content, as: document.type, pdf: pdf)
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
        let drafts = PassageSplitter.split(text)
        var known = 0
        if let last = try store.documents.lastPassage(under: lease) {
            if last.count <= drafts.count, drafts[last.count - 1].content == last.content {
                known = last.count
            } else {
                // An earlier version of the program divided it otherwise.
                while try store.documents.removeBatch(under: lease, at: .now()) {
                    if isStopping() { throw Interrupted() }
                }
            }
        }
        lease.document.chunkCount = drafts.count
        lease.document.wordCount = text.wordCount
        try add(Self.batches(of: Array(drafts.dropFirst(known))), under: lease, at: now, unless: isStopping)
        _ = try finish(lease)
    }
}
