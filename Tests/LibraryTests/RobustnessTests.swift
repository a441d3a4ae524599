import Models
import Testing

@testable import Library

/// The same numbers in each run (SplitMix64), so that a failure can be repeated.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct RobustnessTests {
    static let types: [DocumentType] = [.text, .markdown, .html, .csv, .json]

    private static let seeds = [
        "<!doctype html><title>T</title><h1>A</h1><p>x &amp; y &#x41; <table><tr><th>a<td>b</table>"
            + "<pre>c</pre><ul><li>d</ul><script>e</script><!-- f --><nav>g</nav>",
        "---\ntitle: x\n---\n# H\n\n- a [l](u) ![i](p)\n\n|a|b|\n|-|-|\n|1|2|\n\n"
            + "```\ncode\n```\n\n    i\n",
        "a;b;\"c\"\"d\"\n1;2;\"x\ny\"\n",
        #"{"a":[1,{"b":"\u00e9\ud83d\ude00"},null,true],"c":-1e5}"#,
        "  5. A Title.\n\n   4. Run In. You may go.\n\n****\nX\n===\n\n"
            + "    a) item\n    b) item 3.5 e.g. x.\n",
    ]

    private func check(_ bytes: [UInt8]) {
        for type in Self.types {
            guard let text = try? TextExtractor.extract(bytes, as: type) else { continue }
            let count = text.text.utf8.count
            for block in text.blocks {
                #expect(block.range.lowerBound >= 0 && block.range.upperBound <= count)
            }
            expectBounds(PassageSplitter.split(text), of: text)
        }
        _ = try? TypeDetector.detect(bytes: bytes, name: "x", declared: nil)
    }

    @Test func survivesRandomBytes() {
        var random = Random(state: 1)
        for length in [0, 1, 2, 3, 7, 64, 1_000, 5_000] {
            for _ in 0..<20 { check(bytes(length, from: &random)) }
        }
        check([0x50, 0x4B, 3, 4] + bytes(400, from: &random))
    }

    private func bytes(_ count: Int, from random: inout Random) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test func survivesTruncation() {
        for seed in Self.seeds {
            let bytes = Array(seed.utf8)
            for length in 0...bytes.count { check(Array(bytes[..<length])) }
        }
    }

    @Test func survivesMutation() {
        var random = Random(state: 2)
        for seed in Self.seeds {
            for _ in 0..<150 {
                var bytes = Array((seed + seed).utf8)
                for _ in 0..<Int.random(in: 1...12, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: index)
                    default: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
                    }
                }
                check(bytes)
            }
        }
    }

    /// Each of these took quadratic time in some parser.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "<", "[", "[](", "`", "``` ", "<nav>", "<table><td>", "&#", "\"a,", "* ", "![", "<!--",
            "</", "> ", "a\n\n", "1. A\n\n", "|", ". ", "{\"a\":", "#", "\\",
        ])
    func staysLinear(pattern: String) {
        check(Array(String(repeating: pattern, count: 200_000 / pattern.utf8.count).utf8))
    }
}
