import Language

/// Questions in Chinese, Japanese and Thai, which do not separate words, and in Korean, which adds endings to them.
///
/// Texts in these scripts are compared by pairs of letters (``TextWord``). Words that only ask or connect are removed
/// first; what remains is the topic.
enum UnspacedQuestion {
    /// Single letters that are too common to be a topic.
    static var weakLetters: Set<Unicode.Scalar> { UnspacedWords.commonLetters }

    /// The question with spaces in place of everything but its topic. Other scripts are unchanged.
    static func topic(of text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isOfUnspacedScript) else { return text }
        let letters = Array(text.unicodeScalars)
        var kept = letters
        func blank(_ range: Range<Int>) { for index in range { kept[index] = " " } }
        var index = 0
        while index < letters.count {
            let length = lengthOfWord(in: UnspacedWords.asking, at: letters[index...])
            blank(index..<(index + length))
            index += max(length, 1)
        }
        for run in runs(of: kept, where: isHiragana) {
            let followsKanji = run.lowerBound > 0 && kept[run.lowerBound - 1].isOfUnspacedScript
            let topic = hiraganaTopic(kept[run], followsKanji: followsKanji)
            blank(run.lowerBound..<topic.lowerBound)
            blank(topic.upperBound..<run.upperBound)
        }
        for word in runs(of: kept, where: isHangul) {
            blank((word.upperBound - lengthOfEnding(UnspacedWords.koreanEndings, of: kept[word]))..<word.upperBound)
        }
        return String(String.UnicodeScalarView(kept))
    }

    private static func runs(of letters: [Unicode.Scalar], where belongs: (Unicode.Scalar) -> Bool) -> [Range<Int>] {
        letters.indices.split { !belongs(letters[$0]) }.map { $0.startIndex..<$0.endIndex }
    }

    /// A run of Hiragana without particles and endings. After Kanji it is the ending of that word, unless it begins
    /// with a particle.
    private static func hiraganaTopic(_ run: ArraySlice<Unicode.Scalar>, followsKanji: Bool) -> Range<Int> {
        let nothing = run.endIndex..<run.endIndex
        var rest = run
        let particle = lengthOfWord(in: UnspacedWords.particles, at: rest)
        if followsKanji, particle == 0 { return nothing }
        if followsKanji { rest = rest.dropFirst(particle) }
        rest = rest.dropLast(lengthOfEnding(UnspacedWords.verbEndings, of: rest))
        rest = rest.dropLast(lengthOfEnding(UnspacedWords.particles, of: rest))
        let isVerb = UnspacedWords.commonVerbs.contains { rest.elementsEqual($0) }
        return isVerb || rest.count < 2 ? nothing : rest.startIndex..<rest.endIndex
    }

    private static func isHiragana(_ letter: Unicode.Scalar) -> Bool { (0x3041...0x3096).contains(letter.value) }
    private static func isHangul(_ letter: Unicode.Scalar) -> Bool { (0xAC00...0xD7A3).contains(letter.value) }

    /// The length of the listed word that `letters` begin with; 0 if there is none.
    private static func lengthOfWord(in words: [[Unicode.Scalar]], at letters: ArraySlice<Unicode.Scalar>) -> Int {
        words.first { letters.starts(with: $0) }?.count ?? 0
    }

    /// The length of the ending of `word`, which may be all of it; 0 if there is none.
    private static func lengthOfEnding(_ endings: [[Unicode.Scalar]], of word: ArraySlice<Unicode.Scalar>) -> Int {
        endings.first { word.suffix($0.count).elementsEqual($0) }?.count ?? 0
    }
}

/// Question words, particles and endings. Longer ones come first, so that none matches part of another.
private enum UnspacedWords {
    static let asking = split(
        """
        为什么 為什麼 什么时候 什麼時候 什么 什麼 怎么办 怎麼辦 怎么样 怎麼樣 怎么 怎麼 怎样 怎樣 如何 多少天 多少个 多少個 \
        多少人 多少次 多少年 多少元 多少钱 多少錢 多少 多久 多长时间 多長時間 几天 几个 几人 几次 几年 几月 几号 几点 几岁 几 \
        幾天 幾個 幾人 幾次 幾年 幾月 幾號 幾點 幾歲 幾 哪些 哪里 哪裡 哪裏 哪儿 哪个 哪個 何时 何時間 何時 何地 何处 何處 何日 \
        何人 何名 何回 何年間 何年 何月 何分 何歳 何円 何 誰 谁 是否 能否 可以 应该 應該 必须 必須 需要 请问 請問 请 請 告诉我 \
        告訴我 有没有 有沒有 关于 關於 根据 根據 意思 吗 嗎 呢 吧 的 了 是 我 你 您 他 她 它 们 們 这 這 那 有 在 和 与 與 及 或 \
        どのくらい どのように どうやって どうすれば どちら どなた どこ どれ どの どう いつ いくつ いくら だれ なぜ なに なん \
        무엇 언제 어디 누구 누가 얼마나 얼마 며칠 몇 어떻게 어떤 무슨 왜 있나요 있습니까 \
        คืออะไร อะไร ของใคร ใคร เมื่อไร เมื่อไหร่ เมื่อใด ที่ไหน ไหน ใด เท่าไร เท่าไหร่ เท่าใด กี่ อย่างไร ยังไง ทำไม \
        เพราะเหตุใด \
        หรือไม่ ไหม คือ เป็น ของ และ ใน ที่ ซึ่ง มี ได้ ให้ กับ จาก โดย ว่า ถูก จะ ต้อง แล้ว นั้น นี้ บ้าง
        """)

    /// Japanese particles. Some open a run of Hiragana, some close it.
    static let particles = split("について によって による には では とは から まで より での への は が を に の で と も へ や")

    static let verbEndings = split(
        """
        なければなりませんか なければなりません でしょうか ましたか ませんか ますか ですか でしょう ください ました ません ます \
        です するか する した して か ね よ
        """)

    /// Japanese verbs that say nothing about the topic, without their endings.
    static let commonVerbs = split("もらえ もらい でき あり い なり し いただけ いただき わかり かかり やり み おり くれ つかえ され")

    static let koreanEndings = split(
        """
        입니까 습니까 합니까 됩니까 인가요 하나요 되나요 나요 까요 에서는 에서 에게 으로 까지 부터 해야 은 는 이 가 을 를 의 에 로 도 \
        만 와 과
        """)

    static let commonLetters = Set(
        """
        开開办辦用去买買写寫做能会會要应應须須可不没沒最每各该該此其个個天年月日次种種样樣些点點时時候人给給让讓为為以对對从從到\
        向就都也还還再才很更多少大小好长長短高低来來上下中里裡外前后後内內间間
        """.unicodeScalars)

    static func split(_ words: String) -> [[Unicode.Scalar]] {
        words.split(separator: " ").map { Array($0.unicodeScalars) }.sorted { $0.count > $1.count }
    }
}
