import Archive
import TestSupport
import Testing

struct ZipArchiveTests {
    private func contents(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws -> [String: String] {
        var archive = try ZipArchive(bytes, limits: limits)
        var contents: [String: String] = [:]
        for entry in archive.entries {
            contents[entry.name] = String(decoding: try archive.content(of: entry), as: UTF8.self)
        }
        return contents
    }

    private static let ordinary = """
        archive.comment = b"PK\\5\\6 is what ends a directory"
        archive.writestr("a.txt", "Anna " * 40)
        archive.writestr("stored", "as it is", zipfile.ZIP_STORED)
        archive.writestr("empty/", "")
        archive.writestr("größe.xml", "<x/>" * 9, compresslevel=9)
        """
    private static let expected = [
        "a.txt": String(repeating: "Anna ", count: 40), "stored": "as it is", "empty/": "",
        "größe.xml": String(repeating: "<x/>", count: 9),
    ]

    @Test func membersComeBack() throws {
        #expect(try contents(Python.archive(Self.ordinary)) == Self.expected)
        let archive = try ZipArchive(Python.archive(Self.ordinary))
        #expect(archive.entry(named: "stored")?.size == 8 && archive.entry(named: "nothing") == nil)
    }

    @Test func sizesMayStandBehindTheContent() throws {
        let bytes = try Python.pieces(
            """
            class Pipe(io.RawIOBase):
                def __init__(self): self.got = b""
                def writable(self): return True
                def write(self, data): self.got += bytes(data); return len(data)
            pipe = Pipe()
            with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("one", "first " * 50)
                archive.writestr("two", "second")
            out.append(pipe.got)
            """)[0]
        #expect(try contents(bytes) == ["one": String(repeating: "first ", count: 50), "two": "second"])
    }

    @Test func largeFormsAreUnderstood() throws {
        let bytes = try Python.archive(
            """
            with archive.open(zipfile.ZipInfo("large"), "w", force_zip64=True) as member: member.write(b"not so large")
            zipfile.ZIP64_LIMIT = 5
            zipfile.ZIP_FILECOUNT_LIMIT = 1
            archive.writestr("second", "beyond the limit" * 3)
            archive.writestr("third", "beyond the limit" * 3)
            """)
        #expect(bytes.count > 400)
        let second = String(repeating: "beyond the limit", count: 3)
        #expect(try contents(bytes) == ["large": "not so large", "second": second, "third": second])
    }

    @Test func aTruncatedArchiveIsDamaged() throws {
        let bytes = try Python.archive(Self.ordinary)
        for length in 0..<bytes.count {
            #expect(throws: ArchiveError.self, "\(length) bytes") { try contents(Array(bytes.prefix(length))) }
        }
    }

    @Test func corruptionGivesAnErrorOrTheRightBytes() throws {
        let bytes = try Python.archive(Self.ordinary)
        var random = Random(state: 11)
        for _ in 0..<6_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let found = try? contents(changed) else { continue }
            // Names and the number of members have no check sum; the content has.
            for content in found.values where !content.isEmpty {
                #expect(Self.expected.values.contains(content))
            }
        }
    }

    @Test func encryptedMembersAreRefused() throws {
        var bytes = try Python.archive(#"archive.writestr("secret", "x")"#)
        let directory = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        bytes[directory + 8] |= 1
        #expect(throws: ArchiveError.encrypted) { try contents(bytes) }
    }

    @Test func otherMethodsAreNamed() throws {
        let bytes = try Python.archive(#"archive.writestr("x", "x" * 99, zipfile.ZIP_BZIP2)"#)
        #expect(throws: ArchiveError.unknownMethod(12)) { try contents(bytes) }
    }

    @Test func aWrongCheckSumIsDamage() throws {
        var bytes = try Python.archive(#"archive.writestr("x", "abc", zipfile.ZIP_STORED)"#)
        bytes[31] ^= 1
        #expect(throws: ArchiveError.damaged) { try contents(bytes) }
    }

    @Test func bombsAreNotUnpacked() throws {
        let dense = try Python.archive(#"archive.writestr("zeros", bytes(20 << 20))"#)
        #expect(throws: ArchiveError.tooLarge) { try contents(dense) }
        let large = try Python.archive(
            #"for n in range(6): archive.writestr(f"{n}", random.randbytes(1000), zipfile.ZIP_STORED)"#)
        var limits = ArchiveLimits()
        limits.entrySize = 999
        #expect(throws: ArchiveError.tooLarge) { try contents(large, limits: limits) }
        limits = ArchiveLimits()
        limits.totalSize = 5_999
        #expect(throws: ArchiveError.tooLarge) { try contents(large, limits: limits) }
        limits = ArchiveLimits()
        limits.entries = 5
        #expect(throws: ArchiveError.tooLarge) { try contents(large, limits: limits) }
        limits.entries = 6
        #expect(try ZipArchive(large, limits: limits).entries.count == 6)
    }

    @Test func membersMayNotShareBytes() throws {
        var bytes = try Python.archive(
            """
            archive.writestr("a", "x" * 50)
            archive.writestr("a", "x" * 50)
            """)
        let second = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        for offset in 42..<46 { bytes[second + offset] = 0 }
        #expect(throws: ArchiveError.damaged) { try ZipArchive(bytes) }
    }

    @Test func whatIsNoArchiveIsDamaged() {
        for bytes in [[], Array("PK".utf8), [UInt8](repeating: 0x50, count: 70_000)] as [[UInt8]] {
            #expect(throws: ArchiveError.damaged) { try ZipArchive(bytes) }
        }
    }
}
