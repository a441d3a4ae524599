import Foundation
import Testing

@testable import Embedding

@Suite struct ModelFileTests {
    private let texts = ["", "aab ab üX a\tb", "\0\u{10FFFF}", String(repeating: "aX", count: 40)]

    private func open(_ data: Data) throws -> ModelFile { try TinyModel.with(data) { try ModelFile(path: $0) } }

    /// Reads everything that there is. Errors are fine, crashes are not.
    private func use(_ data: Data) {
        guard let file = try? open(data) else { return }
        for (name, _) in TinyModel().sections { _ = try? file.section(name).reduce(0) { $0 ^ $1 } }
        guard let tokenizer = try? SubwordTokenizer(file) else { return }
        for text in texts { #expect(tokenizer.tokens(of: text, as: .query, limit: 512).count <= 512) }
    }

    @Test func aFileIsReadBySections() throws {
        let file = try open(TinyModel().file)
        #expect((file.config.hidden, file.config.heads, file.config.positions) == (384, 12, 512))
        #expect(try Array(file.numbers("scores", of: Float.self)) == TinyModel.scores)
        #expect(throws: ModelFileError.self) { try file.section("l00.q.w") }
        #expect(throws: ModelFileError.self) { try file.section("scores", length: 41) }
        #expect(throws: ModelFileError.self) { try file.numbers("normalise", of: UInt32.self) }
    }

    @Test func whatIsNoModelIsNamed() throws {
        #expect(throws: ModelFileError.missing(path: "/nowhere/m.bin")) { try ModelFile(path: "/nowhere/m.bin") }
        #expect(throws: ModelFileError.foreign(path: "/")) { try ModelFile(path: "/") }
        #expect(throws: ModelFileError.foreign(path: "/dev/null")) { try ModelFile(path: "/dev/null") }
        for text in ["", "no model, however long it may be", "AINXEMB2 and what else follows here"] {
            try TinyModel.with(Data(text.utf8)) { path in
                #expect(throws: ModelFileError.foreign(path: path)) { try ModelFile(path: path) }
            }
        }
    }

    @Test func aTruncatedFileIsRefused() throws {
        let whole = TinyModel().file
        for length in Array(stride(from: 0, to: whole.count - 64, by: 61)) + Array(0..<600) {
            #expect(throws: ModelFileError.self, "\(length) bytes") { try open(whole.prefix(length)) }
        }
    }

    @Test func impossibleSectionsAreRefused() throws {
        let wrong: [(offset: UInt64, length: UInt64)] = [
            (64, .max), (.max - 63, 64), (1 << 40, 0), (1, 8), (640, 1 << 20),
        ]
        for (offset, length) in wrong {
            var data = TinyModel().file
            data.replaceSubrange(96..<112, with: TinyModel.bytes([offset, length]))
            #expect(throws: ModelFileError.self) { try open(data) }
        }
        for change in [(0, "config"), (2, "scores"), (3, "vocabulary"), (3, "normalise")] {
            var model = TinyModel()
            if change.0 == 0 { model.sections.removeFirst() } else { model.sections[change.0].name = "config" }
            #expect(throws: ModelFileError.self) { try SubwordTokenizer(open(model.file)) }
        }
    }

    @Test func dimensionsThatCannotBeAreRefused() throws {
        for (place, value) in [(0, 0), (0, 385), (1, .max), (2, 0), (4, 0), (4, 9), (5, 1 << 20)] as [(Int, UInt32)] {
            var model = TinyModel()
            model.sections[0].data.replaceSubrange(place * 4..<place * 4 + 4, with: TinyModel.bytes([value]))
            #expect(throws: ModelFileError.self, "\(place): \(value)") { try SubwordTokenizer(open(model.file)) }
        }
    }

    /// Whatever byte is wrong, it is an error or another id.
    @Test func aDamagedByteCrashesNothing() throws {
        let whole = TinyModel().file
        for place in Array(stride(from: 0, to: 700, by: 5)) + Array(stride(from: 700, to: whole.count, by: 401)) {
            for flip in [0xFF, 0x80, 0x01] as [UInt8] {
                var data = whole
                data[place] ^= flip
                use(data)
            }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            var data = whole
            for _ in 0..<400 { data[Int.random(in: 500..<data.count, using: &generator)] = .random(in: 0...255) }
            use(data)
        }
    }
}
