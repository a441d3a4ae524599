import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// Idempotency keys, and the claims of processes that work on them. Two stores act like two processes, because the
/// kernel's locks belong to open files.
@Suite struct IdempotencyStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID().uuidString)")
    private let start = Timestamp(milliseconds: 1_800_000_000_000)
    private let id = [UInt8](repeating: 7, count: 32)

    private func claim(_ request: UInt8) -> IdempotencyStore.Claim {
        IdempotencyStore.Claim(id: id, fingerprint: [request], expiresAt: start + 3600, leaseSeconds: 60)
    }

    private func claim(by keys: IdempotencyStore) throws -> Bool {
        guard try keys.take(claim(1), at: start) else { return false }
        try keys.add(claim(1), at: start)
        return true
    }

    private func answer(_ text: String) -> IdempotencyStore.Answer {
        IdempotencyStore.Answer(status: 201, location: nil, body: Array(text.utf8))
    }

    private func withStore(_ body: (IdempotencyStore) throws -> Void) throws {
        defer {
            TestDatabase.drop(for: data)
            try? FileManager.default.removeItem(at: folder)
        }
        try body(Store.forTests(in: data).idempotency)
    }

    private func another() throws -> IdempotencyStore { try Store.forTests(in: data).idempotency }
    private var data: String { folder.appendingPathComponent("data").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    @Test func anAnswerTakesThePlaceOfItsClaim() throws {
        try withStore { keys in
            #expect(try claim(by: keys))
            #expect(try keys.find(id, at: start)?.answer == nil)
            try keys.keep(answer("made"), for: claim(1), until: start + 3600, at: start)
            let record = try #require(try keys.find(id, at: start + 60))
            #expect(record.fingerprint == [1])
            #expect(record.answer?.body == Array("made".utf8))
        }
    }

    @Test func aClaimHoldsAsLongAsItsProcessLives() throws {
        try withStore { keys in
            var dying: IdempotencyStore? = try another()
            #expect(try claim(by: try #require(dying)))
            #expect(try !claim(by: keys), "however long it takes")
            dying = nil
            #expect(try claim(by: keys), "at once")
        }
    }

    @Test func whoTakesAClaimOverLearnsWhatWasMade() throws {
        try withStore { keys in
            var dying: IdempotencyStore? = try another()
            #expect(try claim(by: try #require(dying)))
            try dying?.note("msg_1")
            dying = nil
            #expect(try keys.find(id, at: start)?.progress == "msg_1")
        }
    }

    @Test func aReleasedOrRemovedClaimCanBeMadeAgain() throws {
        try withStore { keys in
            let other = try another()
            #expect(try claim(by: keys))
            try keys.remove(claim(1))
            #expect(try keys.find(id, at: start) == nil)
            #expect(try !claim(by: other))
            keys.release(claim(1))
            #expect(try claim(by: other))
        }
    }
}
