/// Where an installation keeps the bytes of uploaded files.
public enum BlobLocation: Sendable {
    /// In its folder.
    case files
    case database
    case objects(ObjectLocation)

    /// In responses: `files`, `database` or `s3`.
    public var kind: String {
        switch self {
        case .files: "files"
        case .database: "database"
        case .objects: "s3"
        }
    }
}
