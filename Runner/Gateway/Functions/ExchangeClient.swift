/// Who waits for the answer to an exchange: a connection, or a command of the runner's own.
protocol ExchangeClient: AnyObject {
    /// Whether it is so far behind that its stream should wait.
    var isCongested: Bool { get }
    /// A function's whole answer.
    func answer(status: Int, fields: AnswerReader, body: [UInt8])
    func beginStream(status: Int, fields: AnswerReader)
    func streamChunk(_ bytes: [UInt8])
    func endStream()
    /// The gateway's own answer, where no function gives one.
    func refuse(_ refusal: Refusal)
}
