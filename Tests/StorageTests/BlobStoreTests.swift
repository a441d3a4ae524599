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
