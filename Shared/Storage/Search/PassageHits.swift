import CSQLite

/// The positions of a query's words in the current passage, according to the full-text index.
struct PassageHits {
    /// The number of occurrences of a phrase.
    struct Frequency {
        var content = 0
        var heading = 0
        var isZero: Bool { content == 0 && heading == 0 }
    }

    private let api: UnsafePointer<Fts5ExtensionApi>
    private let context: OpaquePointer
    private let places: [Int32]
    /// The position of the last hit: a lower bound of the passage's length. Common words occur throughout a passage, so
    /// it is close to the length and costs nothing.
    private(set) var reach = Frequency()
    /// The number of hits processed.
    private(set) var work = 0

    private static let headingColumn: Int32 = 1

    /// - Parameter places: for each word of the query, its phrase number in the expression; -1 for none.
    init(_ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer, places: [Int32]) {
        self.api = api
        self.context = context
        self.places = places
    }

    var row: Int64 { api.pointee.xRowid(context) }

    /// The number of words in the passage, including the scope's. Nil if the index does not know it.
    func length() -> Int? {
        var length: Int32 = 0
        return api.pointee.xColumnSize(context, -1, &length) == SQLITE_OK ? Int(length) : nil
    }

    /// Counts the occurrences of a word.
    mutating func frequency(of word: Int) -> Frequency {
        var frequency = Frequency()
        each(word) { column, _ in
            if column == Self.headingColumn { frequency.heading += 1 } else { frequency.content += 1 }
        }
        return frequency
    }

    /// Counts the occurrences of consecutive words.
    mutating func frequency(of phrase: [Int]) -> Frequency {
        var frequency = Frequency()
        for start in starts(of: phrase) {
            if start >> 32 == Int64(Self.headingColumn) { frequency.heading += 1 } else { frequency.content += 1 }
        }
        return frequency
    }

    mutating func has(_ phrase: [Int]) -> Bool { !starts(of: phrase).isEmpty }

    /// The positions at which the phrase begins: the intersection of its words' positions, each shifted to the
    /// beginning of the phrase.
    private mutating func starts(of phrase: [Int]) -> [Int64] {
        var known: [(word: Int, positions: [Int64])] = []
        var starts: [Int64] = []
        for (offset, word) in phrase.enumerated() {
            var positions: [Int64] = []
            if let same = known.first(where: { $0.word == word }) {
                positions = same.positions
            } else {
                each(word) { positions.append(Int64($0) << 32 | Int64($1)) }
                known.append((word, positions))
            }
            starts = offset == 0 ? positions : Self.common(starts, positions, movedBy: Int64(offset))
            work += positions.count + starts.count
            if starts.isEmpty { break }
        }
        return starts
    }

    /// The intersection of two ascending lists, with `others` shifted to the left.
    private static func common(_ starts: [Int64], _ others: [Int64], movedBy distance: Int64) -> [Int64] {
        var common: [Int64] = []
        var index = 0
        for start in starts {
            while index < others.count, others[index] < start + distance { index += 1 }
            if index == others.count { break }
            if others[index] == start + distance { common.append(start) }
        }
        return common
    }

    private mutating func each(_ word: Int, _ body: (_ column: Int32, _ offset: Int32) -> Void) {
        var iterator = Fts5PhraseIter()
        var (column, offset): (Int32, Int32) = (-1, 0)
        work += 1
        guard places[word] >= 0,
            api.pointee.xPhraseFirst(context, places[word], &iterator, &column, &offset) == SQLITE_OK
        else { return }
        while column >= 0 {
            if column == Self.headingColumn {
                reach.heading = max(reach.heading, Int(offset) + 1)
            } else {
                reach.content = max(reach.content, Int(offset) + 1)
            }
            work += 1
            body(column, offset)
            api.pointee.xPhraseNext(context, &iterator, &column, &offset)
        }
    }
}
