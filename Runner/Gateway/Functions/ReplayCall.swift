import Wire

/// Receives the response to a replayed request, in place of a client.
final class ReplayCall: ExchangeClient {
    let isCongested = false
    private var status = 0
    private var bytes = 0
    private let completion: (_ status: Int, _ bytes: Int) -> Void

    init(completion: @escaping (_ status: Int, _ bytes: Int) -> Void) { self.completion = completion }

    func answer(status: Int, fields: AnswerReader, body: [UInt8]) { completion(status, body.count) }
    func beginStream(status: Int, fields: AnswerReader) { self.status = status }
    func streamChunk(_ bytes: [UInt8]) { self.bytes += bytes.count }
    func endStream() { completion(status, bytes) }
    func refuse(_ error: GatewayError) { completion(error.status, bytes) }
}
