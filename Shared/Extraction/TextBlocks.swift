/// The blocks of a document, in the order of its text.
///
/// A block or piece of a few letters takes many times the memory of its text. Behind the first
/// `maximumCount`, neighbouring small ones are kept as one, so that a file of nothing but tiny rows
/// cannot take gigabytes; what search finds is the same.
struct TextBlocks {
    /// More than any document that somebody wrote has.
    static let maximumCount = 200_000
    /// How large joined ones become, in bytes: so many cannot have too many words for a passage.
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
