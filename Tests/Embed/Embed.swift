import Embedding
import Glibc

/// Embeds the lines of standard input, for benchmarks and comparisons. It is no part of the product.
///
///     EMBEDDING_MODEL_FILE=… [EMBEDDING_KERNEL=…] embed query|passage [THREADS]
///
/// The first line of the output names the kernels. An empty line ends a group of texts, which are embedded at once; their
/// vectors are written as a line of JSON each.
@main struct Embed {
    static func main() throws {
        let arguments = CommandLine.arguments
        let role: TextRole = arguments.dropFirst().first == "query" ? .query : .passage
        let threads = arguments.count > 2 ? Int(arguments[2]) : nil
        let path = getenv("EMBEDDING_MODEL_FILE").map { String(cString: $0) } ?? ""
        let embedder = try BuiltInEmbedder(ModelFile(path: path), threads: threads)
        print(EncoderKernels.fastest.name)
        fflush(nil)
        var group: [String] = []
        while let line = readLine() {
            if !line.isEmpty {
                group.append(line)
                continue
            }
            for vector in embedder.embed(group, as: role) {
                print("[\(vector.map { "\($0)" }.joined(separator: ","))]")
            }
            fflush(nil)
            group = []
        }
    }
}
