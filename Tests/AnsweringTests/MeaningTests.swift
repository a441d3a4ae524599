import Embedding
import Models
import Testing

@testable import Answering

/// Sentences that say it in other words, and their vectors.
struct MeaningTests {
    /// A model that must not be asked.
    private struct NoModel: Embedder {
        let name = "test"
        let model = EmbeddingModel(name: "test", dimensions: 2)

        func embed(_ texts: [String], as role: TextRole) -> [[Float]] {
            Issue.record("\(texts)")
            return []
        }
    }

    /// A model that knows how close a few texts are to any question.
    private struct Model: Embedder {
        let cosines: [String: Float]
        let name = "test"
        let model = EmbeddingModel(name: "test", dimensions: 2)

        func embed(_ texts: [String], as role: TextRole) -> [[Float]] {
            texts.map { text in
                let cosine = role == .query ? 1 : cosines[text] ?? 0.7
                return [cosine, (1 - cosine * cosine).squareRoot()]
            }
        }
    }

    private static let content = "The canteen opens at noon. Your badge unlocks every door. Lunch is free."

    private func ask(_ question: String, badge: Float?, vector: [Float]? = nil) -> String {
        let passage = EvidencePassage(
            number: 1, documentName: "notes.txt", heading: nil, content: Self.content, score: 0.3, wordScore: 0.3)
        let model = badge.map { Model(cosines: ["Your badge unlocks every door.": $0]) }
        return ExtractiveAnswerer.answer(question, from: [passage], mode: .query, meaning: model, vector: vector)
            .content
    }

    @Test func aSentenceInOtherWordsAnswersIfItMeansTheSame() {
        let question = "How do I get into the building?"
        #expect(ask(question, badge: 0.95) == "Your badge unlocks every door. [1]")
        #expect(ask(question, badge: 0.72) == ExtractiveAnswerer.notFound)
        #expect(ask(question, badge: nil) == ExtractiveAnswerer.notFound)
    }

    @Test func theVectorOfTheSearchIsUsed() {
        let question = "How do I get into the building?"
        #expect(ask(question, badge: 0.95, vector: [1, 0]) == "Your badge unlocks every door. [1]")
        #expect(ask(question, badge: 0.95, vector: [0, 1]) == ExtractiveAnswerer.notFound)
    }

    @Test func aNumberThatNoTextHasIsNotReplacedByMeaning() {
        #expect(ask("How do I get into building 47?", badge: 0.95) == ExtractiveAnswerer.notFound)
    }

    @Test(arguments: ["How do I get into building 47?", "What is it?", "?"])
    func aCertainRefusalNeedsNoVectors(question: String) {
        let passage = EvidencePassage(
            number: 1, documentName: "notes.txt", heading: nil, content: Self.content, score: 0.3, wordScore: 0.3)
        let answer = ExtractiveAnswerer.answer(question, from: [passage], mode: .query, meaning: NoModel())
        #expect(answer.cited.isEmpty)
    }

    @Test func aRefusalNamesTheNearestPassageAndWhatItLacks() {
        let passages = ["The canteen opens at noon.", "The lease of the canteen ends in May."].enumerated().map {
            EvidencePassage(
                number: $0 + 1, documentName: "n.txt", heading: nil, content: $1, score: 0.3, wordScore: 0.1)
        }
        let answer = ExtractiveAnswerer.answer("When does the lease of the garage end?", from: passages, mode: .query)
        #expect(answer.cited.isEmpty)
        #expect(answer.nearest?.number == 2)
        #expect(answer.nearest?.sentence == "The lease of the canteen ends in May.")
        #expect(answer.nearest?.missing == ["garage"])
        #expect(Refusal(answer).reason(hasPassages: true).hasSuffix(": “garage”."))
    }

    private func refusal(of question: String, from content: String) -> Refusal {
        let passage = EvidencePassage(
            number: 1, documentName: "n.txt", heading: nil, content: content, score: 0.3, wordScore: 0.1)
        return Refusal(ExtractiveAnswerer.answer(question, from: [passage], mode: .query))
    }

    @Test(arguments: [
        ("谁发明了电话机？", "食堂中午开门。电话机在前台旁边。", ["发明"]),
        ("茶的价格和茶的产地是什么？", "咖啡的价格是十元。咖啡的产地是云南。", ["茶"]),
    ])
    func missingLettersMakeWords(question: String, content: String, words: [String]) {
        #expect(refusal(of: question, from: content).nearest?.missing == words)
    }

    @Test func aQuestionWithoutTopicHasNoWordsToCompare() {
        let refusal = refusal(of: "What is it?", from: "The canteen opens at noon.")
        #expect(refusal.reason(hasPassages: true) == "The question has no word that says what it is about.")
    }
}
