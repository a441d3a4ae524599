import Models
import Outbound
import Platform
import Providers

/// An embedding model on another server.
public final class RemoteEmbedder: Embedder {
    /// The name that is stored with vectors, such as `e5-small@gpu.example`. It differs where vectors may differ: by
    /// model, server and the prefix of passages, which is added as a hash. Ports are left out, because local servers
    /// often change theirs.
    public let name: String
    private let client: EmbeddingsClient

    /// - Parameter isCancelled: called at least every 50 ms during a request; true ends it. By default, a process that
    ///   should end does not wait.
    public init(
        _ service: EmbeddingService, isCancelled: @escaping @Sendable () -> Bool = { Termination.isWanted }
    ) {
        let prefix = service.prefixes.passage
        name = "\(service.model)@\(service.host)" + (prefix.isEmpty ? "" : "+\(Self.hash(prefix))")
        client = EmbeddingsClient(service, isCancelled: isCancelled)
    }

    private static let sample = "dimensions"

    public var model: EmbeddingModel {
        get throws {
            let dimensions = try client.dimensions ?? embed([Self.sample], as: .query).first?.count
            return EmbeddingModel(name: name, dimensions: dimensions ?? 0)
        }
    }

    /// - Throws: `APIError` with `LLM_UNAVAILABLE`, or with `LLM_REJECTED` if the same request would fail again;
    ///   with `SERVICE_UNAVAILABLE` if it was cancelled.
    public func embed(_ texts: [String], as role: TextRole) throws -> [[Float]] {
        do {
            switch role {
            case .query: return try client.embedQueries(texts)
            case .passage: return try client.embedPassages(texts)
            }
        } catch OutboundError.cancelled {
            throw APIError(.serviceUnavailable, "Embedding was cancelled")
        }
    }

    /// FNV-1a, as eight digits.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
