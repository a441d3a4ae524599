/// "A Lightweight Stemmer for Hindi" (A. Ramanathan, D. Rao, 2003): removes the longest ending that leaves a letter.
enum HindiStemmer {
    static func stem(_ word: inout StemWord) {
        let ending = word.suffix(in: endings, from: 1)
        let afterConsonant = word.suffix(in: endingsAfterConsonant, from: 1)
        if afterConsonant.isFound, afterConsonant.start > 1, afterConsonant.start < ending.start,
            consonants.contains(word[afterConsonant.start - 1])
        {
            word.cut(at: afterConsonant.start)
        } else if ending.isFound {
            word.cut(at: ending.start)
        }
    }

    /// With the nukta, a dot that makes another consonant.
    private static let consonants = LetterSet(
        """
        कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ\u{93C}\u{929}\u{931}\u{934}\
        \u{958}\u{959}\u{95A}\u{95B}\u{95C}\u{95D}\u{95E}\u{95F}
        """)

    /// Those of the paper's figure 3 that begin with a vowel, first as a letter, then as a sign.
    private static let endings = AffixTable(
        endings: """
            ् अ आ इ ई उ ऊ ए ओ एं ओं आं उआं उएं उओं आएं आओं इयां इयों आइयां आइयों आँ इयाँ आइयाँ अताएं अताओं अनाएं अनाओं
            अता अती ईं अतीं अते आता आती आतीं आते अना अनी अने आना आने ऊंगा ऊंगी आऊंगा आऊंगी एंगे एंगी आएंगे आएंगी
            ओगे ओगी आओगे आओगी एगा एगी आएगा आएगी आया आए आई आईं इए आओ आइए अकर आकर
            ा ि ी ु ू े ो ें ों ां ुआं ुएं ुओं ाएं ाओं ियां ियों ाइयां ाइयों ाँ ियाँ ाइयाँ ीं ाता ाती ातीं ाते ाना ाने ूंगा ूंगी
            ाऊंगा ाऊंगी ेंगे ेंगी ाएंगे ाएंगी ोगे ोगी ाओगे ाओगी ेगा ेगी ाएगा ाएगी ाया ाए ाई ाईं िए ाओ ाइए ाकर
            """)

    /// Those whose vowel is the one that a consonant carries unwritten.
    private static let endingsAfterConsonant = AffixTable(
        endings: "ताएं ताओं नाएं नाओं ता ती तीं ते ना नी ने कर")
}
