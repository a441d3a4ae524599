import Models
import Platform

/// The built-in model as it was installed: where its file is, and whether it can be used.
public enum BuiltInModel {
    public static let name = "multilingual-e5-small"

    public enum State: Equatable, Sendable {
        case ready(EmbeddingModel)
        /// It was never installed: there is no file at the usual place, and the configuration names none.
        case missing(path: String)
        /// There is a file that cannot be used, or none where the configuration says.
        case failed(ModelFileError)
    }

    /// The path of the file: the configured one, or `models/multilingual-e5-small.bin` beside this executable's folder.
    public static func path(_ file: String?) -> String {
        file ?? Executable.besideFolder("models/\(name).bin")
    }

    /// Opens the model; pages are read when they are used.
    /// - Parameter file: as in `EmbeddingConfiguration.builtIn`.
    public static func open(_ file: String?) throws(ModelFileError) -> BuiltInEmbedder {
        try BuiltInEmbedder(ModelFile(path: path(file)))
    }

    /// Whether the model can be opened: its sections are there and have the right lengths. Reads none of the large ones.
    public static func state(_ file: String?) -> State {
        do throws(ModelFileError) {
            return .ready(try open(file).model)
        } catch {
            if file == nil, case .missing(let path) = error { return .missing(path: path) }
            return .failed(error)
        }
    }
}
