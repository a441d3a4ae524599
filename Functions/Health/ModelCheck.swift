import Models
import Platform
import Providers
import Synchronization
import Wire

/// Checks whether the provider of a model responds.
struct ModelCheck {
    let provider: String
    let isOK: Bool

    var status: String { isOK ? "ok" : "failed" }
    var json: JSON { ["status": .string(status), "provider": .string(provider)] }

    /// How long a result is reused, in seconds. Anybody may call this endpoint, so each call must not cause a request
    /// to a provider.
    private static let lifetime = 10

    private static let latest = Mutex<[String: (check: ModelCheck, until: Timestamp)]>([:])

    /// The language model. The built-in answerer depends on nothing that could fail.
    static func language(_ configuration: ModelConfiguration?, at now: Timestamp) -> ModelCheck {
        guard let model = LanguageModels.make(configuration) else {
            return ModelCheck(provider: LanguageModels.builtIn, isOK: true)
        }
        return current("language model", model.name, at: now, model.probe)
    }

    /// A remote embedding model.
    static func embedding(_ service: EmbeddingService, at now: Timestamp) -> ModelCheck {
        current("embedding model", EmbeddingsClient.providerName, at: now, EmbeddingsClient(service).probe)
    }

    /// The reranker; nil without one.
    static func reranker(_ service: RerankService?, at now: Timestamp) -> ModelCheck? {
        guard let service else { return nil }
        return current("reranker", RerankClient.providerName, at: now, RerankClient(service).probe)
    }

    private static func current(
        _ subject: String, _ provider: String, at now: Timestamp, _ probe: () throws -> Void
    ) -> ModelCheck {
        if let known = latest.withLock({ $0[subject] }), now < known.until { return known.check }
        let check = ModelCheck(provider: provider, isOK: responds(subject, probe))
        latest.withLock { $0[subject] = (check, now + lifetime) }
        return check
    }

    private static func responds(_ subject: String, _ probe: () throws -> Void) -> Bool {
        do {
            try probe()
            return true
        } catch {
            let cause = (error as? APIError)?.cause ?? "\(error)"
            Log.write(.error, "The \(subject) does not respond", ["cause": .string(cause)])
            return false
        }
    }
}
