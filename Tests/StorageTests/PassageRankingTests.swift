import Models
import Testing

@testable import Storage

/// Search prunes passages that cannot be among the best. Its results must equal those of scoring all of them.
@Suite(.serialized) struct PassageRankingTests {
    private static let vocabulary: [String] = "bdgklm".flatMap { first in
        "bdfgklmnpr".map { second in "\(first)o\(second)a" }
    }

    /// Two workspaces whose documents have a few passages each, with the word frequencies of natural text.
    private static func corpus(seed: UInt64) throws -> Corpus {
        var numbers = Numbers(state: seed)
        let corpus = try Corpus()
        for workspace in [try corpus.addWorkspace(), try corpus.addWorkspace()] {
            for _ in 0..<12 {
                try corpus.add(
                    (0..<25).map { _ in
                        let length = Int.random(in: 3...60, using: &numbers)
                        return (
                            heading: words(Int.random(in: 0...2, using: &numbers), &numbers),
                            content: words(length, &numbers)
                        )
                    }, to: workspace)
            }
        }
        return corpus
    }

    private static func words(_ count: Int, _ numbers: inout Numbers) -> [String] {
        (0..<count).map { _ in vocabulary[numbers.rank(below: vocabulary.count)] }
    }

    private static func query(_ numbers: inout Numbers, _ corpus: Corpus) -> PassageIndex.Query {
        var query = PassageIndex.Query()
        for word in words(Int.random(in: 1...6, using: &numbers), &numbers) where !query.terms.contains(word) {
            query.terms.append(word)
        }
        if Int.random(in: 0..<5, using: &numbers) == 0 {
            query.phrases = (0..<Int.random(in: 1...2, using: &numbers)).map { _ in
                words(Int.random(in: 1...3, using: &numbers), &numbers)
            }
        }
        if Int.random(in: 0..<4, using: &numbers) == 0 {
            query.excluded = [words(Int.random(in: 1...2, using: &numbers), &numbers)]
        }
        if Int.random(in: 0..<4, using: &numbers) == 0 {
            let some = (0..<3).compactMap { _ in corpus.entries.randomElement(using: &numbers)?.document }
            query.documents = .only(Set(some))
        }
        query.limit = [1, 3, 10, 50, 500].randomElement(using: &numbers) ?? 10
        query.threshold = [0, 0, 0.2, 0.5].randomElement(using: &numbers) ?? 0
        return query
    }

    private static func compare(_ corpus: Corpus, _ query: PassageIndex.Query, in workspace: Workspace.ID) throws {
        let found = try corpus.store.passages.search(query, in: workspace)
        let expected = corpus.expected(query, in: workspace)
        #expect(found.map(\.passage.id) == expected.map(\.id), "\(query)")
        #expect(zip(found, expected).allSatisfy { abs($0.score - $1.score) < 0.0001 }, "\(query)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func resultsAreThoseOfScoringAll(seed: UInt64) throws {
        let corpus = try Self.corpus(seed: seed)
        var numbers = Numbers(state: seed &* 977)
        var pruned = 0
        for _ in 0..<60 {
            for workspace in corpus.workspaces {
                let query = Self.query(&numbers, corpus)
                try Self.compare(corpus, query, in: workspace)
                if query.limit <= 10, query.terms.count > 1 { pruned += 1 }
            }
        }
        #expect(pruned > 30, "these are what pruning is for")
    }

    /// Otherwise scores would reveal which words other people's documents contain.
    @Test func whatOthersHaveChangesNoScore() throws {
        let corpus = try Corpus()
        let (own, other) = (try corpus.addWorkspace(), try corpus.addWorkspace())
        try corpus.add([([], ["merger", "plan"]), ([], ["picnic", "plan"]), ([], ["picnic", "list"])], to: own)
        var query = PassageIndex.Query()
        query.terms = ["merger", "picnic"]
        let before = try corpus.store.passages.search(query, in: own).map(\.score)
        for word in ["merger", "picnic", "merger"] {
            try corpus.add([([], Array(repeating: word, count: 200) + ["plan"])], to: other)
        }
        #expect(try corpus.store.passages.search(query, in: own).map(\.score) == before)
        #expect(before.count == 3)
        try Self.compare(corpus, query, in: own)
        try Self.compare(corpus, query, in: other)
    }

    @Test func ofEqualPassagesTheNewestComeFirst() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        for number in 0..<30 {
            try corpus.add(
                [([], number.isMultiple(of: 3) ? ["alpha", "beta", "gamma"] : ["beta", "alpha", "gamma"])],
                to: workspace)
        }
        var query = PassageIndex.Query()
        query.terms = ["alpha", "beta"]
        for limit in [1, 7, 30] {
            query.limit = limit
            try Self.compare(corpus, query, in: workspace)
        }
    }

    @Test func whatIsRemovedIsGoneAtOnce() throws {
        let corpus = try Self.corpus(seed: 9)
        var numbers = Numbers(state: 4)
        let workspace = corpus.workspaces[0]
        for _ in 0..<10 {
            guard let document = corpus.entries.first(where: { $0.workspace == workspace })?.document else { break }
            try corpus.remove(document, from: workspace)
            for _ in 0..<5 {
                // A term must keep a weight even if no passage contains it any more.
                try Self.compare(corpus, Self.query(&numbers, corpus), in: workspace)
            }
        }
    }

    @Test func theCommonestWordsAloneFindTheBest() throws {
        let corpus = try Self.corpus(seed: 5)
        var query = PassageIndex.Query()
        query.terms = Array(Self.vocabulary.prefix(3))
        try Self.compare(corpus, query, in: corpus.workspaces[1])
        query.terms = [Self.vocabulary[0], "nowhere"]
        try Self.compare(corpus, query, in: corpus.workspaces[1])
    }
}
