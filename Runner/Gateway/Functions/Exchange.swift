import Wire

/// One request on its way from a connection, through the queue, to a function and back.
final class Exchange {
    let requestID: String
    let target: RouteTarget
    /// The request as one line, which is complete before the exchange is submitted.
    private(set) var envelope: ByteBuffer
    let isSafe: Bool
    /// The length of the envelope before the body was added.
    let headLength: Int

    /// Receives the response; nil if the client has disconnected.
    var client: (any ExchangeClient)?
    /// The process that is working on it.
    var process: FunctionProcess?
    /// When it was submitted, when a process received it, and when its response was complete; 0 until then.
    var submittedAt: Int64 = 0
    var startedAt: Int64 = 0
    var answeredAt: Int64 = 0
    /// The resident memory of its process afterwards, in bytes; 0 if it was not measured.
    var memory = 0
    /// What is captured of it for observers.
    private(set) var capture: Capture?
    /// When it was queued.
    var queuedAt: Int64 = 0
    /// When its process is killed if it has not responded.
    var deadline = Int64.max
    /// Its position in the order of submission.
    var sequence = 0
    /// Whether the head of a streamed response has arrived.
    private(set) var isStreaming = false
    private var hasKnownLength = false
    /// Whether a process has already died while serving it.
    var isRetry = false
    /// Whether its process was started for it.
    var wasCold = false

    init(requestID: String, target: RouteTarget, envelope: ByteBuffer, client: (any ExchangeClient)?) {
        self.requestID = requestID
        self.target = target
        self.envelope = envelope
        self.client = client
        headLength = envelope.count
        isSafe = target.isSafe
    }

    /// The head of a streamed response has arrived.
    func beginStream(_ reader: AnswerReader) { (isStreaming, hasKnownLength) = (true, reader.contentLength != nil) }

    /// A part of a streamed response has arrived.
    /// - Parameter deadline: the next one of a response of known length, which takes as long as its client does. Clients
    ///   that read too slowly are disconnected.
    func pass(on part: [UInt8], renewing deadline: Int64) {
        if hasKnownLength { self.deadline = deadline }
        client?.streamChunk(part)
    }

    /// Begins to capture what passes through it.
    @discardableResult
    func beginCapture(maximumBytes: Int) -> Capture {
        let begun = Capture(envelope, headLength: headLength, maximumBytes: maximumBytes)
        capture = begun
        return begun
    }

    /// Frees the envelope when it is no longer needed; its capture may still hold it.
    func releaseEnvelope() { envelope = ByteBuffer(capacity: 16) }
}
