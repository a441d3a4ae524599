import Platform
import Wire

/// Receives a response as it arrives. Returning false or throwing ends the exchange.
public protocol HTTPReceiver: AnyObject {
    /// Called once, before the body. Interim responses (1xx) are skipped.
    func receive(_ head: HTTPHead) throws -> Bool
    /// Called with each piece of the body, which is valid only during the call.
    func receive(_ piece: UnsafeBufferPointer<UInt8>) throws -> Bool
}

extension HTTPRequest {
    /// Sends the request and waits for the whole response.
    ///
    /// - Parameter isCancelled: called at least every 50 ms; true ends the exchange at once.
    /// - Throws: `OutboundError`.
    public func send(isCancelled: (() -> Bool)? = nil) throws -> HTTPResponse {
        let collector = Collector()
        try send(to: collector, isCancelled: isCancelled)
        guard let head = collector.head else { throw OutboundError.interrupted("no response") }
        return HTTPResponse(head: head, body: collector.body)
    }

    private final class Collector: HTTPReceiver {
        var head: HTTPHead?
        var body: [UInt8] = []

        func receive(_ head: HTTPHead) -> Bool {
            self.head = head
            return true
        }

        func receive(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
            body.append(contentsOf: piece)
            return true
        }
    }

    /// Sends the request and passes the response on as it arrives. It is not an error if the receiver ends the
    /// exchange.
    ///
    /// - Throws: `OutboundError`, possibly after part of the response, and the receiver's errors.
    public func send(to receiver: some HTTPReceiver, isCancelled: (() -> Bool)? = nil) throws {
        // `-q` ignores the user's `.curlrc`.
        var command = Command("curl", ["-q", "--config", "-"], environment: Self.environment(isPinned: pin != nil))
        command.input = .bytes(Array(try CurlConfiguration.text(for: self).utf8))
        command.extraInputs = file.map { [.descriptor($0)] } ?? body.map { [.bytes($0)] } ?? []
        // `curl` has its own timeout. This one is for a `curl` that hangs, for example during a lookup.
        command.limits.deadline = limits.total + Self.slack
        command.limits.output = .max
        var parser = ResponseParser(bodyLimit: limits.body)
        var isEnough = false
        let outcome: Outcome
        do {
            outcome = try command.run(isCancelled: isCancelled) { piece in
                isEnough = try !parser.parse(piece, for: receiver)
                return !isEnough
            }
        } catch let error as CommandError {
            throw OutboundError.notInstalled(error.description)
        }
        if isEnough { return }
        if let error = OutboundError(outcome) { throw error }
        guard parser.hasHead else { throw OutboundError.interrupted("no HTTP response") }
    }

    /// Milliseconds that the process may outlive the exchange.
    private static let slack = 1_000

    /// The environment variables that `curl` needs, for certificates and proxies.
    static func environment(isPinned: Bool) -> [String: String] {
        var environment: [String: String] = [:]
        for name in Environment.certificateNames + (isPinned ? [] : Environment.proxyNames) {
            environment[name] = Environment.value(name)
        }
        return environment
    }
}

extension OutboundError {
    /// The meaning of a failed run of `curl`: EXIT CODES in curl(1).
    fileprivate init?(_ outcome: Outcome) {
        switch outcome.ending {
        case .exited(let status):
            let detail = outcome.errors.split(atByte: "\n").first.map { String($0.prefix(300)) }
            self.init(exitStatus: status, detail ?? "curl gave no reason")
        case .timedOut: self = .timedOut
        case .outputTooLarge: self = .tooLarge
        case .signalled(let signal): self = .interrupted("curl was ended by signal \(signal)")
        case .stopped: self = .cancelled
        }
    }

    /// The meaning of curl's exit status, for a run or for one of several exchanges; nil for success.
    init?(exitStatus: Int32, _ detail: String) {
        switch exitStatus {
        case 0: return nil
        case 3: self = .invalidRequest("curl does not understand the URL")
        case 5, 6: self = .unresolvable(detail)
        case 7, 97: self = .unreachable(detail)
        case 28: self = .timedOut
        case 63: self = .tooLarge
        case let status where Self.tlsFailures.contains(status): self = .insecure(detail)
        // This includes 1, an unsupported protocol: the scheme was checked, so the response was not HTTP.
        default: self = .interrupted(detail)
        }
    }

    private static let tlsFailures: Set<Int32> = [35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98]
}
