/// Why an archive or one of its members cannot be read.
public enum ArchiveError: Error, Equatable, Sendable {
    /// The structure is broken, or the content does not match its checksum.
    case damaged
    /// The member is password-protected.
    case encrypted
    /// The member uses a compression method other than DEFLATE, given by its number.
    case unknownMethod(Int)
    /// The archive exceeds the limits, as zip bombs do.
    case tooLarge
}

/// The limits for reading an archive. An ordinary file of 50 MiB unpacks within them.
public struct ArchiveLimits: Sendable {
    /// The maximum number of members.
    public var entries = 10_000
    /// The maximum unpacked size of one member, in bytes.
    public var entrySize = 64 << 20
    /// The maximum unpacked size of all members that are read, in bytes.
    public var totalSize = 128 << 20
    /// The maximum compression ratio. Office documents reach 20, large tables 100; DEFLATE cannot exceed 1,032.
    public var ratio = 300
    /// Members that unpack to at most this many bytes may have any ratio.
    public var freeSize = 1 << 20

    public init() {}
}
