import Glibc
import Language
import Wire

/// A sentence of a passage.
struct EvidenceSentence {
    /// The text with each run of white space collapsed to one space.
    let text: String
    /// The indices of the question's terms that occur in it.
    let terms: Set<Int>
    let stems: Set<String>
    /// Pairs of adjacent stems, joined by a space.
    let bigrams: Set<String>
    /// The words as written.
    let surfaces: Set<String>
    let wordCount: Int
    /// The index of its passage.
    let passage: Int
    /// The number of its line in the passage. Each list item is a line.
    let line: Int
    let isItem: Bool
    /// Whether it is a row of a table, with the names of its columns.
    let isRow: Bool
    /// A heading or a table-of-contents entry, which does not answer anything.
    let isHeading: Bool
    /// The index of the sentence that introduces its list (`…, provided that:`) or table.
    let leadIn: Int?
    /// The index of the question below which it stands, as on pages of frequent questions.
    let asked: Int?
    /// Where it stands below that question.
    let place: TextQuestion.Place?
    /// Whether it introduces a list or a table.
    let isLeadIn: Bool

    /// The sentence without which it does not make sense. A row with names does.
    var introduction: Int? { isRow ? nil : leadIn }
}

/// The sentences of the passages, and the weights of the question's terms in them.
struct Evidence {
    let passages: [EvidencePassage]
    private(set) var sentences: [EvidenceSentence] = []
    /// For each passage, the terms in its heading and its document's name.
    private(set) var contextTerms: [Set<Int>] = []
    /// For each passage, the terms anywhere in it.
    private(set) var passageTerms: [Set<Int>] = []
    /// Inverse document frequency over the sentences: rare terms weigh more.
    private(set) var weights: [Double] = []

    init(_ passages: [EvidencePassage], for question: ParsedQuestion) {
        self.passages = passages
        let stems = question.terms.map(\.stem)
        var seen: Set<String> = []
        for (index, passage) in passages.enumerated() {
            let start = sentences.count
            addSentences(of: passage, at: index, for: question, seen: &seen)
            let context = "\(passage.heading ?? "") \(passage.documentName)"
            contextTerms.append(TermMatch.terms(in: Self.stems(of: context), stems, areInflected: question.isInflected))
            passageTerms.append(sentences[start...].reduce(into: []) { $0.formUnion($1.terms) })
        }
        let counts = stems.indices.map { term in
            sentences.count { $0.terms.contains(term) } + contextTerms.count { $0.contains(term) }
        }
        let known = counts.filter { $0 > 0 }.map { weight(of: $0) }
        // A word that occurs nowhere may be another word for one that does, so it must not weigh the most.
        let unknown = min(weight(of: 0), (known.max() ?? .infinity) * Self.unknownWord)
        weights = counts.indices.map {
            counts[$0] == 0 && !question.terms[$0].isMainVerb ? unknown : weight(of: counts[$0])
        }
    }

    /// The weight of a word that occurs nowhere, as a share of the heaviest that occurs. With more, questions in other
    /// words are refused; with less, questions about something else are answered.
    private static let unknownWord = 0.9

    private func weight(of count: Int) -> Double {
        log(1 + Double(max(sentences.count, 1)) / max(Double(count), 0.5))
    }

    private static func stems(of text: String) -> [String] { Tokenizer.words(in: text).map(\.comparedStem) }

    /// Overlapping passages repeat sentences. Only the first copy is used.
    private mutating func addSentences(
        of passage: EvidencePassage, at index: Int, for question: ParsedQuestion, seen: inout Set<String>
    ) {
        let stems = question.terms.map(\.stem)
        let lines = passage.content.utf8.split(separator: 10).map(Self.collapse)
        // A passage with several small sections has all their headings, separated by `·`.
        let headings = Set(passage.heading?.split(separator: "·").map { $0.trimmed } ?? [])
        // A heading may share a line with its text: "3. Grant of Patent License. Subject to …".
        let headingWords = Set(headings.map { Tokenizer.words(in: $0).map(\.text) })
        let known = Set(
            stems + Self.stems(of: passage.documentName) + Self.stems(of: passage.heading ?? ""))
        var leadIn: Int?
        var asked: TextQuestion?
        for (number, text) in lines.enumerated() {
            if text == passage.heading || headings.contains(text) {
                asked = nil
                continue
            }
            let next = number + 1 < lines.count ? lines[number + 1] : nil
            let isCompleted = next.map { EvidenceLine.isCompleted(text, by: $0) } ?? false
            let isContents =
                EvidenceLine.isHeading(text)
                || EvidenceLine.isTitle(text, isLast: next == nil) { word in
                    // What items complete is a sentence, even if it only repeats the question.
                    !isCompleted && known.contains(word.comparedStem)
                }
            let isItem = EvidenceLine.isItem(text)
            let isRow = EvidenceLine.isRow(text)
            let isListed = leadIn != nil && (isItem || isRow || EvidenceLine.isUnnamedRow(text))
            if !isListed { leadIn = nil }
            if isContents { asked = nil }
            let ranges = Sentences.split(text)
            for range in ranges {
                let sentence = String(text[range])
                let isQuestion = TextQuestion.isQuestion(sentence)
                // Different questions may have the same answer.
                let key = asked.map { "\(sentences[$0.sentence].text)\n\(sentence)" } ?? sentence
                guard seen.insert(isQuestion ? sentence : key).inserted else { continue }
                let place = isQuestion ? nil : asked?.place(ofNextOn: number)
                let tokens = Tokenizer.words(in: sentence)
                let words = tokens.map(\.comparedStem)
                let isHeading = isQuestion || !isListed && (isContents || headingWords.contains(tokens.map(\.text)))
                let isLeadIn =
                    ListText.endsWithColon(sentence.utf8)
                    || isCompleted && range == ranges.last && !isHeading && !isListed
                sentences.append(
                    EvidenceSentence(
                        text: sentence,
                        terms: TermMatch.terms(in: words, stems, areInflected: question.isInflected).union(
                            Self.amounts(in: tokens, of: sentence, question)
                        ).union(isRow ? Self.cells(of: text, question) : []),
                        stems: Set(words),
                        bigrams: Set(zip(words, words.dropFirst()).map { "\($0) \($1)" }),
                        surfaces: Set(tokens.map { ParsedQuestion.surface(of: $0, in: sentence) }),
                        wordCount: words.count, passage: index, line: number, isItem: isItem, isRow: isRow,
                        isHeading: isHeading, leadIn: isListed ? leadIn : nil,
                        asked: isQuestion ? nil : asked?.sentence, place: place, isLeadIn: isLeadIn))
                // Others are part of an argument.
                if isQuestion, range == ranges.first || range == ranges.last {
                    asked = TextQuestion(sentence: sentences.count - 1)
                }
                if !isListed, isLeadIn { leadIn = sentences.count - 1 }
            }
        }
    }

    /// Whether the list of an item or row may go on in the next passage: it is the last of a passage that is full.
    func isListCut(_ item: Int) -> Bool {
        let sentence = sentences[item]
        guard sentence.leadIn != nil, item + 1 == sentences.count || sentences[item + 1].passage != sentence.passage
        else { return false }
        let content = passages[sentence.passage].content
        return content.unicodeScalars.count >= Self.fullSize
            || content.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 10 }).count >= Self.fullWords
    }

    /// From these sizes on, a passage may have been ended for its size: in scalars and in words.
    private static let fullSize = 1_800
    private static let fullWords = 200

    /// The terms for which an amount stands.
    private static func amounts(in words: [Token], of text: String, _ question: ParsedQuestion) -> [Int] {
        let hasOtherDimension = Dimension.isAnother(in: words.lazy.map(\.text), than: question.words)
        return question.terms.indices.filter { term in
            if hasOtherDimension, question.terms[term].measure == .length { return false }
            return question.terms[term].measure?.isStated(in: words, of: text, ignoring: question.words) ?? false
        }
    }

    /// The terms that mean the content of a cell, if the question names its row and its column: "the value of Aster in
    /// 2020".
    private static func cells(of row: String, _ question: ParsedQuestion) -> [Int] {
        let stems = question.terms.map(\.stem)
        var (names, values): (Set<Int>, Set<Int>) = ([], [])
        for cell in row.utf8.split(separator: UInt8(ascii: ";")) {
            let text = Substring(cell)
            guard let colon = text.firstIndex(ofBytes: ": ") else { continue }
            func terms(in part: Substring) -> Set<Int> {
                TermMatch.terms(in: Self.stems(of: String(part)), stems, areInflected: question.isInflected)
            }
            names.formUnion(terms(in: text[..<colon]))
            values.formUnion(terms(in: text[colon...]))
        }
        guard !names.isEmpty, !values.subtracting(names).isEmpty else { return [] }
        return question.terms.indices.filter { question.terms[$0].isCell }
    }

    private static func collapse(_ line: Substring.UTF8View) -> String {
        let words = line.split { $0 == 0x20 || $0 &- 9 < 5 }
        return words.map { String(Substring($0)) }.joined(separator: " ")
    }
}

extension Token {
    /// What words are compared by: the stem of the base form, or the number in digits.
    var comparedStem: String { NumberWords.digits(of: text) ?? baseStem }
}

/// Finds words of a question in a text.
enum TermMatch {
    /// - Parameter areInflected: whether their language has endings that the stemmer does not know.
    static func terms(in stems: [String], _ terms: [String], areInflected: Bool) -> Set<Int> {
        Set(
            terms.indices.filter { term in
                stems.contains { isSame($0, terms[term]) || areInflected && isForm($0, of: terms[term]) }
            })
    }

    /// Whether words begin with the same letters and have different endings: `договор` and `договоре`.
    private static func isForm(_ first: String, of second: String) -> Bool {
        guard first.utf8.first == second.utf8.first else { return false }
        var (one, other) = (first.unicodeScalars[...], second.unicodeScalars[...])
        var common = 0
        while let letter = one.first, letter == other.first {
            one.removeFirst()
            other.removeFirst()
            common += 1
        }
        return common >= shortestStem && one.count <= longestEnding && other.count <= longestEnding
    }

    /// In letters.
    private static let shortestStem = 5
    private static let longestEnding = 2

    /// Whether stems are equal, or are long and differ only in the last letter or two: `modif` (modification), `modifi`
    /// (modified).
    private static func isSame(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        let shorter = min(first.utf8.count, second.utf8.count)
        guard shorter >= 5, abs(first.utf8.count - second.utf8.count) <= 2 else { return false }
        return first.utf8.prefix(shorter).elementsEqual(second.utf8.prefix(shorter))
    }
}
