/// Why a document cannot be imported. The messages are for the person who uploaded it.
public enum ExtractionError: Error, Equatable, Sendable {
    /// Files of this format cannot be read.
    case unsupported(String)
    /// The format is known, but this file is damaged or does not have the format that its name says.
    case unreadable(String)
    /// Reading failed for a temporary reason that has nothing to do with the document. The cause is for the log.
    case unavailable(String, cause: String)
    /// Too many documents are being read. Try again after this number of seconds.
    case busy(String, seconds: Int)

    public var message: String {
        switch self {
        case .unsupported(let message), .unreadable(let message), .unavailable(let message, _),
            .busy(let message, _):
            message
        }
    }
}
