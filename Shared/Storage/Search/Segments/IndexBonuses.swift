import Language

extension IndexSearch {
    /// A word in some passages of a segment.
    private struct BonusWord {
        var alternatives: [(term: PhraseMatcher.Alternative, postings: [PostingLocator])] = []
        /// How often the content of each passage has it, weighted.
        var hits: [UInt32: Float] = [:]

        /// The occurrences that have positions, in some of the passages.
        func occurrences(in own: Set<UInt32>, _ matcher: PhraseMatcher) throws -> PhraseMatcher.Occurrences {
            var all: PhraseMatcher.Occurrences?
            for (term, postings) in alternatives where term.entry.kind != .none {
                var found = PhraseMatcher.Occurrences()
                if term.entry.kind == .all, !term.entry.isTiny {
                    found = try matcher.occurrences(of: term, at: postings.filter { own.contains($0.ordinal) })
                } else {
                    found = try matcher.occurrences(of: [term], among: own.sorted())
                }
                if let before = all { found = PhraseMatcher.Occurrences.union(before, found) }
                all = found
            }
            return all ?? PhraseMatcher.Occurrences()
        }

        /// Adds what `occurrences` reads.
        func prefetch(in own: Set<UInt32>, _ matcher: PhraseMatcher, to ahead: Prefetch) {
            for (term, postings) in alternatives where term.entry.kind == .all && !term.entry.isTiny {
                matcher.prefetch(postings.filter { own.contains($0.ordinal) }, to: ahead)
            }
        }
    }

    /// What is known about a segment before positions are read.
    private struct BonusSegment {
        let index: Int
        let matcher: PhraseMatcher
        var words: [[QueryClause.Term]: BonusWord] = [:]
        /// The passages in which the positions of each word matter.
        var wanted: [[QueryClause.Term]: Set<UInt32>] = [:]
    }

    private func bonusWord(
        _ word: [QueryClause.Term], in segment: Int, among ordinals: [UInt32], _ matcher: PhraseMatcher
    ) throws -> BonusWord {
        var found = BonusWord()
        for term in try place(of: word, in: segment) ?? [] {
            let postings = try matcher.locate(term.entry, among: ordinals)
            for posting in postings where posting.hits.content > 0 {
                found.hits[posting.ordinal, default: 0] += term.weight * Float(posting.hits.content)
            }
            found.alternatives.append((term, postings))
        }
        return found
    }

    /// Looks for words and phrases in the content of some passages.
    ///
    /// Positions are read last, and only of passages that have all words of a phrase.
    ///
    /// - Parameter body: gets the weight of a bonus, its weighted occurrences, and where they are.
    func each(
        _ bonuses: [Bonus], among passages: [(segment: Int, ordinals: [UInt32])],
        _ body: (_ weight: Float, _ hits: Float, _ ordinal: UInt32, _ segment: Int) -> Void
    ) throws {
        var segments: [BonusSegment] = []
        for (index, ordinals) in passages {
            let matcher = PhraseMatcher(reader: self.segments[index].reader, budget: budget)
            var segment = BonusSegment(index: index, matcher: matcher)
            for word in bonuses.flatMap(\.words) where segment.words[word] == nil {
                segment.words[word] = try bonusWord(word, in: index, among: ordinals, matcher)
            }
            guard !budget.isOver else { return }
            for bonus in bonuses where bonus.weight > 0 {
                let own = bonus.words.map { segment.words[$0] ?? BonusWord() }
                for ordinal in ordinals where own.allSatisfy({ $0.hits[ordinal] != nil }) {
                    if own.count == 1, let hits = own[0].hits[ordinal] {
                        body(bonus.weight, hits, ordinal, index)
                    } else {
                        for word in bonus.words { segment.wanted[word, default: []].insert(ordinal) }
                    }
                }
            }
            segments.append(segment)
        }
        let server = segments.lazy.compactMap { $0.matcher.reader.source.server }.first
        try server?.database.prefetch { ahead in
            for segment in segments {
                for (word, own) in segment.wanted { segment.words[word]?.prefetch(in: own, segment.matcher, to: ahead) }
            }
        }
        for segment in segments {
            var found: [[QueryClause.Term]: PhraseMatcher.Occurrences] = [:]
            for (word, own) in segment.wanted {
                found[word] = try segment.words[word]?.occurrences(in: own, segment.matcher)
            }
            guard !budget.isOver else { return }
            for bonus in bonuses where bonus.weight > 0 && bonus.words.count > 1 {
                let phrase = PhraseMatcher.Occurrences.sequence(
                    bonus.words.map { found[$0] ?? PhraseMatcher.Occurrences() })
                for (ordinal, hits) in zip(phrase.ordinals, phrase.hits) where hits.content > 0 {
                    body(bonus.weight, hits.content, ordinal, segment.index)
                }
            }
        }
    }
}

extension TermEntry {
    fileprivate var isTiny: Bool {
        if case .tiny = postings { return true }
        return false
    }
}
