import Wire

/// What observers receive of one exchange: its envelopes, and what the function wrote to stderr.
///
/// The request's envelope is not copied, but shared with the exchange. The response is copied once, because its buffer
/// is reused for the next one.
package final class Capture {
    /// Lines of stderr beyond this number are only counted.
    private static let maximumLines = 64
    private static let maximumLineBytes = 2048

    package private(set) var request: ByteBuffer
    /// The size within the envelope of a request body that was too large to keep.
    package private(set) var omittedRequestBytes = 0
    /// Whether the whole request was kept.
    package private(set) var hasWholeRequest = true
    /// The response lines, each including its newline.
    package private(set) var response: ByteBuffer?
    package private(set) var omittedResponseBytes = 0
    package private(set) var errorLines: [String] = []
    package private(set) var omittedErrorLines = 0
    /// Receives every line of stderr as it arrives.
    var onErrorLine: ((Bytes) -> Void)?

    /// The length of `request` up to its body.
    private let headLength: Int
    private let maximumBytes: Int

    init(_ request: ByteBuffer, headLength: Int, maximumBytes: Int) {
        self.request = request
        self.headLength = headLength
        self.maximumBytes = maximumBytes
    }

    /// Roughly how much memory it uses, in bytes.
    package var bytes: Int {
        request.count + (response?.count ?? 0) + errorLines.reduce(0) { $0 + $1.utf8.count } + 1024
    }

    /// Drops a request body that is too large or incomplete, and with it the exchange's buffer. Called once the
    /// function has received the request, or never will.
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
