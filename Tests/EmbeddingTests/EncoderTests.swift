import Testing

@testable import Embedding

/// The cosine of vectors of length 1.
func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

@Suite(.enabled(if: TestModel.exists, TestModel.missing))
struct EncoderTests {
    private let file: ModelFile
    init() throws { file = try ModelFile(path: TestModel.path) }

    @Test("Vectors are those of exact arithmetic, whatever the machine", arguments: EncoderKernels.runnable.map(\.name))
    func goldenVectors(kernel: String) throws {
        let encoder = try Encoder(file, kernels: #require(EncoderKernels(named: kernel)))
        let vectors = encoder.encode(Golden.all.map(\.ids), threads: 2)
        for (golden, vector) in zip(Golden.all, vectors) {
            let likeness = cosine(vector, golden.embedding)
            #expect(likeness > (kernel == "portable" ? 0.99999 : 0.9997), "\(kernel): \(golden.prefix)\(golden.text)")
        }
    }

    @Test("A text has the same vector alone as among others")
    func batches() throws {
        let encoder = try Encoder(file)
        let texts = Golden.all.map(\.ids)
        for (text, vector) in zip(texts, encoder.encode(texts, threads: 3)) {
            #expect(cosine(vector, encoder.encode([text])[0]) > 0.99999)
        }
    }

    @Test("The end of a long text is ignored, and no tokens make a vector of zeros")
    func extremes() throws {
        let encoder = try Encoder(file)
        let long = (0..<600).map { UInt32($0 * 37 + 5) }
        let vectors = encoder.encode([long, [], Array(long.prefix(512)), [0, .max]])
        #expect(vectors[0] == vectors[2])
        #expect(vectors[1] == Array(repeating: 0, count: 384))
        #expect(abs(cosine(vectors[3], vectors[3]) - 1) < 1e-5)
        #expect(encoder.encode([]).isEmpty)
        #expect(encoder.encode([[]]) == [Array(repeating: 0, count: 384)])
    }
}

@Test("Kernels that do not exist or cannot run here are not found")
func unknownKernels() {
    #expect(EncoderKernels(named: "quantum") == nil)
    #expect(EncoderKernels(named: "portable")?.name == "portable")
    #expect(EncoderKernels.runnable.contains { $0.name == EncoderKernels.fastest.name })
}
