/// The central directory of a ZIP archive (APPNOTE.TXT 6.3.10, section 4.3.12). Members are found only through it;
/// bytes between them are ignored.
struct ZipDirectory {
    /// The range of the directory in the archive, in bytes.
    private(set) var range: Range<Int>
    private let count: Int
    private let bytes: LittleEndianBytes

    /// Finds the directory through the record at the end of the archive, which may be followed by a comment of up to
    /// 65,535 bytes (sections 4.3.14 to 4.3.16).
    init(of bytes: LittleEndianBytes) throws(ArchiveError) {
        self.bytes = bytes
        guard let end = Self.endRecord(in: bytes), let disk = bytes.half(at: end + 4),
            let directoryDisk = bytes.half(at: end + 6), let entries = bytes.half(at: end + 10),
            let size = bytes.word(at: end + 12), let start = bytes.word(at: end + 16)
        else { throw .damaged }
        if let larger = Self.zip64Record(before: end, in: bytes) {
            guard let entries = bytes.long(at: larger + 32), let size = bytes.long(at: larger + 40),
                let start = bytes.long(at: larger + 48), size <= larger, start <= larger - size
            else { throw .damaged }
            (count, range) = (entries, start..<(start + size))
        } else {
            // Archives split over several files are not supported.
            guard disk == 0, directoryDisk == 0, start + size <= end else { throw .damaged }
            (count, range) = (entries, start..<(start + size))
        }
    }

    private static func endRecord(in bytes: LittleEndianBytes) -> Int? {
        guard bytes.count >= 22 else { return nil }
        return (max(0, bytes.count - 22 - 65_535)...(bytes.count - 22)).last { place in
            guard bytes.word(at: place) == 0x0605_4B50, let comment = bytes.half(at: place + 20) else { return false }
            return place + 22 + comment <= bytes.count
        }
    }

    private static func zip64Record(before end: Int, in bytes: LittleEndianBytes) -> Int? {
        guard bytes.word(at: end - 20) == 0x0706_4B50, let place = bytes.long(at: end - 12), place <= end - 20 - 56,
            bytes.word(at: place) == 0x0606_4B50
        else { return nil }
        return place
    }

    /// The members in directory order.
    func entries(atMost limit: Int) throws(ArchiveError) -> [ZipEntry] {
        guard count <= limit else { throw .tooLarge }
        var entries: [ZipEntry] = []
        var position = range.lowerBound
        for _ in 0..<count {
            let entry = try entry(at: &position)
            entries.append(entry)
        }
        return entries
    }

    private func entry(at position: inout Int) throws(ArchiveError) -> ZipEntry {
        let place = position
        guard bytes.word(at: place) == 0x0201_4B50, let flags = bytes.half(at: place + 8),
            let method = bytes.half(at: place + 10), let checksum = bytes.word(at: place + 16),
            let packed = bytes.word(at: place + 20), let size = bytes.word(at: place + 24),
            let nameSize = bytes.half(at: place + 28), let extraSize = bytes.half(at: place + 30),
            let commentSize = bytes.half(at: place + 32), let header = bytes.word(at: place + 42),
            place + 46 + nameSize + extraSize + commentSize <= range.upperBound
        else { throw .damaged }
        let extra = (place + 46 + nameSize)..<(place + 46 + nameSize + extraSize)
        position = extra.upperBound + commentSize
        var entry = ZipEntry(
            name: bytes.text(in: (place + 46)..<extra.lowerBound), size: size, packedSize: packed,
            isEncrypted: flags & 0x2041 != 0, method: method, checksum: UInt32(checksum), header: header, content: 0..<0
        )
        try readZip64(extra, into: &entry)
        return entry
    }

    /// Values that do not fit into 32 bits are in extra field 1, in this order (section 4.5.3).
    private func readZip64(_ extra: Range<Int>, into entry: inout ZipEntry) throws(ArchiveError) {
        let isMissing = Int(UInt32.max)
        guard entry.size == isMissing || entry.packedSize == isMissing || entry.header == isMissing else { return }
        var place = extra.lowerBound
        while let kind = bytes.half(at: place), let size = bytes.half(at: place + 2),
            place + 4 + size <= extra.upperBound
        {
            if kind == 1 {
                var field = place + 4
                for path in [\ZipEntry.size, \.packedSize, \.header] where entry[keyPath: path] == isMissing {
                    guard field + 8 <= place + 4 + size, let value = bytes.long(at: field) else { throw .damaged }
                    entry[keyPath: path] = value
                    field += 8
                }
                return
            }
            place += 4 + size
        }
        throw .damaged
    }
}

/// A member of an archive.
public struct ZipEntry: Equatable, Sendable {
    /// The name as stored, with ill-formed UTF-8 repaired. Never write to it as a path.
    public fileprivate(set) var name: String
    /// The unpacked size in bytes.
    public fileprivate(set) var size: Int
    fileprivate(set) var packedSize: Int
    fileprivate(set) var isEncrypted: Bool
    fileprivate(set) var method: Int
    fileprivate(set) var checksum: UInt32
    /// The offset of the local header.
    fileprivate(set) var header: Int
    /// The range of the packed content.
    var content: Range<Int>
}

/// Reads the integers of a ZIP archive; nil outside its bytes.
struct LittleEndianBytes {
    let bytes: [UInt8]

    var count: Int { bytes.count }

    func half(at place: Int) -> Int? { number(2, at: place) }
    func word(at place: Int) -> Int? { number(4, at: place) }
    /// Also nil for values larger than any file.
    func long(at place: Int) -> Int? { number(8, at: place) }

    private func number(_ size: Int, at place: Int) -> Int? {
        guard place >= 0, place <= bytes.count - size else { return nil }
        let value = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
        return value < 1 << 48 ? Int(value) : nil
    }

    func text(in range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
