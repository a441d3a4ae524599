import Foundation
import Models
import TestSupport
import Testing

@testable import Storage

/// Reads and changes that travel together.
@Suite(.enabled(if: PostgresServer.isInstalled)) final class PrefetchTests {
    private let store: Store
    /// Another process.
    private let other: Store
    private var database: Database { store.database }
    private let folder = "/tmp/prefetch-\(UInt64.random(in: 0...UInt64.max))"

    init() throws {
        let server = try PostgresServer.shared.get()
        let own = try DatabaseServer(
            url: server.url(database: try server.createDatabase()), direct: nil, environment: { _ in nil })
        store = try Store(directory: folder, server: own)
        other = try Store(directory: folder, server: own)
        for name in ["a", "b", "c"] { try set(name, to: "1") }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func value(_ name: String) throws -> String? { try store.settings.value(name) }
    private func set(_ name: String, to value: String) throws {
        try database.send("UPDATE settings SET value = \(value) WHERE name = \(name)")
        try database.run("INSERT INTO settings (name, value) VALUES (\(name), \(value)) ON CONFLICT (name) DO NOTHING")
    }

    private func prefetch() throws {
        try database.prefetch { ahead in
            for name in ["a", "b", "c", "none"] { ahead.add { _ = try value(name) } }
        }
    }

    private func trips(_ body: () throws -> Void) rethrows -> Int {
        let before = store.roundTrips
        try body()
        return store.roundTrips - before
    }

    @Test func readsTakeOneRoundTripTogether() throws {
        func read() throws { #expect(try ["none", "c", "a", "b"].map(value) == [nil, "1", "1", "1"]) }
        #expect(try trips { try read() } == 4)
        for _ in 0..<2 {
            let inSnapshot = try trips {
                try database.snapshot {
                    try prefetch()
                    try read()
                }
            }
            let outside = try trips {
                try prefetch()
                try read()
            }
            #expect(inSnapshot == 1 && outside == 1)
        }
    }

    @Test func rowsAreThoseOfTheSnapshot() throws {
        try database.snapshot {
            #expect(try value("a") == "1")
            try other.settings.set("b", to: "2")
            try prefetch()
            #expect(try value("b") == "1")
            try prefetch()
        }
        #expect(try value("b") == "2")
    }

    @Test func theNextStatementOutsideOfATransactionEndsThem() throws {
        try prefetch()
        _ = try value("d")
        try other.settings.set("a", to: "2")
        #expect(try value("a") == "2")
    }

    @Test func ownChangesAreSeen() throws {
        try database.write {
            try prefetch()
            #expect(try value("b") == "1")
            try database.send("UPDATE settings SET value = '2' WHERE name = 'a'")
            #expect(try value("a") == "2")
            try prefetch()
            try database.run("UPDATE settings SET value = '3' WHERE name = 'a'")
            #expect(try value("a") == "3")
        }
        #expect(try value("a") == "3")
    }

    @Test func anErrorIsThatOfTheReadItself() throws {
        try database.snapshot {
            try database.prefetch { ahead in
                ahead.add { _ = try value("a") }
                ahead.add { _ = try database.value("SELECT 1 / 0", as: Int.self) }
                ahead.add { _ = try value("nul\0") }
                ahead.add { throw APIError.notFound("Nothing") }
            }
            #expect(try value("a") == "1")
            #expect(throws: APIError.self) { try database.value("SELECT 1 / 0", as: Int.self) }
        }
        #expect(try value("a") == "1")
    }

    @Test func nothingIsChangedWhileReadsAreCollected() throws {
        try database.prefetch { ahead in
            ahead.add { try store.settings.set("a", to: "2") }
            ahead.add { _ = try database.write { try database.run("DELETE FROM settings WHERE name = 'b'") } }
            ahead.add { _ = try value("c") }
        }
        #expect(try ["a", "b", "c"].map(value) == ["1", "1", "1"])
    }

    @Test func aWriteTakesOneRoundTripUnlessItReads() throws {
        let change = try trips { try database.send("UPDATE settings SET value = '2' WHERE name = 'a'") }
        #expect(change == 1)
        let several = try trips {
            try database.write {
                func set(_ name: String, to value: String) throws {
                    try database.send("UPDATE settings SET value = \(value) WHERE name = \(name)")
                }
                for name in ["a", "b", "c"] { try set(name, to: "4") }
                #expect(try value("c") == "4")
                for name in ["a", "b"] { try set(name, to: "5") }
            }
        }
        #expect(several == 2)
        #expect(try ["a", "b", "c"].map(value) == ["5", "5", "4"])
    }

    @Test func aWriteWhoseLastChangeMeetsAnotherRunsAgain() throws {
        var runs = 0
        try database.write {
            runs += 1
            let before = try value("a") ?? ""
            if runs == 1 { try other.settings.set("a", to: "x") }
            try database.send("UPDATE settings SET value = \(before + "y") WHERE name = 'a'")
        }
        #expect(runs == 2)
        #expect(try value("a") == "xy")
    }

    @Test func aCountForARateLimitTravelsWithReads() throws {
        let limits = SharedLimits(database: database, secret: "s")
        func count() throws -> Int { try limits.count("caller", limit: 10, seconds: 600).remaining }
        for left in [9, 8] {
            let trips = try trips {
                try database.snapshot {
                    try database.prefetch { ahead in
                        ahead.add { _ = try count() }
                        ahead.add { _ = try value("a") }
                    }
                    #expect(try count() == left)
                    #expect(try value("a") == "1")
                }
            }
            #expect(trips == 1)
        }
        #expect(try count() == 7)
    }

    @Test func manyChangesDoNotPileUp() throws {
        try database.write {
            for number in 0..<1000 {
                try database.send("INSERT INTO settings (name, value) VALUES (\("many \(number)"), 'x')")
            }
        }
        #expect(try database.value("SELECT count(*) FROM settings WHERE name LIKE 'many %'", as: Int.self) == 1000)
    }
}
