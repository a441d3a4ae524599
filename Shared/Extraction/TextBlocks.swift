/// The blocks of a document, in text order.
///
/// A block of a few letters takes many times the memory of its text. Beyond `maximumCount`, small adjacent blocks are
/// joined, so that a file of tiny rows cannot take gigabytes. This does not change what search finds.
struct TextBlocks {
    /// More than a document written by a person has.
    static let maximumCount = 200_000
    /// The maximum size of a joined block in bytes, which cannot have too many words for a passage.
    static let joinedSize = 2 * PassageLimits.targetWords

    private(set) var all: [TextBlock] = []

    mutating func append(_ block: TextBlock) {
        if all.count >= Self.maximumCount, let last = all.last,
            last.place.withoutRow == block.place.withoutRow
        {
            let start = min(last.range.lowerBound, block.range.lowerBound)
            let end = max(last.range.upperBound, block.range.upperBound)
            if end - start <= Self.joinedSize {
                all[all.count - 1] = TextBlock(kind: .lines, range: start..<end, place: last.place)
                return
            }
        }
        all.append(block)
    }
}
