/// Why a document cannot be taken in. The messages are meant for the person who uploaded it.
public enum ExtractionError: Error, Equatable, Sendable {
    /// The kind of file is not one that can be read.
    case unsupported(String)
    /// The kind is known, but this file is damaged or is not what it says.
    case unreadable(String)
    /// The document may be fine, but reading it failed for a reason that passes; the cause is for the
    /// log.
    case unavailable(String, cause: String)
    /// As many documents are being read as may be; in so many seconds there may be room.
    case busy(String, seconds: Int)

    public var message: String {
        switch self {
        case .unsupported(let message), .unreadable(let message), .unavailable(let message, _),
            .busy(let message, _):
            message
        }
    }
}
