import Crypto
import Foundation
import Models
import TestSupport
import Testing
import Wire

@testable import Storage

/// Files are in place before anything refers to them, and stay as long as anything does.
@Suite final class BlobStoreTests {
    private struct Failure: Error {}

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID())").path
    private let store: Store
    private let owner: User.ID
    private let workspace: Workspace.ID
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let content = Array("The bytes of a file.".utf8)
    private let sha256: String
    /// The locks as another process would open them.
    private let otherLocks: FileLocks

    init() throws {
        store = try .forTests(in: folder)
        owner = try store.users.register(
            email: try #require(EmailAddress("ada@example.com")), name: "Ada", passwordHash: "*", at: now
        ).id
        workspace = try store.workspaces.create(
            name: "W", description: "", settings: WorkspaceSettings(), owner: owner, at: now
        ).id
        sha256 = Hex.encode(SHA256.hash(content))
        otherLocks = FileLocks(path: BlobLock.path(beside: FileBlobs.folder(in: folder)))
    }

    deinit {
        TestDatabase.drop(for: folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    private var isThere: Bool {
        FileManager.default.fileExists(atPath: "\(folder)/blobs/\(sha256.prefix(2))/\(sha256)")
    }

    private func files() -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/blobs/\(sha256.prefix(2))")
        return names ?? []
    }

    private func upload() throws -> Document.ID {
        let document = Document(
            id: .new(at: now), workspaceId: workspace, name: "D", type: .text, mimeType: "text/plain",
            size: content.count, sha256: sha256, status: .processed, error: nil, chunkCount: 0, wordCount: 0,
            metadata: RawJSON(.object([:])), uploadedBy: owner, createdAt: now, updatedAt: now)
        return try store.blobs.add(content, sha256: sha256) {
            #expect(isThere)
            _ = try store.documents.begin(document, at: now)
            return document.id
        }
    }

    @Test func aFileIsInItsPlaceBeforeTheWrite() throws {
        _ = try upload()
        #expect(isThere && files().count == 1)
        #expect(try store.blobs.read(sha256) == content)
    }

    @Test func nothingIsLeftOfAFileWhoseWriteFails() throws {
        #expect(throws: Failure.self) {
            try store.blobs.add(content, sha256: sha256) {
                #expect(isThere)
                throw Failure()
            }
        }
        #expect(files() == [])
    }

    @Test func nothingIsLeftOfAFileWhoseConclusionFails() throws {
        store.database.defersConclusion = true
        try store.blobs.add(content, sha256: sha256) {}
        #expect(isThere)
        #expect(throws: Failure.self) { try store.conclude { throw Failure() } }
        #expect(files() == [])
    }

    @Test func aFileIsRemovedAfterTheWriteThatRemovesItsLastDocument() throws {
        let document = try upload()
        try store.removeDocument(document, from: workspace) { #expect(isThere) }
        #expect(files() == [])
    }

    @Test func aFileStaysWhereAnotherProcessIsAboutToReferToIt() throws {
        let document = try upload()
        #expect(otherLocks.share(sha256))
        try store.removeDocument(document, from: workspace) {}
        #expect(isThere)
        otherLocks.giveBack(sha256)
        try store.removeOrphans(at: .now())
        #expect(files() == [])
    }

    @Test func aFailedUploadTakesNoFileFromAnother() throws {
        #expect(otherLocks.share(sha256))
        #expect(throws: Failure.self) { try store.blobs.add(content, sha256: sha256) { throw Failure() } }
        #expect(isThere)
        otherLocks.giveBack(sha256)
        _ = try upload()
        #expect(throws: Failure.self) { try store.blobs.add(content, sha256: sha256) { throw Failure() } }
        #expect(isThere)
    }
}

/// The same, where files are rows of the database.
@Suite final class RowBlobTests {
    private struct Failure: Error {}

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nexlayer-\(UUID())").path
    private let store: Store
    private let owner: User.ID
    private let workspace: Workspace.ID
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        store = try Store.forTests(in: folder, blobs: .database)
        owner = try store.users.register(
            email: try #require(EmailAddress("ada@example.com")), name: "Ada", passwordHash: "*", at: now
        ).id
        workspace = try store.workspaces.create(
            name: "W", description: "", settings: WorkspaceSettings(), owner: owner, at: now
        ).id
    }

    deinit {
        TestDatabase.drop(for: folder)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Bytes that differ from place to place.
    private func content(_ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    /// Every side of a part's boundary.
    private static let sizes = [
        1, 1000, RowBlobs.partSize - 1, RowBlobs.partSize, RowBlobs.partSize + 1, 2 * RowBlobs.partSize,
        2 * RowBlobs.partSize + 7,
    ]

    private func upload(_ content: [UInt8], failing: Bool = false) throws -> Document {
        let document = Document(
            id: .new(at: now), workspaceId: workspace, name: "D", type: .text, mimeType: "text/plain",
            size: content.count, sha256: Hex.encode(SHA256.hash(content)), status: .processed, error: nil,
            chunkCount: 0, wordCount: 0, metadata: RawJSON(.object([:])), uploadedBy: owner, createdAt: now,
            updatedAt: now)
        return try store.blobs.add(content, sha256: document.sha256) {
            _ = try store.documents.begin(document, at: now)
            if failing { throw Failure() }
            return document
        }
    }

    private func count(_ sql: SQL) throws -> Int { try store.database.value(sql) ?? -1 }
    private var parts: Int { get throws { try count("SELECT count(*) FROM blob_parts") } }
    private var claims: Int { get throws { try count("SELECT count(*) FROM file_claims") } }

    @Test(arguments: sizes) func whatIsAddedIsReadAndRemoved(size: Int) throws {
        let content = content(size)
        let document = try upload(content)
        #expect(try store.blobs.read(document.sha256) == content)
        for range in [0..<1, size - 1..<size, 0..<size, size / 3..<(size + 1) / 2]
            + (size > RowBlobs.partSize ? [RowBlobs.partSize - 1..<RowBlobs.partSize + 1] : [])
        where !range.isEmpty {
            #expect(try store.blobs.read(document.sha256, range: range) == Array(content[range]))
        }
        #expect(try (parts, claims) == ((size + RowBlobs.partSize - 1) / RowBlobs.partSize, 0))
        try store.removeDocument(document.id, from: workspace) {}
        #expect(try (parts, claims, count("SELECT count(*) FROM orphan_candidates")) == (0, 0, 0))
        #expect(throws: APIError.self) { try store.blobs.read(document.sha256) }
    }

    @Test(arguments: sizes) func nothingIsLeftWhereTheWriteFails(size: Int) throws {
        #expect(throws: Failure.self) { try upload(content(size), failing: true) }
        #expect(try (parts, claims) == (0, 0))
    }

    @Test func aFileThatAnotherUploadIsAddingStays() throws {
        let size = 2 * RowBlobs.partSize
        let document = try upload(content(size))
        let other = FileClaims(database: store.database)
        #expect(try other.share(document.sha256))
        try store.removeDocument(document.id, from: workspace) {}
        #expect(try parts == 2)
        other.giveBack(document.sha256)
        try store.removeOrphans(at: .now())
        #expect(try (parts, claims) == (0, 0))
    }

    @Test func whatAnUploadLeftThatDiedIsRemoved() throws {
        let content = content(RowBlobs.partSize + 1)
        let sha256 = Hex.encode(SHA256.hash(content))
        #expect(try store.blobs.place.hold(sha256, size: content.count))
        try store.blobs.place.put(content, as: sha256)
        try store.removeOrphans(at: .now())
        #expect(try parts == 2)
        try store.blobs.removeUnfinished(before: .now() + 2 * 3600)
        #expect(try claims == 0)
        try store.removeOrphans(at: .now())
        #expect(try parts == 0)
    }

    @Test func anUploadWhoseClaimHasLapsedFails() throws {
        let sha256 = String(repeating: "a", count: 64)
        let claims = FileClaims(database: store.database)
        #expect(try claims.share(sha256))
        try store.database.run("UPDATE file_claims SET expires_at = 1")
        // Another process removes it now.
        #expect(try claims.removing([sha256]) { _ in } == [sha256])
        #expect(throws: APIError.self) { try claims.settle(sha256) }
    }

    @Test func anotherPlaceIsRefusedWhileThereAreDocuments() throws {
        let document = try upload(content(10))
        let elsewhere = try Store.forTests(in: folder)
        var error = #expect(throws: APIError.self) { try elsewhere.blobs.read(document.sha256) }
        #expect(error?.message.contains("BLOBS") == true)
        error = #expect(throws: APIError.self) { try elsewhere.blobs.add([1], sha256: document.sha256) {} }
        #expect(error?.message.contains("BLOBS") == true)
        try store.removeDocument(document.id, from: workspace) {}
        try elsewhere.blobs.add([1], sha256: document.sha256) {}
        #expect(throws: Never.self) { try elsewhere.blobs.read(document.sha256) }
    }
}
