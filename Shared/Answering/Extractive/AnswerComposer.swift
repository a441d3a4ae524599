/// Composes an answer from ranked sentences.
enum AnswerComposer {
    /// The maximum number of sentences, not counting the items of a list.
    private static let maximumSentences = 3
    /// The maximum number of rows of tables. Rows that fit equally well are an answer together.
    private static let maximumRows = 6
    /// The maximum number of words, unless the first sentence is longer. A list ends with its passage.
    private static let textBudget = 80
    /// The maximum size of one item in UTF-8 bytes.
    private static let itemBudget = 420
    /// The minimum score of a further sentence, as a share of the best score: in the same passage, and in another.
    private static let nearBest = 0.8
    private static let nearBestElsewhere = 0.88
    /// The same for the second sentence if the best one has less of the question than ``wholeQuestion``. What it lacks,
    /// another may say.
    private static let nearIncomplete = 0.5
    private static let wholeQuestion = 0.8
    /// Sentences that share more than this fraction of their words are redundant.
    private static let redundancy = 0.6

    /// - Parameter ranked: at least one sentence, best first.
    static func compose(_ ranked: [RankedSentence], of evidence: Evidence) -> ExtractiveAnswer {
        var draft = AnswerDraft(evidence)
        let chosen = chosen(ranked, of: evidence)
        for index in chosen.sorted(by: { readsBefore($0, $1, evidence, ranked) }) {
            let sentence = evidence.sentences[index]
            if let leadIn = sentence.introduction {
                draft.add(leadIn)
                draft.addItem([index])
            } else if sentence.isRow {
                draft.addItem([index])
            } else {
                draft.add(index)
                if sentence.isLeadIn { addList(behind: index, to: &draft, evidence) }
            }
        }
        return draft.answer
    }

    private static func chosen(_ ranked: [RankedSentence], of evidence: Evidence) -> [Int] {
        guard let best = ranked.first else { return [] }
        // A list is a complete answer.
        let next = best.index + 1
        if next < evidence.sentences.count, evidence.sentences[next].leadIn == best.index {
            return [best.index]
        }
        var chosen = [best.index]
        var words = evidence.sentences[best.index].wordCount
        let isIncomplete = best.support.own < wholeQuestion && !evidence.sentences[best.index].isRow
        for candidate in ranked.dropFirst() {
            let sentence = evidence.sentences[candidate.index]
            let areRows = sentence.isRow && evidence.sentences[best.index].isRow
            let isElsewhere = sentence.passage != evidence.sentences[best.index].passage
            let near =
                isIncomplete && chosen.count == 1 ? nearIncomplete : isElsewhere ? nearBestElsewhere : nearBest
            guard chosen.count < (areRows ? maximumRows : maximumSentences),
                candidate.score >= min(near, nearBest) * best.score
            else { break }
            guard candidate.score >= near * best.score, words + sentence.wordCount <= textBudget else { continue }
            if areOfOneTable(best.index, candidate.index, evidence) { continue }
            // Rows share the names of their columns.
            let isNew =
                areRows
                || chosen.allSatisfy {
                    overlap(evidence.sentences[$0].roots, sentence.roots) <= redundancy
                        && sentence.leadIn != $0
                }
            guard isNew else { continue }
            chosen.append(candidate.index)
            words += sentence.wordCount
        }
        return chosen
    }

    /// Whether the first is a row of the table that the other announces. A row answers without the rest of its table.
    private static func areOfOneTable(_ row: Int, _ leadIn: Int, _ evidence: Evidence) -> Bool {
        evidence.sentences[row].isRow && evidence.sentences[row].leadIn == leadIn
    }

    private static func overlap(_ first: Set<Int>, _ second: Set<Int>) -> Double {
        let smaller = min(first.count, second.count)
        return smaller == 0 ? 1 : Double(first.intersection(second).count) / Double(smaller)
    }

    /// Puts the best sentence first, behind the one before it in its paragraph, which it may refer to; then the sentences
    /// of its passage; then the others. Rows stay in their order.
    private static func readsBefore(
        _ first: Int, _ second: Int, _ evidence: Evidence, _ ranked: [RankedSentence]
    ) -> Bool {
        guard let best = ranked.first?.index else { return first < second }
        func place(_ index: Int) -> Int {
            let (sentence, top) = (evidence.sentences[index], evidence.sentences[best])
            if sentence.passage != top.passage { return 2 }
            let isBefore = index + 1 == best && sentence.line == top.line
            return index == best || isBefore || top.isRow ? 0 : 1
        }
        return (place(first), first) < (place(second), second)
    }

    /// Adds the items of the list that a lead-in announces. `…` stands where there is more.
    private static func addList(
        behind leadIn: Int, to draft: inout AnswerDraft, _ evidence: Evidence
    ) {
        var index = leadIn + 1
        while index < evidence.sentences.count, evidence.sentences[index].leadIn == leadIn {
            let line = evidence.sentences[index].line
            var item: [Int] = []
            var size = 0
            var isCut = false
            while index < evidence.sentences.count, evidence.sentences[index].leadIn == leadIn,
                evidence.sentences[index].line == line
            {
                size += evidence.sentences[index].text.utf8.count + 1
                if item.isEmpty || size <= itemBudget { item.append(index) } else { isCut = true }
                index += 1
            }
            draft.addItem(item, isCut: isCut)
        }
        if evidence.isListCut(index - 1) { draft.addMore() }
    }
}

/// An answer under construction.
private struct AnswerDraft {
    private let evidence: Evidence
    private var content = ""
    private var cited: [Int] = []
    private var used: Set<Int> = []
    private var endsWithItem = false

    init(_ evidence: Evidence) { self.evidence = evidence }

    var answer: ExtractiveAnswer { ExtractiveAnswer(content: content + versions, cited: cited) }

    /// Which version of its document each passage is of, if any is of an older one.
    private var versions: String {
        let passages = cited.compactMap { number in evidence.passages.first { $0.number == number } }
        guard passages.contains(where: { $0.version?.isLatest == false }) else { return "" }
        let notes = passages.compactMap { passage in
            passage.version.map { "[\(passage.number)] \(passage.documentName), \(Self.note(on: $0))" }
        }
        return "\n\n" + notes.joined(separator: "\n")
    }

    private static func note(on version: EvidencePassage.Version) -> String {
        if version.isLatest { return "\(time(version.date, minute)) (newest version)" }
        let precision =
            [minute, second].first { time(version.date, $0) != time(version.newestDate, $0) } ?? millisecond
        let newest = time(version.newestDate, precision)
        return "\(time(version.date, precision)) (older version; newest: \(newest))"
    }

    /// How much of `20:45:01.234Z` to show.
    private static let minute = 5
    private static let second = 8
    private static let millisecond = 12

    /// `2026-11-23 20:45 UTC`
    private static func time(_ date: String, _ precision: Int) -> String {
        let parts = date.split(atByte: "T")
        return "\(parts[0]) \(Substring((parts.last ?? "").utf8.prefix(precision))) UTC"
    }

    /// Adds a sentence to the paragraph.
    mutating func add(_ index: Int) {
        guard used.insert(index).inserted else { return }
        if !content.isEmpty { content += endsWithItem ? "\n\n" : " " }
        append([index])
        endsWithItem = false
    }

    /// Adds the sentences of an item on a separate line.
    mutating func addItem(_ indices: [Int], isCut: Bool = false) {
        let fresh = indices.filter { used.insert($0).inserted }
        guard !fresh.isEmpty else { return }
        if !content.isEmpty { content += "\n" }
        append(fresh, isCut: isCut)
        endsWithItem = true
    }

    /// Says that the list goes on elsewhere.
    mutating func addMore() { content += "\n…" }

    private mutating func append(_ indices: [Int], isCut: Bool = false) {
        let texts = indices.map { evidence.sentences[$0].text }
        content += texts.joined(separator: " ") + (isCut ? " …" : "")
        guard let first = indices.first else { return }
        let number = evidence.passages[evidence.sentences[first].passage].number
        content += " [\(number)]"
        if !cited.contains(number) { cited.append(number) }
    }
}
