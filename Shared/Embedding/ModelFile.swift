import Glibc

/// A model file, mapped read-only: all processes share its pages. `deploy/scripts/model/container.py` writes it and
/// tells the format.
///
/// Every offset and length is checked when the file is opened, and every section's length when it is read. The content
/// of a section is checked by whoever interprets it. Replace a file that is in use by renaming, never by overwriting:
/// a page that disappears is SIGBUS.
public final class ModelFile: @unchecked Sendable {
    public let path: String
    public let config: ModelConfig

    private let memory: UnsafeRawBufferPointer
    private let sections: [String: Range<Int>]

    private static let magic = Array("AINXEMB1".utf8)
    private static let headerSize = 16
    private static let entrySize = 32
    private static let nameSize = 16
    private static let alignment = 64
    private static let mostSections = 4096
    private static let largestFile = 4 << 30

    public init(path: String) throws(ModelFileError) {
        memory = try Self.map(path)
        self.path = path
        do throws(ModelFileError) {
            sections = try Self.directory(of: memory, path: path)
            config = try Self.config(in: memory, at: sections["config"], path: path)
        } catch {
            Self.unmap(memory)
            throw error
        }
    }

    deinit { Self.unmap(memory) }

    /// The bytes of a section; they start at a multiple of 64 and stay valid as long as the file object.
    /// - Parameter length: what the caller expects, in bytes; nil if any length is right.
    public func section(_ name: String, length: Int? = nil) throws(ModelFileError) -> UnsafeRawBufferPointer {
        guard let range = sections[name] else { throw damaged("it has no section \(name)") }
        if let length, length != range.count {
            throw damaged("\(name) has \(range.count) bytes instead of \(length)")
        }
        return UnsafeRawBufferPointer(rebasing: memory[range])
    }

    /// A section of little-endian numbers.
    /// - Parameter count: how many the caller expects; nil if any number is right.
    public func numbers<Number: BitwiseCopyable>(
        _ name: String, of type: Number.Type, count: Int? = nil
    ) throws(ModelFileError) -> UnsafeBufferPointer<Number> {
        let bytes = try section(name, length: count.map { $0 * MemoryLayout<Number>.stride })
        guard bytes.count.isMultiple(of: MemoryLayout<Number>.stride) else {
            throw damaged("\(name) has \(bytes.count) bytes")
        }
        return bytes.bindMemory(to: type)
    }

    /// For those who interpret a section and find it wrong.
    public func damaged(_ reason: String) -> ModelFileError { .damaged(path: path, reason: reason) }

    private static func map(_ path: String) throws(ModelFileError) -> UnsafeRawBufferPointer {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR ? .missing(path: path) : .unreadable(path: path, errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        guard isFile, status.st_size >= headerSize, status.st_size <= largestFile else { throw .foreign(path: path) }
        let size = Int(status.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw .unreadable(path: path, errno: errno)
        }
        return UnsafeRawBufferPointer(start: start, count: size)
    }

    private static func unmap(_ memory: UnsafeRawBufferPointer) {
        munmap(UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count)
    }

    private static func directory(
        of memory: UnsafeRawBufferPointer, path: String
    ) throws(ModelFileError) -> [String: Range<Int>] {
        guard memory[..<magic.count].elementsEqual(magic) else { throw .foreign(path: path) }
        let count = Int(UInt32(littleEndian: memory.load(fromByteOffset: 8, as: UInt32.self)))
        guard count <= mostSections, headerSize + count * entrySize <= memory.count else {
            throw .damaged(path: path, reason: "its list of \(count) sections is cut off")
        }
        var sections: [String: Range<Int>] = [:]
        for index in 0..<count {
            let entry = UnsafeRawBufferPointer(rebasing: memory[(headerSize + index * entrySize)...].prefix(entrySize))
            let name = String(decoding: entry[..<nameSize].prefix { $0 != 0 }, as: UTF8.self)
            let offset = UInt64(littleEndian: entry.load(fromByteOffset: 16, as: UInt64.self))
            let length = UInt64(littleEndian: entry.load(fromByteOffset: 24, as: UInt64.self))
            let (end, overflow) = offset.addingReportingOverflow(length)
            guard !overflow, end <= UInt64(memory.count), offset.isMultiple(of: UInt64(alignment)) else {
                throw .damaged(path: path, reason: "\(name) should be at \(offset) with \(length) bytes")
            }
            guard sections.updateValue(Int(offset)..<Int(end), forKey: name) == nil else {
                throw .damaged(path: path, reason: "\(name) is there twice")
            }
        }
        return sections
    }

    private static func config(
        in memory: UnsafeRawBufferPointer, at range: Range<Int>?, path: String
    ) throws(ModelFileError) -> ModelConfig {
        guard let range, let config = ModelConfig(UnsafeRawBufferPointer(rebasing: memory[range])) else {
            throw .damaged(path: path, reason: "its dimensions are missing or impossible")
        }
        return config
    }
}
