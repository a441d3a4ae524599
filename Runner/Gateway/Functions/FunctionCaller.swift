import Wire

/// Calls a function once and waits for its answer, for commands that need no connections.
final class FunctionCaller: ExchangeClient {
    struct Outcome {
        let status: Int
        /// The lines that the function answered with; none where the gateway gave up on it.
        let lines: [String]
        /// What it wrote to stderr.
        let capture: Capture?
        let refusal: Refusal?
    }

    let isCongested = false
    private var status = 0
    private var refusal: Refusal?
    private var isComplete = false

    /// - Parameters:
    ///   - envelope: one line.
    ///   - condition: how long to wait; until a signal comes where nothing else is said.
    ///   - onErrorLine: gets each line that the function writes to stderr, as it comes.
    /// - Returns: nil when it was not waited for to the end.
    static func call(
        _ pool: FunctionPool, _ envelope: ByteBuffer, requestID: String, method: String = "", on server: Server,
        while condition: (() -> Bool)? = nil, onErrorLine: ((Bytes) -> Void)? = nil
    ) -> Outcome? {
        let caller = FunctionCaller()
        let endpoint = Endpoint(method: method, path: "", pool: pool)
        let exchange = Exchange(requestID: requestID, endpoint: endpoint, envelope: envelope, client: caller)
        let capture = Capture(of: exchange, maximumBytes: .max)
        exchange.capture = capture
        capture.onErrorLine = onErrorLine
        server.pools.submit(exchange)
        server.loop.run { !caller.isComplete && (condition?() ?? !server.isDraining) }
        guard caller.isComplete else { return nil }
        let lines = caller.refusal == nil ? capture.response?.text.split(separator: "\n").map(String.init) : nil
        return Outcome(status: caller.status, lines: lines ?? [], capture: capture, refusal: caller.refusal)
    }

    func answer(status: Int, fields: AnswerReader, body: [UInt8]) { finish(status) }
    func beginStream(status: Int, fields: AnswerReader) { self.status = status }
    func streamChunk(_ bytes: [UInt8]) {}
    func endStream() { finish(status) }

    func refuse(_ refusal: Refusal) {
        self.refusal = refusal
        finish(refusal.status)
    }

    private func finish(_ status: Int) {
        self.status = status
        isComplete = true
    }
}
