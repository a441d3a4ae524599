import Models
import Testing

@testable import Answering

struct PromptTextTests {
    private func passage(_ number: Int, isLatest: Bool? = nil, size: Int = 2_000) -> EvidencePassage {
        EvidencePassage(
            number: number, documentName: "Fees.txt", heading: nil, content: String(repeating: "x", count: size),
            score: 1, wordScore: EvidencePassage.usualWordScore,
            version: isLatest.map {
                .init(date: "2026-11-30T17:47:0\($0 ? 2 : 1)Z", newestDate: "2026-11-30T17:47:02Z")
            })
    }

    private func prompt(_ passages: [EvidencePassage]) -> Prompt {
        Prompt(
            question: "How much?", passages: passages, history: [], instructions: "", mode: .chat, model: "m",
            temperature: nil)
    }

    @Test func olderVersionsAreLeftOutFirst() throws {
        let long = prompt([passage(1, isLatest: false), passage(2, isLatest: true), passage(3), passage(4)])
        let shorter = try #require(PromptText(prompt: long).shortened(to: 0.8))
        #expect(shorter.passages.map(\.number) == [2, 3, 4])
        let turns = PromptText(prompt: shorter).turns
        #expect(turns[0].content.contains("Only [2] to [4] exist."))
        #expect(turns[0].content.contains("the newest holds"))
        #expect(try #require(PromptText(prompt: long).shortened(to: 0.6)).passages.map(\.number) == [2, 3])
        let gaps = prompt([passage(1), passage(3), passage(4)])
        #expect(PromptText(prompt: gaps).turns[0].content.contains("Only [1] and [3] to [4] exist."))
    }

    @Test func aShortenedPassageKeepsItsVersion() throws {
        let long = prompt([passage(1, isLatest: false), passage(2, isLatest: true, size: 20_000)])
        let shorter = try #require(PromptText(prompt: long).shortened(to: 0.3))
        #expect(shorter.passages.count == 1 && shorter.passages[0].content.utf8.count < 7_000)
        #expect(shorter.passages[0].version == long.passages[1].version)
    }
}
