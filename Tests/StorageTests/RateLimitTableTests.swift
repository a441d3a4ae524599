import Foundation
import Models
import Testing
import Wire

@testable import Storage

@Suite struct RateLimitTableTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("limits-\(UUID().uuidString)")
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    /// Inventing hundreds of thousands of callers must not evict a counter with a long window.
    @Test func longWindowsOutliveManyShortOnes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let table = try RateLimitTable(path: folder.path, secret: "secret")
        for _ in 0..<3 {
            #expect(try table.count("registration", as: .address, limit: 3, seconds: 3600, at: now).isAllowed)
        }
        for number in 0..<200_000 {
            _ = try table.count("login \(number)", as: .address, limit: 5, seconds: 60, at: now + 1)
        }
        let later = try table.count("registration", as: .address, limit: 3, seconds: 3600, at: now + 3599)
        #expect(!later.isAllowed && later.resetsAt == now + 3600)
        #expect(try table.count("registration", as: .address, limit: 3, seconds: 3600, at: now + 3600).isAllowed)
    }

    /// Nor a counter that protects an account, however many names and addresses there are.
    @Test(arguments: [RateLimitTable.Subject.unknownName, .address])
    func whatIsMadeUpPushesOutNoAccount(_ subject: RateLimitTable.Subject) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let table = try RateLimitTable(path: folder.path, secret: "secret")
        for _ in 0..<5 { #expect(try table.count("login ada", as: .account, limit: 5, seconds: 60, at: now).isAllowed) }
        for number in 0..<200_000 {
            _ = try table.count("made up \(number)", as: subject, limit: 5, seconds: 3600, at: now + 1)
        }
        #expect(try !table.count("login ada", as: .account, limit: 5, seconds: 60, at: now + 2).isAllowed)
    }

    @Test func aClockThatIsSetBackLocksNobodyOut() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let table = try RateLimitTable(path: folder.path, secret: "secret")
        #expect(try table.count("a", as: .account, limit: 1, seconds: 60, at: now).isAllowed)
        #expect(try !table.count("a", as: .account, limit: 1, seconds: 60, at: now + 59).isAllowed)
        #expect(try table.count("a", as: .account, limit: 1, seconds: 60, at: now + -86_400).isAllowed)
    }
}
