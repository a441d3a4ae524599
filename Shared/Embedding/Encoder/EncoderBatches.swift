import Synchronization

/// Texts in batches, longest first, so that threads finish at about the same time.
struct EncoderBatches: Sendable {
    /// Texts that are encoded together: their tokens lie one after the other.
    struct Batch: Sendable {
        fileprivate(set) var tokens = 0
        fileprivate var texts: [(text: Int, ids: ArraySlice<UInt32>)] = []

        /// Calls `body` for each text with its number, its first row and its rows.
        func eachText(_ body: (_ text: Int, _ first: Int, _ count: Int) -> Void) {
            var first = 0
            for (text, ids) in texts {
                body(text, first, ids.count)
                first += ids.count
            }
        }

        func eachToken(_ body: (_ row: Int, _ position: Int, _ id: UInt32) -> Void) {
            var row = 0
            for (_, ids) in texts {
                for (position, id) in ids.enumerated() {
                    body(row, position, id)
                    row += 1
                }
            }
        }
    }

    private var batches: [Batch] = []

    /// - Parameters:
    ///   - mostTokens: where longer texts are cut.
    ///   - batchTokens: of a batch, unless a single text has more.
    init(_ texts: [[UInt32]], mostTokens: Int, batchTokens: Int, threads: Int) {
        let cut = texts.map { $0.prefix(mostTokens) }
        let total = cut.reduce(0) { $0 + $1.count }
        let limit = min(batchTokens, total / max(threads, 1) + 1)
        var batch = Batch()
        for text in cut.indices.sorted(by: { cut[$0].count > cut[$1].count }) where !cut[text].isEmpty {
            if batch.tokens > 0, batch.tokens + cut[text].count > limit {
                batches.append(batch)
                batch = Batch()
            }
            batch.texts.append((text, cut[text]))
            batch.tokens += cut[text].count
        }
        if batch.tokens > 0 { batches.append(batch) }
    }

    var count: Int { batches.count }
    /// The tokens of the largest batch; nil without batches.
    var largest: Int? { batches.map(\.tokens).max() }

    /// The next batch that no thread has taken; nil after the last.
    func take(_ next: borrowing Mutex<Int>) -> Batch? {
        next.withLock { number in
            guard number < batches.count else { return nil }
            defer { number += 1 }
            return batches[number]
        }
    }
}
