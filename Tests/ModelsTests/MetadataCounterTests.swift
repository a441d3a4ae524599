import Testing

@testable import Models

/// How many keys and values a summary has at most.
@Suite struct MetadataCounterTests {
    private func summary(_ documents: [String]) -> MetadataSummary {
        var counter = MetadataCounter()
        for var text in documents { text.withUTF8 { counter.add($0) } }
        return counter.summary(isComplete: true)
    }

    @Test func keysAreBounded() {
        let many = summary((0..<3000).map { #"{"k\#($0)": 1, "all": 1}"# })
        #expect(many.keys.count == 200 && many.isPartial && many.documents == 3000)
        #expect(many.keys.first?.key == "all" && many.keys.first?.documents == 3000)
        #expect(!summary((0..<200).map { #"{"k\#($0)": 1}"# }).isPartial)
        #expect(summary([#"{"\#(String(repeating: "k", count: 201))": 1}"#]).keys.isEmpty)
    }

    @Test func valuesAreBounded() {
        let many = summary((0..<5000).map { #"{"n": \#($0 < 100 ? $0 % 5 : $0)}"# })
        #expect(many.keys[0].values.count == 10 && many.keys[0].values.prefix(5).allSatisfy { $0.documents == 20 })
        #expect(many.keys[0].kinds.map(\.documents) == [5000])
    }

    @Test func aKeyCountsOnceInADocument() {
        let one = summary([
            #"{"a": 1, "a": 2, "b": [3, 3.0, {"c": 1}, []], "d": {}, "e": [], "x": {"y": {"z": true}}}"#, "[]",
        ])
        #expect(one.documents == 2)
        #expect(one.keys.map(\.key) == ["a", "b", "d", "e", "x.y.z"])
        #expect(one.keys.map { $0.values.map(\.value) } == [[2], [3], [], [], [true]])
        #expect(one.keys.map { $0.kinds.map(\.kind) } == [[.number], [.array], [.object], [.array], [.boolean]])
    }
}
