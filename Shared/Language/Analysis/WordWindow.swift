/// The scalars of a stretch of text without spaces, in NFKC, each with its place in the text.
final class WordWindow {
    struct Item {
        var scalar: UInt32
        /// Without the flag ``ScalarClass/compatible``.
        var kind: UInt8
        /// The place in the text. Scalars that were composed share it.
        var start: Int
        var end: Int
    }

    @exclusivity(unchecked) private(set) var items: [Item] = []
    @exclusivity(unchecked) private var cluster: [UInt32] = []

    /// More scalars than a term can have. A word that does not fit is cut.
    private static let capacity = 256
    /// The most marks of a letter; others are dropped.
    private static let mostMarks = 16

    /// Reads from `start`, where a word begins, to the next scalar that words do not have. Returns its position.
    func read(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        items.removeAll(keepingCapacity: true)
        var index = start
        while index < text.count {
            if items.count >= Self.capacity { return cut(text, at: index) }
            let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
            let kind = ScalarClass.of(scalar.value)
            if kind == ScalarClass.ignored || isGershayim(scalar, text, index) {
                index += length
            } else if kind == ScalarClass.sign {
                items.append(Item(scalar: scalar.value, kind: kind, start: index, end: index + length))
                index += length
            } else if ScalarClass.isWord(kind) || kind == ScalarClass.sign | ScalarClass.compatible {
                index = readCluster(text, from: index, kind)
            } else {
                break
            }
        }
        return index
    }

    /// A letter and its marks.
    private func readCluster(_ text: UnsafeBufferPointer<UInt8>, from start: Int, _ kind: UInt8) -> Int {
        cluster.removeAll(keepingCapacity: true)
        var (scalar, length) = UTF8Scan.scalar(in: text, at: start)
        var end = start + length
        add(scalar.value, kind)
        var marks = 0
        while end < text.count, text[end] >= 0x80 {
            (scalar, length) = UTF8Scan.scalar(in: text, at: end)
            let next = ScalarClass.of(scalar.value)
            guard next & 15 == ScalarClass.mark || next == ScalarClass.ignored else { break }
            if next != ScalarClass.ignored, marks < Self.mostMarks {
                add(scalar.value, next)
                marks += 1
            }
            end += length
        }
        if marks > 0 { WordFolding.compose(&cluster) }
        for scalar in cluster {
            items.append(Item(scalar: scalar, kind: ScalarClass.of(scalar) & 15, start: start, end: end))
        }
        return end
    }

    private func add(_ scalar: UInt32, _ kind: UInt8) {
        if kind & ScalarClass.compatible != 0 {
            ScalarForms.appendCompatible(scalar, to: &cluster)
        } else {
            cluster.append(scalar)
        }
    }

    /// A quotation mark inside a Hebrew acronym: צה"ל.
    private func isGershayim(_ scalar: Unicode.Scalar, _ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        scalar == "\"" && index >= 2 && text[index - 2] == 0xD7 && index + 1 < text.count && text[index + 1] == 0xD7
    }

    /// Ends a full window at the last sign in it. Without one, it skips the rest of the word.
    private func cut(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        if let last = items.lastIndex(where: { !ScalarClass.isWord($0.kind) }), last > 0 {
            let end = items[last].start
            items.removeSubrange(last...)
            return end
        }
        var index = index
        while index < text.count {
            let (scalar, length) = UTF8Scan.scalar(in: text, at: index)
            let kind = ScalarClass.of(scalar.value)
            guard ScalarClass.isWord(kind) || kind == ScalarClass.ignored else { break }
            index += length
        }
        items[items.count - 1].end = index
        return index
    }
}
