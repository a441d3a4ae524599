import Models

/// The language models that can be configured.
public enum LanguageModels {
    /// The name of the built-in answerer in the API.
    public static let builtIn = "built-in"

    /// The model of a configuration; nil without one. Each provider needs a line here.
    public static func make(_ configuration: ModelConfiguration?) -> (any LanguageModel)? {
        configuration.map(OpenAIChatModel.init)
    }

    /// The provider's name in responses.
    public static func name(_ configuration: ModelConfiguration?) -> String { make(configuration)?.name ?? builtIn }
}
