/// A ZIP archive in memory, such as an office document (APPNOTE.TXT 6.3.10). Nothing is written to disk, so names are
/// not used as paths.
///
/// Built for untrusted input: every position is checked before it is read, members may not share bytes, and the cost of
/// unpacking is limited before it starts.
public struct ZipArchive {
    /// In directory order.
    public let entries: [ZipEntry]
    private let bytes: LittleEndianBytes
    private let limits: ArchiveLimits
    private let places: [String: Int]
    /// Bytes unpacked so far.
    private var unpacked = 0

    /// Reads the directory and checks it against the archive.
    ///
    /// - Throws: `damaged` if there is no directory or it does not fit the bytes; `tooLarge` if there are more members
    ///   than the limits allow. Problems within a member surface when it is read.
    public init(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveError) {
        self.bytes = LittleEndianBytes(bytes: bytes)
        self.limits = limits
        let directory = try ZipDirectory(of: self.bytes)
        var entries = try directory.entries(atMost: limits.entries)
        for index in entries.indices {
            entries[index].content = try Self.content(of: entries[index], in: self.bytes)
        }
        try Self.checkOverlaps(entries, directory: directory.range)
        self.entries = entries
        places = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The member with this name; the first, if there are several.
    public func entry(named name: String) -> ZipEntry? { places[name].map { entries[$0] } }

    /// Unpacks a member and verifies its checksum. Each call counts towards the total limit.
    ///
    /// - Throws: `ArchiveError`, for any problem with the member.
    public mutating func content(of entry: ZipEntry) throws(ArchiveError) -> [UInt8] {
        if entry.isEncrypted { throw .encrypted }
        let isDense = entry.size > limits.freeSize && entry.size / limits.ratio > entry.content.count
        guard entry.size <= limits.entrySize, !isDense, unpacked + entry.size <= limits.totalSize
        else { throw .tooLarge }
        unpacked += entry.size
        let content = try unpack(entry)
        guard content.withUnsafeBufferPointer(CRC32.checksum) == entry.checksum else { throw .damaged }
        return content
    }

    private func unpack(_ entry: ZipEntry) throws(ArchiveError) -> [UInt8] {
        switch entry.method {
        case 0:
            guard entry.content.count == entry.size else { throw .damaged }
            return Array(bytes.bytes[entry.content])
        case 8:
            return try bytes.bytes.withUnsafeBufferPointer { all throws(ArchiveError) in
                try Inflate.unpack(UnsafeBufferPointer(rebasing: all[entry.content]), size: entry.size)
            }
        default: throw .unknownMethod(entry.method)
        }
    }

    /// The range of the content after the local header (section 4.3.7), whose name must match the directory's. The
    /// header's sizes may be missing, so the directory's sizes are used.
    private static func content(of entry: ZipEntry, in bytes: LittleEndianBytes) throws(ArchiveError) -> Range<Int> {
        let header = entry.header
        guard bytes.word(at: header) == 0x0403_4B50, let nameSize = bytes.half(at: header + 26),
            let extraSize = bytes.half(at: header + 28), header + 30 + nameSize <= bytes.count,
            bytes.text(in: (header + 30)..<(header + 30 + nameSize)) == entry.name
        else { throw .damaged }
        let start = header + 30 + nameSize + extraSize
        guard start <= bytes.count, entry.packedSize <= bytes.count - start else { throw .damaged }
        return start..<(start + entry.packedSize)
    }

    /// By sharing bytes between members, a small archive can unpack to a huge one.
    private static func checkOverlaps(_ entries: [ZipEntry], directory: Range<Int>) throws(ArchiveError) {
        var end = 0
        for entry in entries.sorted(by: { $0.header < $1.header }) {
            guard entry.header >= end, entry.content.upperBound <= directory.lowerBound else { throw .damaged }
            end = entry.content.upperBound
        }
    }
}
