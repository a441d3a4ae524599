/// Why an archive, or a member of it, cannot be read.
public enum ArchiveError: Error, Equatable, Sendable {
    /// Its structure is broken, or its content is not what its check sum was made of.
    case damaged
    /// A member needs a password.
    case encrypted
    /// A member is compressed by something other than DEFLATE; the method's number.
    case unknownMethod(Int)
    /// It would take more than the limits allow: what zip bombs do.
    case tooLarge
}

/// What reading an archive may take. A file of 50 MiB that unpacks within these is an ordinary one.
public struct ArchiveLimits: Sendable {
    /// How many members there may be.
    public var entries = 10_000
    /// Unpacked bytes of one member.
    public var entrySize = 64 << 20
    /// Unpacked bytes of all members that are read.
    public var totalSize = 128 << 20
    /// Unpacked bytes for each packed one. Office documents reach 20, large tables 100, DEFLATE's end
    /// is 1,032.
    public var ratio = 300
    /// Members that unpack to no more than this many bytes may have any ratio.
    public var freeSize = 1 << 20

    public init() {}
}
