import Synchronization
import Testing

@testable import Embedding

@Test(
    "Batches hold whole texts, longest first, and are smaller if several threads share few texts",
    arguments: [
        ([10, 300, 0, 600, 5], 1, [[512], [300], [10, 5]]),
        ([100, 100, 100, 100], 1, [[100, 100], [100, 100]]),
        ([20, 20, 20, 20], 1, [[20, 20, 20, 20]]),
        ([20, 20, 20, 20], 2, [[20, 20], [20, 20]]),
        ([20, 20, 20, 20], 8, [[20], [20], [20], [20]]),
        ([0, 0], 2, []),
        ([], 2, []),
    ])
func batches(lengths: [Int], threads: Int, expected: [[Int]]) {
    let texts = lengths.map { Array(repeating: UInt32(7), count: $0) }
    let batches = EncoderBatches(texts, mostTokens: 512, batchTokens: 256, threads: threads)
    let next = Mutex(0)
    var found: [[Int]] = []
    while let batch = batches.take(next) {
        var counts: [Int] = []
        batch.eachText { text, first, count in
            #expect(first == counts.reduce(0, +))
            #expect(count == min(lengths[text], 512))
            counts.append(count)
        }
        var rows = 0
        batch.eachToken { row, _, _ in
            #expect(row == rows)
            rows += 1
        }
        #expect(rows == batch.tokens)
        found.append(counts)
    }
    #expect(found == expected)
    #expect(batches.largest == expected.map { $0.reduce(0, +) }.max())
}
