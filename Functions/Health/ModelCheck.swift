import Models
import Platform
import Providers
import Synchronization
import Wire

/// Checks whether the language model's provider responds.
struct ModelCheck {
    let provider: String
    let isOK: Bool

    var json: JSON { ["status": .string(isOK ? "ok" : "failed"), "provider": .string(provider)] }

    /// How long a result is reused, in seconds. Anybody may call this endpoint, so each call must not cause a request
    /// to the provider.
    private static let lifetime = 10

    private static let latest = Mutex<(check: ModelCheck, until: Timestamp)?>(nil)

    /// The built-in answerer depends on nothing that could fail.
    static func current(_ configuration: ModelConfiguration?, at now: Timestamp) -> ModelCheck {
        guard let model = LanguageModels.make(configuration) else {
            return ModelCheck(provider: LanguageModels.builtIn, isOK: true)
        }
        if let known = latest.withLock({ $0 }), now < known.until { return known.check }
        let check = ask(model)
        latest.withLock { $0 = (check, now + lifetime) }
        return check
    }

    private static func ask(_ model: any LanguageModel) -> ModelCheck {
        do {
            try model.probe()
            return ModelCheck(provider: model.name, isOK: true)
        } catch {
            let cause = (error as? APIError)?.cause ?? "\(error)"
            Log.write(.error, "The language model does not respond", ["cause": .string(cause)])
            return ModelCheck(provider: model.name, isOK: false)
        }
    }
}
