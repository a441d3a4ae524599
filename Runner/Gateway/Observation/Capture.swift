import Wire

/// What is kept of one exchange for those who look at it later: its envelopes and what its function
/// wrote to stderr.
///
/// The request's envelope is the exchange's own, not a copy. The answer is copied once, from where
/// it was read to, because that place is used again for the next one.
final class Capture {
    /// Lines of stderr beyond these are only counted.
    private static let maximumLines = 64
    private static let maximumLineBytes = 2048

    let requestID: String
    private(set) var request: ByteBuffer
    /// Set where the body was too large to be kept: how many bytes of envelope it took.
    private(set) var omittedRequestBytes = 0
    /// Whether the request's body is there as a whole.
    private(set) var hasWholeRequest = true
    /// The lines that the function answered with, each with its end.
    private(set) var response: ByteBuffer?
    private(set) var omittedResponseBytes = 0
    private(set) var errorLines: [String] = []
    private(set) var omittedErrorLines = 0
    /// Gets every line of stderr as it comes.
    var onErrorLine: ((Bytes) -> Void)?

    /// Where the body begins within `request`.
    private let headLength: Int
    private let maximumBytes: Int

    init(of exchange: Exchange, maximumBytes: Int) {
        requestID = exchange.requestID
        request = exchange.envelope
        headLength = exchange.headLength
        self.maximumBytes = maximumBytes
    }

    /// About how much memory it holds.
    var bytes: Int {
        request.count + (response?.count ?? 0) + errorLines.reduce(0) { $0 + $1.utf8.count } + 1024
    }

    var isWhole: Bool { hasWholeRequest && omittedResponseBytes == 0 }

    /// Lets go of a request's body that is too large, or that never came to its end, and of the exchange's buffer
    /// with it; called once the function has the request, or will not get it.
    func settleRequest(isComplete: Bool = true) {
        guard !isComplete || request.count > maximumBytes, hasWholeRequest else { return }
        hasWholeRequest = false
        let head = request.bytes.slice(0..<min(headLength, request.count))
        omittedRequestBytes = request.count - head.count
        let kept = ByteBuffer(capacity: head.count + 8)
        kept.append(head)
        kept.append("}\n" as StaticString)
        request = kept
    }

    func addResponse(_ line: Bytes) {
        let held = response?.count ?? 0
        guard held + line.count < maximumBytes else {
            omittedResponseBytes += line.count
            return
        }
        if let response {
            response.append(line)
            response.append(ASCII.lineFeed)
        } else {
            let first = ByteBuffer(capacity: line.count + 1)
            first.append(line)
            first.append(ASCII.lineFeed)
            response = first
        }
    }

    func addError(_ line: Bytes) {
        onErrorLine?(line)
        guard errorLines.count < Self.maximumLines else {
            omittedErrorLines += 1
            return
        }
        errorLines.append(line.slice(0..<min(line.count, Self.maximumLineBytes)).text)
    }
}
