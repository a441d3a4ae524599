/// The blocks of a document, in the order of its text.
///
/// A block of a few letters takes many times the memory of its text. After the first `maximumCount`, small adjacent
/// blocks are joined, so that a file of tiny rows cannot take gigabytes. Search finds the same.
struct TextBlocks {
    /// More than any document that a person wrote has.
    static let maximumCount = 200_000
    /// The largest joined block in bytes; it cannot have too many words for a passage.
    static let joinedSize = 2 * PassageLimits.targetWords

    private(set) var all: [TextBlock] = []

    mutating func append(_ block: TextBlock) {
        if all.count >= Self.maximumCount, let last = all.last, last.page == block.page {
            let start = min(last.range.lowerBound, block.range.lowerBound)
            let end = max(last.range.upperBound, block.range.upperBound)
            if end - start <= Self.joinedSize {
                all[all.count - 1] = TextBlock(kind: .lines, range: start..<end, page: last.page)
                return
            }
        }
        all.append(block)
    }
}
