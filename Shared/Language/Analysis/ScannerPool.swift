import Synchronization

/// A scanner in the hands of an analyser. It returns to a pool afterwards, because what it has learnt of the words of
/// its languages is worth more than any one text: a passage has about as many different words as words.
final class PooledScanner {
    let scanner: WordScanner
    private let key: Key

    private struct Key: Equatable {
        var languages: [TextLanguage]
        var isOfQuery: Bool
    }

    /// The scanners that nobody uses, the last returned at the end.
    private static let pool = Mutex<[(key: Key, scanner: WordScanner)]>([])
    /// About a document, its query and unstemmed text in each of two languages. A scanner grows to 3 MB at most.
    private static let capacity = 6

    init(_ languages: [TextLanguage], isOfQuery: Bool) {
        let key = Key(languages: languages, isOfQuery: isOfQuery)
        let known = Self.pool.withLock { pool in
            pool.lastIndex { $0.key == key }.map { pool.remove(at: $0).scanner }
        }
        scanner = known ?? WordScanner(WordFolding(languages, isOfQuery: isOfQuery))
        self.key = key
    }

    deinit {
        let entry = (key, scanner)
        Self.pool.withLock { pool in
            if pool.count == Self.capacity { pool.removeFirst() }
            pool.append(entry)
        }
    }
}

/// One thread at a time has it: the pool hands it out once.
extension WordScanner: @unchecked Sendable {}
