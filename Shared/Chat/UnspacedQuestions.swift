import Retrieval
import Storage

/// Questions in Chinese, Japanese and Korean, whose words are not set apart or carry endings.
///
/// Their texts are compared by pairs of letters (`Tokenizer`). What only asks, and what only joins words, is
/// taken out first: the rest is the topic.
struct UnspacedQuestions {
    let kind: Question.Kind
    /// The text with blanks for everything that is not its topic.
    let topic: String

    /// Nil for text in other scripts.
    init?(_ text: String) {
        guard text.unicodeScalars.contains(where: IndexForm.isUnspaced) else { return nil }
        let letters = Array(text.unicodeScalars)
        kind = Self.askers.first { asker in asker.words.contains { Self.occurs($0, in: letters) } }?.kind ?? .other
        topic = Self.topic(of: letters)
    }

    private static func occurs(_ word: [Unicode.Scalar], in letters: [Unicode.Scalar]) -> Bool {
        letters.indices.contains { letters[$0...].starts(with: word) }
    }

    // MARK: The topic

    private static func topic(of letters: [Unicode.Scalar]) -> String {
        var kept = letters
        var index = 0
        while index < letters.count {
            let length = lengthOfAsker(letters[index...])
            for blank in index..<(index + length) { kept[blank] = " " }
            index += max(length, 1)
        }
        // Hiragana writes endings and particles, not topics.
        for index in kept.indices where (0x3041...0x3096).contains(kept[index].value) { kept[index] = " " }
        for word in kept.indices.split(whereSeparator: { !isHangul(kept[$0]) }) {
            let ending = lengthOfEnding(kept[word.startIndex..<word.endIndex])
            for blank in (word.endIndex - ending)..<word.endIndex { kept[blank] = " " }
        }
        // A question of nothing else has its topic in there.
        let hasTopic = kept.contains { IndexForm.isUnspaced($0) || $0.properties.isAlphabetic }
        return String(String.UnicodeScalarView(hasTopic ? kept : letters))
    }

    private static func isHangul(_ letter: Unicode.Scalar) -> Bool { (0xAC00...0xD7A3).contains(letter.value) }

    private static func lengthOfAsker(_ letters: ArraySlice<Unicode.Scalar>) -> Int {
        words.first { letters.starts(with: $0) }?.count ?? 0
    }

    /// Of the particle that a Korean word ends with; no word is nothing but a particle.
    private static func lengthOfEnding(_ word: ArraySlice<Unicode.Scalar>) -> Int {
        endings.first { $0.count < word.count && word.suffix($0.count).elementsEqual($0) }?.count ?? 0
    }

    // MARK: Words

    private static let askers: [(kind: Question.Kind, words: [[Unicode.Scalar]])] = [
        (.definition, split("什么是 什麼是 是什么 是什麼 什么意思 什麼意思 とは 무엇입니까 무엇인가요 이란")),
        (.quantity, split("多少 几 幾 多久 多长 多長 何日 何人 何回 何時間 何年間 いくつ いくら どのくらい 얼마 몇")),
        (.who, split("谁 誰 だれ どなた 누구 누가")),
        (.when, split("什么时候 什麼時候 何时 何時 いつ 何年 何月 언제")),
        (.place, split("哪里 哪裡 哪裏 哪儿 何处 何處 どこ 어디")),
        (.obligation, split("必须 必須 应该 應該 需要 なければ べき 해야")),
    ]

    /// The longest first, so that none takes a part of another.
    private static let words: [[Unicode.Scalar]] = split(
        """
        为什么 為什麼 什么时候 什麼時候 什么 什麼 怎么样 怎麼樣 怎么 怎麼 怎样 怎樣 如何 多少 多久 多长时间 多長時間 几个 幾個 \
        哪些 哪里 哪裡 哪裏 哪儿 哪个 哪個 何时 何時 何地 何处 何處 何 誰 谁 是否 能否 可以 应该 應該 必须 必須 需要 请问 請問 \
        请 請 告诉我 告訴我 有没有 有沒有 关于 關於 根据 根據 意思 吗 嗎 呢 吧 的 了 是 我 你 您 他 她 它 们 們 这 這 那 有 在 \
        和 与 與 及 或 무엇 언제 어디 누구 누가 얼마나 얼마 몇 어떻게 어떤 무슨 왜
        """
    ).sorted { $0.count > $1.count }

    private static let endings: [[Unicode.Scalar]] = split(
        """
        입니까 습니까 합니까 됩니까 인가요 하나요 되나요 있나요 나요 까요 에서는 에서 에게 으로 까지 부터 해야 은 는 이 가 을 를 의 에 \
        로 도 만 와 과
        """
    ).sorted { $0.count > $1.count }

    private static func split(_ words: String) -> [[Unicode.Scalar]] {
        words.split(separator: " ").map { Array($0.unicodeScalars) }
    }
}
