import Glibc
import Models
import Wire

/// Writes a tar archive (POSIX.1-2017, pax, section "ustar Interchange Format") of regular files that only their owner
/// may read. Sizes of 8 GiB and more are binary, as in GNU tar.
struct TarWriter {
    static let blockSize = 512

    let path: String
    private let descriptor: Int32
    private let time: Timestamp

    /// - Parameter time: the modification time of all members.
    init(_ path: String, time: Timestamp) throws {
        self.path = path
        self.time = time
        descriptor = try BackupFiles.openToWrite(path)
    }

    /// Adds the file at `source`, which must have that size. Returns what was read.
    func add(_ source: String, as name: String, _ progress: BackupProgress) throws -> BackupFiles.Contents {
        let (input, size) = try BackupFiles.openToRead(source)
        defer { Glibc.close(input) }
        try write(header(name, size: size))
        let contents = try BackupFiles.read(input, of: source, atMost: size, progress) {
            try BackupFiles.write($0, to: descriptor, of: path)
        }
        guard contents.size == size else { throw APIError(.serviceUnavailable, "\(source) shrank while it was read") }
        try pad(size)
        return contents
    }

    func add(_ bytes: ByteBuffer, as name: String) throws {
        try write(header(name, size: Int64(bytes.count)))
        try BackupFiles.write(bytes, to: descriptor, of: path)
        try pad(Int64(bytes.count))
    }

    /// Ends the archive and syncs it to disk.
    func finish() throws {
        try write([UInt8](repeating: 0, count: 2 * Self.blockSize))
        guard fsync(descriptor) == 0 else { throw BackupFiles.failure(path, "cannot be synced to disk") }
    }

    func close() { Glibc.close(descriptor) }

    private func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBufferPointer { try BackupFiles.write($0, to: descriptor, of: path) }
    }

    private func pad(_ size: Int64) throws {
        let rest = Int(size) % Self.blockSize
        if rest > 0 { try write([UInt8](repeating: 0, count: Self.blockSize - rest)) }
    }

    private func header(_ name: String, size: Int64) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func put(_ number: Int64, at offset: Int, digits: Int) {
            let text = String(number, radix: 8)
            put(String(repeating: "0", count: max(0, digits - text.utf8.count)) + text, at: offset)
        }
        put(name, at: 0)
        put(0o600, at: 100, digits: 7)
        put(0, at: 108, digits: 7)
        put(0, at: 116, digits: 7)
        if size < 1 << 33 {
            put(size, at: 124, digits: 11)
        } else {
            block[124] = 0x80
            for index in 0..<8 { block[128 + index] = UInt8(truncatingIfNeeded: size >> Int64(56 - 8 * index)) }
        }
        put(time.seconds, at: 136, digits: 11)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(Int64(TarReader.checksum(of: block)), at: 148, digits: 6)
        block[155] = UInt8(ascii: " ")
        return block
    }
}

/// Reads such an archive from beginning to end.
struct TarReader {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = try BackupFiles.openToRead(path).descriptor
    }

    func close() { Glibc.close(descriptor) }

    /// The name and size of the next file, whose bytes follow; nil at the end. Skips folders, which other programs add.
    func next() throws -> (name: String, size: Int64)? {
        while true {
            guard let block = try block() else { throw cut }
            if block.allSatisfy({ $0 == 0 }) { return nil }
            guard Self.number(block[148..<156]) == Int64(Self.checksum(of: block)),
                let size = Self.number(block[124..<136]), size >= 0
            else { throw damaged }
            switch block[156] {
            case UInt8(ascii: "5") where size == 0: continue
            case UInt8(ascii: "0"), 0: break
            default: throw damaged
            }
            let name = String(decoding: block[..<100].prefix { $0 != 0 }, as: UTF8.self)
            return (name.without(prefix: "./").map(String.init) ?? name, size)
        }
    }

    /// Reads the bytes of the file that `next` returned.
    func read(
        _ size: Int64, _ progress: BackupProgress, _ take: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws -> BackupFiles.Contents {
        let contents = try BackupFiles.read(descriptor, of: path, atMost: size, progress, take)
        guard contents.size == size else { throw cut }
        let rest = Int(size) % TarWriter.blockSize
        if rest > 0, try block(TarWriter.blockSize - rest) == nil { throw cut }
        return contents
    }

    /// Skips the bytes of the file that `next` returned.
    func skip(_ size: Int64) throws {
        let padding = -size & Int64(TarWriter.blockSize - 1)
        let (step, isTooMuch) = size.addingReportingOverflow(padding)
        guard !isTooMuch, lseek(descriptor, off_t(step), SEEK_CUR) >= 0 else { throw damaged }
    }

    private var damaged: APIError {
        APIError(.conflict, "\(path) is damaged or not a backup: the archive has an invalid header")
    }

    private var cut: APIError { APIError(.conflict, "\(path) is incomplete: it ends too early") }

    private func block(_ count: Int = TarWriter.blockSize) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        _ = try BackupFiles.read(descriptor, of: path, atMost: Int64(count), .silent) { bytes.append(contentsOf: $0) }
        return bytes.count == count ? bytes : nil
    }

    /// The sum of a header's bytes, with its checksum counted as blanks.
    static func checksum(of block: [UInt8]) -> Int {
        block.indices.reduce(0) { $0 + Int((148..<156).contains($1) ? UInt8(ascii: " ") : block[$1]) }
    }

    /// Octal digits padded with zeros, blanks or NUL, or a binary number.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        if field.first == 0x80 {
            return field.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (0x30...0x37).contains($0) }
        return Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
