/// Receives the response to an exchange: a connection, or a command.
protocol ExchangeClient: AnyObject {
    /// Whether it reads so slowly that its stream should wait.
    var isCongested: Bool { get }
    /// A function's whole response.
    func answer(status: Int, fields: AnswerReader, body: [UInt8])
    func beginStream(status: Int, fields: AnswerReader)
    func streamChunk(_ bytes: [UInt8])
    func endStream()
    /// The gateway's own response, if no function responds.
    func refuse(_ error: GatewayError)
}
