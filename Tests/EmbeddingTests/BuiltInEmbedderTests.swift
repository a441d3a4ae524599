import Foundation
import Models
import Testing

@testable import Embedding

@Suite(.enabled(if: TestModel.exists, TestModel.missing))
struct BuiltInEmbedderTests {
    private let embedder: BuiltInEmbedder

    init() throws { embedder = try BuiltInEmbedder(ModelFile(path: TestModel.path)) }

    @Test func vectorsAreThosePublishedForTheTexts() {
        #expect(embedder.model == EmbeddingModel(name: "multilingual-e5-small", dimensions: 384))
        for (prefix, role) in [("query: ", TextRole.query), ("passage: ", .passage)] {
            let expected = Golden.all.filter { $0.prefix == prefix }
            let vectors = embedder.embed(expected.map(\.text), as: role)
            #expect(zip(vectors, expected).allSatisfy { cosine($0, $1.embedding) > 0.9997 })
        }
        #expect(embedder.embed([], as: .query).isEmpty)
    }

    @Test func aFileThatIsRepairedIsOpened() throws {
        try TinyModel.with(Data("AINXEMB1 and nothing that belongs there".utf8)) { path in
            let configuration = EmbeddingConfiguration.builtIn(file: path)
            #expect(throws: ModelFileError.self) { try Embedders.open(configuration) }
            #expect(Embedders.shared(configuration) == nil)
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: ModelFileError.missing(path: path)) { try Embedders.open(configuration) }
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: TestModel.path)
            #expect(try Embedders.open(configuration) != nil)
        }
    }

    @Test func aTranslationIsCloserThanAnotherSubject() {
        let question = embedder.embed(["Wie viele Urlaubstage habe ich im Jahr?"], as: .query)[0]
        let passages = embedder.embed(
            ["Employees are entitled to 28 days of paid leave a year.", "The pump is switched off at 80 degrees."],
            as: .passage)
        #expect(cosine(question, passages[0]) > cosine(question, passages[1]) + 0.05)
    }
}
