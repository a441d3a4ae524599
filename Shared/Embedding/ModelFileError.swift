/// Why a model file cannot be used.
public enum ModelFileError: Error, Equatable, Sendable {
    /// There is no such file.
    case missing(path: String)
    /// The system does not let this process read it.
    case unreadable(path: String, errno: Int32)
    /// It is no model file, or of a version that is unknown here.
    case foreign(path: String)
    /// Its content contradicts itself, as in a truncated file.
    case damaged(path: String, reason: String)
}

extension ModelFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path): "\(path) is missing"
        case .unreadable(let path, let errno): "\(path) cannot be read (errno \(errno))"
        case .foreign(let path): "\(path) is not an embedding model of this version"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        }
    }
}
