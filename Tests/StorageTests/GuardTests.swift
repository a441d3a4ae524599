import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// Promises that two writes to different rows could break together. On SQLite, the second waits for the first.
@Suite(.enabled(if: PostgresServer.isInstalled)) final class GuardTests {
    private let store: Store
    /// Another process.
    private let other: Store
    private let server: DatabaseServer
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let folder = "/tmp/guards-\(UInt64.random(in: 0...UInt64.max))"

    init() throws {
        let server = try PostgresServer.shared.get()
        self.server = try DatabaseServer(
            url: server.url(database: try server.createDatabase()), direct: nil, environment: { _ in nil })
        store = try Store(directory: folder, server: self.server)
        other = try Store(directory: folder, server: self.server)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func register(_ name: String) throws -> User {
        let email = try #require(EmailAddress("\(name)@example.com"))
        return try store.users.register(email: email, name: name, passwordHash: "*", at: now)
    }

    /// Runs `first` up to the point where it has read and written everything but not committed, and `second` meanwhile.
    private func interleave(_ first: () throws -> Void, _ second: () throws -> Void) throws {
        var isFirstRun = true
        try store.write {
            _ = try store.database.value("SELECT count(*) FROM users", as: Int.self)
            if isFirstRun {
                isFirstRun = false
                try second()
            }
            try first()
        }
    }

    private func isRefused(_ body: () throws -> Void) -> Bool {
        do { try body() } catch { return (error as? APIError)?.code == .conflict }
        return false
    }

    @Test func anAdministratorRemains() throws {
        var users = [try register("ada"), try register("bob")]
        users[1].role = .admin
        try store.users.save(users[1], newEmail: nil, newPasswordHash: nil)
        users[0].role = .user
        users[1].role = .user
        #expect(
            isRefused {
                try interleave {
                    try store.users.save(users[0], newEmail: nil, newPasswordHash: nil)
                } _: {
                    try other.users.save(users[1], newEmail: nil, newPasswordHash: nil)
                }
            })
        #expect(
            try store.database.value("SELECT count(*) FROM users WHERE role = 'admin'", as: Int.self) == 1)
    }

    @Test func anOwnerRemains() throws {
        let users = [try register("ada"), try register("bob")]
        let workspace = try store.workspaces.create(
            name: "W", description: "", settings: WorkspaceSettings(), owner: users[0].id, at: now)
        try store.members.set(users[1].id, in: workspace.id, role: .owner, at: now)
        #expect(
            isRefused {
                try interleave {
                    try store.members.remove(users[0].id, from: workspace.id)
                } _: {
                    try other.members.remove(users[1].id, from: workspace.id)
                }
            })
        #expect(try store.members.list(of: workspace.id, page: PageRequest(page: 1, limit: 20)).total == 1)
    }

    @Test func rightsThatAreRevokedMeanwhileDoNotCount() throws {
        let user = try register("ada")
        let workspace = try store.workspaces.create(
            name: "W", description: "", settings: WorkspaceSettings(), owner: user.id, at: now)
        var roles: [MemberRole?] = []
        try interleave {
            roles.append(try store.workspaces.role(of: user.id, in: workspace.id))
        } _: {
            try other.database.run("DELETE FROM members")
        }
        #expect(roles == [nil])
    }

    @Test func messagesAreNumberedWithoutGaps() throws {
        let user = try register("ada")
        let workspace = try store.workspaces.create(
            name: "W", description: "", settings: WorkspaceSettings(), owner: user.id, at: now)
        let conversation = try store.conversations.create(title: "C", in: workspace.id, for: user.id, at: now).id
        func add(to store: Store) throws {
            let message = Message(id: .new(at: now), role: .user, content: "m", createdAt: now)
            try store.conversations.append(
                [(message, TokenUsage(promptTokens: 0, completionTokens: 0))], to: conversation)
        }
        try interleave {
            try add(to: store)
        } _: {
            try add(to: other)
        }
        let positions: [Int] = try store.database.values("SELECT position FROM messages ORDER BY position")
        #expect(positions == [0, 1])
        #expect(try store.database.value("SELECT message_count FROM conversations", as: Int.self) == 2)
    }

    /// On one machine, the kernel tells whether the process that works on a request is alive.
    @Test func anotherMachineWaitsForTheEndOfAClaim() throws {
        let elsewhere = try Store(directory: "\(folder)/elsewhere", server: server)
        let claim = IdempotencyStore.Claim(
            id: Array(repeating: 7, count: 32), fingerprint: [1], expiresAt: now + 3600, leaseSeconds: 60)
        func take(_ store: Store, at time: Timestamp) throws -> Bool {
            try store.write {
                guard try store.idempotency.take(claim, at: time) else { return false }
                try store.idempotency.add(claim, at: time)
                return true
            }
        }
        #expect(try take(store, at: now))
        #expect(try !take(elsewhere, at: now) && !take(other, at: now))
        store.idempotency.release(claim)
        #expect(try !take(elsewhere, at: now + 59))
        #expect(try take(other, at: now))
        #expect(try take(elsewhere, at: now + 61))
    }
}
