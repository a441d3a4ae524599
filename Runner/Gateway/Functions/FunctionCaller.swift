import Wire

/// The response to one call of a function.
package struct CallOutcome {
    package let status: Int
    /// The lines of the response; empty if the gateway gave up on the function.
    package let lines: [String]
    /// What was captured of the call. More of stderr may follow until the process has ended.
    package let capture: Capture
    /// Why the gateway gave up on the function.
    package let error: GatewayError?
}

/// Calls a function once and waits for its response. For commands, which have no connections.
final class FunctionCaller: ExchangeClient {

    let isCongested = false
    private var status = 0
    private var error: GatewayError?
    private var isComplete = false

    static func call(
        _ pool: FunctionPool, _ envelope: ByteBuffer, requestID: String, method: String, through pools: FunctionPools,
        on loop: EventLoop, while condition: () -> Bool, onErrorLine: ((Bytes) -> Void)?
    ) -> CallOutcome? {
        let caller = FunctionCaller()
        let target = RouteTarget(method: method, path: "", pool: pool)
        let exchange = Exchange(requestID: requestID, target: target, envelope: envelope, client: caller)
        let capture = exchange.beginCapture(maximumBytes: .max)
        capture.onErrorLine = onErrorLine
        pools.submit(exchange)
        loop.run { !caller.isComplete && condition() }
        guard caller.isComplete else { return nil }
        let lines = caller.error == nil ? capture.response?.text.split(atByte: "\n").map(String.init) : nil
        return CallOutcome(
            status: caller.status, lines: lines ?? [], capture: capture, error: caller.error)
    }

    func answer(status: Int, fields: AnswerReader, body: [UInt8]) { finish(status) }
    func beginStream(status: Int, fields: AnswerReader) { self.status = status }
    func streamChunk(_ bytes: [UInt8]) {}
    func endStream() { finish(status) }

    func refuse(_ error: GatewayError) {
        self.error = error
        finish(error.status)
    }

    private func finish(_ status: Int) {
        self.status = status
        isComplete = true
    }
}
