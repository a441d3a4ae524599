import CEmbedding
import Glibc

/// The inner loops of the encoder for an instruction set.
public struct EncoderKernels: @unchecked Sendable {
    let functions: embedding_kernels

    /// `avx512vnni`, `avx2`, `sdot` or `portable`.
    public var name: String { String(cString: functions.name) }

    /// The fastest that this machine runs. For tests and benchmarks, the variable `EMBEDDING_KERNEL` names others; it has
    /// no effect if the machine does not run those. `Endpoint` refuses names that no machine runs.
    public static let fastest =
        getenv("EMBEDDING_KERNEL").flatMap { EncoderKernels(named: String(cString: $0)) }
        ?? EncoderKernels(functions: embedding_kernels_named(nil).pointee)

    /// All that this machine runs.
    public static var runnable: [EncoderKernels] {
        ["avx512vnni", "avx2", "sdot", "portable"].compactMap(EncoderKernels.init(named:))
    }

    private init(functions: embedding_kernels) { self.functions = functions }

    /// Nil if the name is unknown, or the machine does not have the instructions.
    public init?(named name: String) {
        guard let kernels = embedding_kernels_named(name) else { return nil }
        functions = kernels.pointee
    }
}
