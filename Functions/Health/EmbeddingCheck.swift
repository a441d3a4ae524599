import Embedding
import Models
import Platform
import Wire

/// Checks whether texts can be embedded.
struct EmbeddingCheck {
    let json: JSON
    let isOK: Bool

    init(_ configuration: EmbeddingConfiguration, at now: Timestamp) {
        switch configuration {
        case .off: (json, isOK) = (["status": "off"], true)
        case .builtIn(let file): (json, isOK) = Self.builtIn(file)
        case .remote(let service):
            let check = ModelCheck.embedding(service, at: now)
            isOK = check.isOK
            json = [
                "status": .string(check.status), "provider": .string(check.provider), "model": .string(service.model),
            ]
        }
    }

    /// An installation that never had the model is sound: it searches for words.
    private static func builtIn(_ file: String?) -> (JSON, Bool) {
        let state = BuiltInModel.state(file)
        var json: JSONObject = ["status": "ok", "provider": "built-in", "model": .string(BuiltInModel.name)]
        switch state {
        case .ready: json["kernel"] = .string(EncoderKernels.fastest.name)
        case .missing: json["status"] = "missing"
        case .failed(let error):
            json["status"] = "failed"
            Log.write(.error, "The embedding model cannot be used", ["cause": .string("\(error)")])
            return (.object(json), false)
        }
        return (.object(json), true)
    }
}
