import Glibc
import Language
import Wire

/// The sentences of the passages, and the weights of the question's terms in them.
struct Evidence {
    let passages: [EvidencePassage]
    private(set) var sentences: [EvidenceSentence] = []
    /// For each passage, how well its heading and its document's name have each term.
    private(set) var contexts: [[Double]] = []
    /// For each passage, how well any of its sentences has each term.
    private(set) var wholes: [[Double]] = []
    /// Inverse document frequency over the sentences: rare terms weigh more.
    private(set) var weights: [Double] = []

    init(_ passages: [EvidencePassage], for question: Question, _ vocabulary: Vocabulary) {
        self.passages = passages
        let reader = SentenceReader(question, vocabulary)
        var seen: Set<String> = []
        for (index, passage) in passages.enumerated() {
            let start = sentences.count
            let words = reader.words(of: "\(passage.heading ?? "") \(passage.documentName)", in: passage.language)
            let context = reader.presence(of: question.terms, in: words)
            contexts.append(context)
            addSentences(of: passage, at: index, context: words, reader, seen: &seen)
            wholes.append(sentences[start...].reduce(context.map { _ in 0.0 }) { zip($0, $1.presence).map(max) })
        }
        let counts = question.terms.indices.map { term in
            sentences.count { $0.presence[term] > Self.occurs } + contexts.count { $0[term] > Self.occurs }
        }
        let known = counts.filter { $0 > 0 }.map { weight(of: $0) }
        // A word that occurs nowhere may be another word for one that does, so it must not weigh the most.
        let unknown = min(weight(of: 0), (known.max() ?? .infinity) * Self.unknownWord)
        weights = counts.indices.map {
            counts[$0] == 0 && !question.terms[$0].isMainVerb ? unknown : weight(of: counts[$0])
        }
    }

    private static let occurs = 0.5

    /// The weight of a word that occurs nowhere, as a share of the heaviest that occurs. With more, questions in other
    /// words are refused; with less, questions about something else are answered.
    private static let unknownWord = 0.9

    private func weight(of count: Int) -> Double {
        log(1 + Double(max(sentences.count, 1)) / max(Double(count), 0.5))
    }

    /// Overlapping passages repeat sentences. Only the first copy is used.
    private mutating func addSentences(
        of passage: EvidencePassage, at index: Int, context: [TextWord], _ reader: SentenceReader,
        seen: inout Set<String>
    ) {
        let lines = passage.content.utf8.split(separator: 10).map(Self.collapse)
        // A passage with several small sections has all their headings, separated by `·`.
        let headings = Set(passage.heading?.split(separator: "·").map { $0.trimmed } ?? [])
        // A heading may share a line with its text: "3. Grant of Patent License. Subject to …".
        let headingWords = Set(headings.map { reader.words(of: $0, in: passage.language).map(\.id) })
        let known = reader.roots.union(context.lazy.map(\.root))
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
                EvidenceLine.isHeading(text) || EvidenceLine.isMarker(text)
                || EvidenceLine.isTitle(
                    text, reader.words(of: text, in: passage.language), isLast: next == nil,
                    // What items complete is a sentence, even if it only repeats the question.
                    isKnown: { !isCompleted && known.contains($0.root) })
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
                let words = reader.words(of: sentence, in: passage.language)
                let isHeading = isQuestion || !isListed && (isContents || headingWords.contains(words.map(\.id)))
                let isLeadIn =
                    ListText.endsWithColon(sentence.utf8)
                    || isCompleted && range == ranges.last && !isHeading && !isListed
                sentences.append(
                    EvidenceSentence(
                        text: sentence, words: words,
                        presence: reader.presence(in: words, of: sentence, row: isRow ? text : nil, passage.language),
                        neighbours: reader.neighbours(in: words), spelled: reader.spelled(in: words, of: sentence),
                        passage: index, line: number, isItem: isItem, isRow: isRow,
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

    private static func collapse(_ line: Substring.UTF8View) -> String {
        let words = line.split { $0 == 0x20 || $0 &- 9 < 5 }
        return words.map { String(Substring($0)) }.joined(separator: " ")
    }
}
