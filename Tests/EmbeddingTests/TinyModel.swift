import Foundation

/// A model file with a vocabulary of a few pieces, written here so that tests can damage it.
struct TinyModel {
    static let names = ["<s>", "</s>", "<unk>", "▁", "a", "aa", "aaa", "b", "▁ab", "ü"]
    static let scores: [Float] = [0, 0, 0, -3, -2, -2.5, -2.9, -2, -4, -5]
    /// `X` becomes `ab`, and a tabulator a space; U+00AD vanishes.
    static let replacements: [(UInt32, String)] = [(9, " "), (0x58, "ab"), (0xAD, "")]

    var sections: [(name: String, data: Data)]

    init() {
        sections = [
            ("config", Self.bytes([384, 12, 12, 1536, 10, 512, 2] as [UInt32]) + Self.bytes([1e-12] as [Float])),
            ("vocabulary", Self.bytes([UInt32(Self.names.count), 0, 1, 2, 5]) + Self.bytes([-15] as [Float])),
            ("scores", Self.bytes(Self.scores)), ("trie", Self.trie),
        ]
        sections += Self.normalisation
    }

    var file: Data {
        var head = Data("AINXEMB1".utf8) + Self.bytes([UInt32(sections.count), 0])
        var body = Data()
        let start = (head.count + sections.count * 32 + 63) / 64 * 64
        for (name, data) in sections {
            head += Data(name.utf8) + Data(count: 16 - name.utf8.count)
            head += Self.bytes([UInt64(start + body.count), UInt64(data.count)])
            body += data
            body += Data(count: (64 - body.count % 64) % 64)
        }
        return head + Data(count: start - head.count) + body
    }

    /// Writes a file, and removes it afterwards.
    @discardableResult static func with<Result>(_ data: Data, _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString)")
        try data.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path)
    }

    static func bytes<Number>(_ numbers: [Number]) -> Data { numbers.withUnsafeBytes { Data($0) } }

    /// Each node has 256 places of its own for its children.
    private static var trie: Data {
        var children: [[UInt8: Int]] = [[:]]
        var parents = [0], labels: [UInt8] = [0], values: [Int] = [0]
        for (id, piece) in names.enumerated() where id != 2 {
            var node = 0
            for byte in piece.utf8 {
                if let next = children[node][byte] {
                    node = next
                } else {
                    children[node][byte] = children.count
                    parents.append(node)
                    labels.append(byte)
                    values.append(0)
                    node = children.count
                    children.append([:])
                }
            }
            values[node] = id + 1
        }
        let nowhere = (1 << 22 - 1) as UInt64
        var units = [UInt64](repeating: nowhere << 42, count: 256 * (children.count + 1))
        let places = children.indices.map { $0 == 0 ? 0 : 256 * (parents[$0] + 1) + Int(labels[$0]) }
        for (node, place) in places.enumerated() {
            let parent = node == 0 ? nowhere : UInt64(places[parents[node]])
            let base = children[node].isEmpty ? 0 : UInt64(256 * (node + 1))
            units[place] = parent << 42 | base << 20 | UInt64(values[node])
        }
        return bytes(units)
    }

    private static var normalisation: [(name: String, data: Data)] {
        var text = Data()
        var pages = [UInt16](repeating: 0, count: 4 * 64)
        for (scalar, replacement) in replacements {
            pages[64 + Int(scalar)] = UInt16(text.count + 1)
            text += Data([UInt8(replacement.utf8.count)]) + Data(replacement.utf8)
        }
        return [
            ("normalise", bytes([1, 2, 3] as [UInt16])), ("normalise.pages", bytes(pages)), ("normalise.text", text),
        ]
    }
}
