import Wire

/// What function platforms hand over as JSON: requests, and events that are none.
enum PlatformEvent {
    /// Reads an envelope. Only what has neither a path nor header fields counts as bare: the rest came over
    /// HTTP, also from gateways that are not known here.
    static func request(from event: ByteBuffer) throws -> Request {
        var request = try withExtendedLifetime(event) { try RequestDecoder.decode(event.bytes) }
        if !request.path.isEmpty || !request.headers.isEmpty { request.isBare = false }
        return request
    }

    /// Why an event has to count as failed, so that the platform tries again or raises an alarm: who
    /// calls without HTTP looks at no status.
    static func failure(_ response: Response, to request: Request, of program: Program) -> String? {
        guard request.isBare, response.status >= 500 else { return nil }
        return "\(program.name) answered \(response.status); the log tells why"
    }
}
