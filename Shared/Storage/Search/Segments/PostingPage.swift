/// Packs the postings of a page: as a list, or as `PostingChunk`s if there are windows. Beside a term, it is always a list.
struct PostingPage {
    /// The most bytes in front of a list among windows, and in front of a window.
    static let headBytes = 24

    /// The number of postings.
    private(set) var count = 0
    /// Where the first gap begins.
    private(set) var base = 0
    private(set) var isDense = false
    /// What is packed so far. Complete after `close`.
    private(set) var bytes = PackedWriter()
    /// The list that still grows, if there are windows.
    private var open = PackedWriter()
    private var listCount = 0
    private var listBase = 0
    private var listPositions = 0
    /// All postings as a list, if there are windows, as long as it may yet be beside its term.
    private var whole = PackedWriter()
    /// The number of the window that the last part begins in.
    private var number = 0

    /// The most that its size is, if it is closed after what is added next.
    var size: Int { bytes.count + open.count + Self.headBytes }

    /// All postings as a list, if that is short enough to be beside its term.
    var list: PackedWriter { isDense ? whole : bytes }
    /// The size of the list; more than may be beside a term if it is longer.
    var listSize: Int { list.count }

    mutating func removeAll() {
        bytes.removeAll()
        open.removeAll()
        whole.removeAll()
        (count, base, isDense, listCount, listPositions) = (0, 0, false, 0, 0)
    }

    /// Adds a window.
    ///
    /// - Parameter dense: the packed window; nil to add a list.
    mutating func add(_ window: PostingWindow, _ dense: PackedWriter?, hasPositions: Bool) {
        if count == 0 { (base, number) = (window.base, window.base / DenseWindow.size) }
        if let dense {
            if !isDense, count > 0 {
                // What was a list becomes the first part.
                whole.append(bytes)
                swap(&open, &bytes)
                (listCount, listBase) = (count, base)
            }
            close(hasPositions: hasPositions)
            isDense = true
            bytes.varint((window.number - number) << 1)
            bytes.append(dense)
            number = window.number
        } else if isDense {
            if listCount == 0 { listBase = window.base }
            open.append(window.list)
            listCount += window.count
            listPositions += window.positions.count
        } else {
            bytes.append(window.list)
            listPositions += window.positions.count
        }
        if isDense, whole.count <= SegmentFormat.inlineBytes { whole.append(window.list) }
        count += window.count
    }

    /// Packs the list that still grows.
    mutating func close(hasPositions: Bool) {
        guard listCount > 0 else { return }
        bytes.varint((listBase - number * DenseWindow.size) << 1 | 1)
        bytes.varint(listCount)
        if hasPositions { bytes.varint(listPositions) }
        bytes.varint(open.count)
        bytes.append(open)
        number = listBase / DenseWindow.size
        (listCount, listPositions) = (0, 0)
        open.removeAll()
    }
}
