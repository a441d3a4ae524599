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
    /// The index of the sentence that introduces its list (`…, provided that:`).
    let leadIn: Int?
    /// The index of the question below which it stands, as on pages of frequent questions.
    let asked: Int?
    /// Where it stands below that question.
    let place: TextQuestion.Place?

    /// Whether it introduces a list.
    var isLeadIn: Bool { text.utf8.last == UInt8(ascii: ":") }
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
        let lines = passage.content.utf8.split(separator: 10)
        // A passage with several small sections has all their headings, separated by `·`.
        let headings = Set(passage.heading?.split(separator: "·").map { $0.trimmed } ?? [])
        // A heading may share a line with its text: "3. Grant of Patent License. Subject to …".
        let headingWords = Set(headings.map { Tokenizer.words(in: $0).map(\.text) })
        let known = Set(
            stems + Self.stems(of: passage.documentName) + Self.stems(of: passage.heading ?? ""))
        var leadIn: Int?
        var asked: TextQuestion?
        for (number, line) in lines.enumerated() {
            let text = Self.collapse(line)
            if text == passage.heading || headings.contains(text) {
                asked = nil
                continue
            }
            let isContents =
                EvidenceLine.isHeading(text)
                || EvidenceLine.isTitle(text, isLast: number + 1 == lines.count) { known.contains($0.comparedStem) }
            let isItem = leadIn != nil && EvidenceLine.isItem(text)
            if !isItem { leadIn = nil }
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
                sentences.append(
                    EvidenceSentence(
                        text: sentence,
                        terms: TermMatch.terms(in: words, stems, areInflected: question.isInflected).union(
                            Self.amounts(in: tokens, of: sentence, question)),
                        stems: Set(words),
                        bigrams: Set(zip(words, words.dropFirst()).map { "\($0) \($1)" }),
                        surfaces: Set(tokens.map { ParsedQuestion.surface(of: $0, in: sentence) }),
                        wordCount: words.count, passage: index, line: number,
                        isItem: EvidenceLine.isItem(text), isRow: EvidenceLine.isRow(text),
                        isHeading: isQuestion || !isItem && (isContents || headingWords.contains(tokens.map(\.text))),
                        leadIn: isItem ? leadIn : nil, asked: isQuestion ? nil : asked?.sentence, place: place))
                // Others are part of an argument.
                if isQuestion, range == ranges.first || range == ranges.last {
                    asked = TextQuestion(sentence: sentences.count - 1)
                }
                if !isItem, sentence.utf8.last == UInt8(ascii: ":") { leadIn = sentences.count - 1 }
            }
        }
    }

    /// The terms for which an amount stands.
    private static func amounts(in words: [Token], of text: String, _ question: ParsedQuestion) -> [Int] {
        question.terms.indices.filter { term in
            question.terms[term].measure?.isStated(in: words, of: text, ignoring: question.words) ?? false
        }
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

enum EvidenceLine {
    /// Whether a line is a heading or a table-of-contents entry. It is a single word, has dot leaders to a page number,
    /// starts with a number of several parts, or is all capitals; and it does not end like a sentence.
    static func isHeading(_ line: String) -> Bool {
        let bytes = Array(line.utf8)
        guard let last = bytes.last, bytes.count <= 120, !".!?:;,|".utf8.contains(last) else { return false }
        let words = bytes.split(separator: 0x20)
        if line.firstIndex(ofBytes: "....") != nil || line.firstIndex(ofBytes: ". . .") != nil {
            return ASCII.isDigit(last) || "ivxlc".utf8.contains(last)
        }
        if words.count == 1 { return words[0].allSatisfy { ($0 | 0x20) &- 0x61 < 26 } }
        guard words.count <= 12, !bytes.contains(UInt8(ascii: "|")) else { return false }
        let letters = bytes.filter { ($0 | 0x20) &- 0x61 < 26 }
        let isShouted = letters.count >= 6 && letters.allSatisfy { $0 &- 0x41 < 26 }
        // "2.6. Recovering data", not "2.5 kg of flour".
        let isNumbered =
            words[0].allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
            && words[0].dropLast().contains(UInt8(ascii: "."))
            && words[1].first.map { $0 &- 0x41 < 26 } ?? false
        let hasVerb = words.contains { verbs.contains(String(decoding: $0, as: UTF8.self).lowercased()) }
        return (isShouted || isNumbered) && !hasVerb
    }

    /// Whether a line is a title: it does not end like a sentence, and either tells nothing that the question or the
    /// document's name does not, or capitalises its words and has text below it.
    ///
    /// - Parameter isKnown: whether a word is in the question, the heading or the name.
    static func isTitle(_ line: String, isLast: Bool, isKnown: (Token) -> Bool) -> Bool {
        let marks = line.unicodeScalars
        guard let last = marks.last, line.utf8.count <= 120, !endMarks.contains(last), !isItem(line),
            !marks.contains(where: { valueMarks.contains($0) })
        else { return false }
        let words = Tokenizer.words(in: line)
        guard !words.isEmpty, words.count <= 12, !words.contains(where: { verbs.contains($0.text) }) else {
            return false
        }
        let content = words.filter { !StopWords.contains($0.text) }
        if content.allSatisfy(isKnown) { return true }
        guard !isLast else { return false }
        return content.allSatisfy { word in
            if word.text.utf8.allSatisfy(ASCII.isDigit) { return word == words[0] || isYear(word.text) }
            let first = Substring(line.utf8.dropFirst(word.range.lowerBound)).unicodeScalars.first
            return word.range.count <= 3 || first?.properties.isUppercase ?? false
        }
    }

    private static func isYear(_ number: String) -> Bool {
        number.utf8.count == 4 && (number.hasPrefix("19") || number.hasPrefix("20"))
    }

    /// What ends a sentence or a cell.
    private static let endMarks = Set(".!?:;,|…。！？：；،؛؟।॥\"”’»)）".unicodeScalars)
    /// What stands between a name and its value.
    private static let valueMarks = Set(":：|=;\t→".unicodeScalars)

    /// Common words that mark a line as a sentence.
    private static let verbs: Set<String> = [
        "is", "are", "was", "were", "be", "has", "have", "had", "do", "does", "must", "shall", "should", "may", "can",
        "cannot", "will", "need", "not",
    ]

    /// Whether a line is a row as extraction writes it: `name: value; name: value`.
    static func isRow(_ line: String) -> Bool {
        let cells = line.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 2)
        return cells.count > 1 && cells.prefix(2).allSatisfy { Substring($0).firstIndex(ofBytes: ": ") != nil }
    }

    private static let signs: Set<String> = ["•", "◦", "‣", "▪", "▫", "●", "○", "■", "□", "·", "–", "—", "✓", "✔"]

    /// Whether a line is a list item: `a) …`, `(1) …`, `1.2 …`, `iv. …`, `- …`.
    static func isItem(_ line: String) -> Bool {
        guard let space = line.utf8.firstIndex(of: 0x20) else { return false }
        let mark = Array(line.utf8[..<space])
        guard let last = mark.last, mark.count <= 6 else { return false }
        if mark.count == 1 { return "-*+".utf8.contains(last) }
        if signs.contains(String(decoding: mark, as: UTF8.self)) { return true }
        // "1.1" and "2.3.", as the clauses of contracts are numbered.
        let parts = mark.split(separator: UInt8(ascii: "."))
        if parts.count > 1, parts.joined().allSatisfy(ASCII.isDigit) { return true }
        let isClosed = last == UInt8(ascii: ")") || last == UInt8(ascii: ".")
        let label = mark.dropLast().drop { $0 == UInt8(ascii: "(") }
        let isNumber = label.allSatisfy(ASCII.isDigit)
        let isRoman = label.allSatisfy { "ivx".utf8.contains($0) }
        return isClosed && !label.isEmpty && (isNumber || isRoman || label.count == 1)
    }
}
