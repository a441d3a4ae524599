import Outbound
import Wire

/// A service that is called with JSON and a bearer key.
struct HTTPService: Sendable {
    /// Without a trailing slash.
    let baseURL: String
    let apiKey: String?
    let errors: ProviderErrors

    /// The maximum size of an answer in bytes: 2,048 vectors of 3,072 numbers in JSON.
    private static let answerLimit = 128 << 20
    /// How much of an error that is no JSON is kept, in bytes.
    private static let longestReason = 4_000

    /// Posts JSON and returns the body of a successful answer.
    ///
    /// - Throws: `ProviderFailure.status` for any other answer; `OutboundError`.
    func post(
        _ path: String, _ body: [UInt8], milliseconds: Int, isCancelled: (() -> Bool)?
    ) throws -> [UInt8] {
        var request = HTTPRequest(
            "POST", baseURL + path,
            headers: authorization + [("Content-Type", "application/json"), ("Accept", "application/json")], body: body)
        request.limits.connecting = min(request.limits.connecting, milliseconds)
        request.limits.total = milliseconds
        request.limits.body = Self.answerLimit
        let response = try request.send(isCancelled: isCancelled)
        guard response.head.isSuccess else {
            throw ProviderFailure.status(
                response.head.status, retryAfter: response.head.retryAfter,
                ProviderMessage(Self.reason(in: response.body)))
        }
        return response.body
    }

    /// What an answer says about its failure. Servers in Rust refuse JSON in plain text; pages are of no use.
    private static func reason(in body: [UInt8]) -> JSON? {
        if let json = try? body.withUnsafeBufferPointer({ try JSONReader.parse($0, repairsSurrogates: true) }) {
            return json
        }
        guard let first = body.first, first != UInt8(ascii: "<") else { return nil }
        return ["message": .string(String(decoding: body.prefix(longestReason), as: UTF8.self))]
    }

    var authorization: [(name: String, value: String)] {
        apiKey.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    // MARK: Health

    /// In milliseconds.
    private static let probeTime = 2_000

    /// Requests the list of models. The provider need not have one: any response that shows neither a failure nor a
    /// refused key is good.
    ///
    /// - Throws: `APIError`.
    func probe() throws {
        var request = HTTPRequest("GET", baseURL + "/models", headers: authorization)
        request.limits.connecting = Self.probeTime
        request.limits.total = Self.probeTime
        do {
            let status = try request.send().head.status
            guard status < 500, status != 401, status != 403 else {
                throw errors.error(
                    .status(status, retryAfter: nil, ProviderMessage(.object(["message": "listing its models failed"])))
                )
            }
        } catch OutboundError.tooLarge {
            return
        } catch let error as OutboundError {
            throw errors.error(error)
        }
    }
}
