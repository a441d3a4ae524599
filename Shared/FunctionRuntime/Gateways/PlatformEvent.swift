import Wire

/// The JSON that function platforms pass to functions: requests and other events.
enum PlatformEvent {
    /// Reads an envelope. It is bare only if it has neither a path nor header fields. Any other envelope came over
    /// HTTP, possibly from a gateway unknown to us.
    static func request(from event: ByteBuffer) throws -> Request {
        var request = try withExtendedLifetime(event) { try RequestDecoder.decode(event.bytes) }
        if !request.path.isEmpty || !request.headers.isEmpty { request.isBare = false }
        return request
    }

    /// Why an event must count as failed, so that the platform retries it or raises an alarm. Without HTTP, callers do
    /// not look at the status.
    static func failure(_ response: Response, to request: Request, of program: Program) -> String? {
        guard request.isBare, response.status >= 500 else { return nil }
        return "\(program.name) responded with \(response.status); see the log"
    }
}
