import Glibc
import Models

/// The model whose file is installed with the executables.
public final class BuiltInEmbedder: Embedder, Sendable {
    public let model: EmbeddingModel
    public var name: String { model.name }
    /// The most threads that a call uses.
    public let threads: Int
    private let tokenizer: SubwordTokenizer
    private let encoder: Encoder

    private static let mostThreads = 4

    /// - Parameter threads: nil for one per processor, at most 4.
    public init(_ file: ModelFile, kernels: EncoderKernels = .fastest, threads: Int? = nil) throws(ModelFileError) {
        tokenizer = try SubwordTokenizer(file)
        encoder = try Encoder(file, kernels: kernels)
        model = EmbeddingModel(name: BuiltInModel.name, dimensions: encoder.dimensions)
        self.threads = max(1, threads ?? min(Self.mostThreads, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// A single text takes one thread. It is not split between several: a query is done in 2 ms with the
    /// kernels `avx512vnni`.
    public func embed(_ texts: [String], as role: TextRole) -> [[Float]] {
        encoder.encode(
            texts.map { tokenizer.tokens(of: $0, as: role, limit: encoder.mostTokens) }, threads: threads)
    }
}
