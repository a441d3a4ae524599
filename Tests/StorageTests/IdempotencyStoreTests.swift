import Foundation
import Models
import Testing
import Wire

@testable import Storage

/// Keys of requests that are worked on for longer than their claims last.
@Suite struct IdempotencyStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
    private let start = Timestamp(milliseconds: 1_800_000_000_000)
    private let id = [UInt8](repeating: 7, count: 32)

    private func claim(_ request: UInt8, at moment: Timestamp) -> IdempotencyStore.Claim {
        IdempotencyStore.Claim(id: id, fingerprint: [request], expiresAt: moment + 30)
    }

    private func answer(_ text: String) -> IdempotencyStore.Answer {
        IdempotencyStore.Answer(status: 201, location: nil, body: Array(text.utf8))
    }

    private func withStore(_ body: (IdempotencyStore) throws -> Void) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(Store(directory: folder.path).idempotency)
    }

    @Test func anAnswerTakesThePlaceOfItsClaim() throws {
        try withStore { keys in
            let claim = claim(1, at: start)
            try keys.add(claim, at: start)
            #expect(try keys.find(id, at: start)?.answer == nil)
            try keys.keep(answer("made"), for: claim, until: start + 3600, at: start)
            let record = try #require(try keys.find(id, at: start + 60))
            #expect(record.fingerprint == [1])
            #expect(record.answer?.body == Array("made".utf8))
        }
    }

    @Test func aClaimThatRanOutNeitherAnswersNorRemovesTheNext() throws {
        try withStore { keys in
            let (late, next) = (claim(1, at: start), claim(2, at: start + 30))
            try keys.add(late, at: start)
            try keys.add(next, at: start + 30)

            try keys.keep(answer("late"), for: late, until: start + 3600, at: start)
            #expect(try keys.find(id, at: start + 31)?.answer == nil)
            try keys.remove(late)
            #expect(try keys.find(id, at: start + 31)?.fingerprint == [2])

            try keys.keep(answer("next"), for: next, until: start + 3600, at: start + 30)
            #expect(try keys.find(id, at: start + 31)?.answer?.body == Array("next".utf8))
            try keys.keep(answer("late"), for: late, until: start + 3600, at: start)
            #expect(try keys.find(id, at: start + 31)?.answer?.body == Array("next".utf8))
        }
    }

    @Test func anAnswerIsKeptWhenItsClaimWasForgotten() throws {
        try withStore { keys in
            let late = claim(1, at: start)
            try keys.add(late, at: start)
            try keys.remove(late)
            try keys.keep(answer("late"), for: late, until: start + 3600, at: start)
            #expect(try keys.find(id, at: start + 60)?.answer?.body == Array("late".utf8))
        }
    }
}
