import Models

/// The language models that can be configured.
public enum LanguageModels {
    /// What the API calls the answerer that needs no provider.
    public static let builtIn = "built-in"

    /// The model of a configuration; nil without one. A new provider adds its line here.
    public static func make(_ configuration: ModelConfiguration?) -> (any LanguageModel)? {
        configuration.map(OpenAIChatModel.init)
    }

    /// The provider's name in responses.
    public static func name(_ configuration: ModelConfiguration?) -> String { make(configuration)?.name ?? builtIn }
}
