import Models
import Providers
import Storage
import Wire

/// What the installation has learned about the models of its provider, so that a request that a model refuses is sent
/// only once. It is stored, because many processes serve one request each, and forgotten after a day, because models
/// and servers change.
struct QuirkMemory {
    let store: Store
    /// The provider's base URL. What was learned from another one is ignored.
    let url: String

    private static let setting = "model_quirks"
    private static let lifetime = 24 * 3600
    /// Clients choose the names of models.
    private static let mostModels = 64

    func quirks(of model: String, at now: Timestamp) throws -> Set<ModelQuirk> {
        guard let entry = try current(at: now).last(where: { $0["model"]?.string == model }) else { return [] }
        return Set((entry["quirks"]?.array ?? []).compactMap { $0.string.flatMap(ModelQuirk.init) })
    }

    /// Remembers what is known about a model. Forgets it if the database is busy.
    func learn(_ quirks: Set<ModelQuirk>, of model: String, at now: Timestamp) {
        let known = ModelQuirk.allCases.filter(quirks.contains).map { JSON.string($0.rawValue) }
        _ = try? store.maintain {
            let others = try current(at: now).filter { $0["model"]?.string != model }.suffix(Self.mostModels - 1)
            let entry: JSON = [
                "model": .string(model), "quirks": .array(known),
                "until": .int((now + Self.lifetime).milliseconds),
            ]
            let memory: JSON = ["url": .string(url), "models": .array(others + [entry])]
            try store.settings.set(Self.setting, to: memory.text)
        }
    }

    private func current(at now: Timestamp) throws -> [JSON] {
        guard let text = try store.settings.value(Self.setting), let memory = try? JSONReader.parse(text),
            memory["url"]?.string == url
        else { return [] }
        return (memory["models"]?.array ?? []).filter { ($0["until"]?.int ?? 0) > now.milliseconds }
    }
}
