import Models

/// A part of a passage that has its own weight and its own positions. Each is indexed with every passage.
public enum IndexField: Int, CaseIterable {
    case content
    case heading
    /// The name of the document.
    case name
}

/// A value for each field.
public struct PerField<Value> {
    public var content, heading, name: Value

    public init(_ content: Value, _ heading: Value, _ name: Value) {
        (self.content, self.heading, self.name) = (content, heading, name)
    }

    @inline(__always)
    public subscript(field: IndexField) -> Value {
        get {
            switch field {
            case .content: content
            case .heading: heading
            case .name: name
            }
        }
        set {
            switch field {
            case .content: content = newValue
            case .heading: heading = newValue
            case .name: name = newValue
            }
        }
    }
}
extension PerField: Sendable where Value: Sendable {}
extension PerField: Equatable where Value: Equatable {}

extension PerField<UInt32> {
    /// The sum of numbers that are hits.
    @inline(__always)
    var sum: Int { Int(content) + Int(heading) + Int(name) }
}

/// How segments are stored.
///
/// A segment is an index of its own over the passages of one or more writes. It never changes; merging makes a new one.
/// Its passages have *ordinals* from 0. It consists of a header and of pages:
/// - `dictionary`, by its first term: terms in order of their bytes, each with the number of its passages and, unless it
///   is long, its list of postings.
/// - `postings`, by term and by the first ordinal that the page may have: a part of a long list. Where a term is
///   frequent, it has windows (`DenseWindow`) in place of a list.
/// - `positions`, by number: one stream of bytes for the whole segment, cut anywhere. Only phrases read it.
/// - `lengths`, by the first ordinal: the number of positions in each field of each passage.
/// - `documents`, by the first ordinal: runs of passages that follow one another in a document.
///
/// Numbers are varints; dictionary pages consist of bits (`DictionaryWriter`). A small segment has its pages in its
/// header.
enum SegmentFormat {
    /// The first byte of a header. With a new one comes a migration that has all documents indexed again, as version 10
    /// does.
    static let version: UInt8 = 2
    /// The size of a page with its term, in bytes. With the other columns it just fits on a page of SQLite, so reading it
    /// follows no overflow chain, and hardly any space is lost.
    static let pageBytes = 4000
    /// Longer lists of postings have pages of their own.
    static let inlineBytes = 1200
    /// The most that a header carries of pages, in bytes: those of some 50 passages. A search that has to look into many
    /// segments which are not merged yet gets all of these in one statement.
    static let headerPages = 24_000
    /// The most bytes of a posting.
    static let postingBytes = 24
    /// The number of passages on a page of lengths.
    static let lengthsPerPage = 1024
    /// After so many entries of the dictionary, or so many bits of lists, one has its whole term, and its place is at the
    /// end of the page: a lookup reads the entries from there on.
    static let entriesPerRestart = 16
    static let bitsPerRestart = 3000
    /// The most bytes of such a place.
    static let restartBytes = 6
    /// Longer terms are cut.
    static let termBytes = 240
    /// Lists of at most this many passages have their positions beside them.
    static let tinyCount = 2
    /// A segment never has more passages.
    static let maximumPassages = 1 << 30
}

enum PageKind: Int {
    case dictionary = 0
    case postings = 1
    case positions = 2
    case lengths = 3
    case documents = 4
}

struct SegmentPage {
    var kind: PageKind
    var term: [UInt8] = []
    var part = 0
    var data: [UInt8]
}

/// Whether the occurrences of a term have positions.
enum PositionKind: UInt8 {
    case none = 0
    case all = 1
    /// Some of them; each posting has the number of its positions for each field.
    case some = 2
}

/// A document's identifier as a number; newer documents have higher ones.
struct DocumentKey: Hashable, Comparable, Sendable {
    var high, low: UInt64

    static func < (left: DocumentKey, right: DocumentKey) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension DocumentKey {
    init(_ id: Document.ID) { (high, low) = id.bits }
    var id: Document.ID { Document.ID(bits: (high, low)) }
}

/// Passages of a document that follow one another, with consecutive ordinals.
struct DocumentRun: Equatable {
    var document: DocumentKey
    /// The ordinal of the first one, and its position in the document.
    var ordinal: Int
    var position: Int
    var count: Int
    /// The sum of their lengths.
    var lengths: PerField<Int>
}

/// The part of a segment that every search reads.
struct SegmentHeader: Equatable {
    var passages = 0
    /// The sums of the passages' lengths.
    var lengths = PerField(0, 0, 0)
    /// A bit for each language of its documents.
    var languages: UInt64 = 0
    /// The number of bytes of positions.
    var positionBytes = 0

    func packed(with pages: [SegmentPage]) -> [UInt8] {
        var writer = PackedWriter()
        writer.byte(SegmentFormat.version)
        writer.varint(passages)
        for field in IndexField.allCases { writer.varint(lengths[field]) }
        writer.varint(languages)
        writer.varint(positionBytes)
        writer.varint(pages.count)
        for page in pages {
            writer.byte(UInt8(page.kind.rawValue))
            writer.varint(page.term.count)
            writer.append(page.term)
            writer.varint(page.part)
            writer.varint(page.data.count)
            writer.append(page.data)
        }
        return writer.bytes
    }

    init() {}

    /// - Parameter pages: gets the pages in the header.
    init(_ bytes: UnsafeBufferPointer<UInt8>, pages: inout [SegmentPage]) throws(SegmentDamage) {
        var reader = PackedReader(bytes)
        guard reader.byte() == SegmentFormat.version else { throw SegmentDamage() }
        passages = reader.number(below: UInt64(SegmentFormat.maximumPassages))
        for field in IndexField.allCases { lengths[field] = reader.number(below: 1 << 60) }
        languages = reader.varint()
        positionBytes = reader.number(below: 1 << 60)
        let count = reader.number(below: 1 << 20)
        for _ in 0..<count {
            try reader.check()
            guard let kind = PageKind(rawValue: Int(reader.byte())) else { throw SegmentDamage() }
            let term = Array(reader.take(reader.number()))
            let part = reader.number()
            pages.append(SegmentPage(kind: kind, term: term, part: part, data: Array(reader.take(reader.number()))))
        }
        try reader.check()
    }
}
