import Testing

@testable import Language

/// The expected stems are those of SQLite 3.40's FTS5 with `tokenize='porter'`.
struct StemmerTests {
    static let pairs: [(word: String, stem: String)] = [
        ("caresses", "caress"), ("ponies", "poni"), ("ties", "ti"), ("caress", "caress"),
        ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"), ("plastered", "plaster"),
        ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"),
        ("troubled", "troubl"), ("sized", "size"), ("hopping", "hop"), ("tanned", "tan"),
        ("falling", "fall"), ("hissing", "hiss"), ("fizzed", "fizz"), ("failing", "fail"),
        ("filing", "file"), ("happy", "happi"), ("sky", "sky"), ("relational", "relat"),
        ("conditional", "condit"), ("rational", "ration"), ("valenci", "valenc"),
        ("hesitanci", "hesit"), ("digitizer", "digit"), ("conformabli", "conform"),
        ("radicalli", "radic"), ("differentli", "differ"), ("vileli", "vile"),
        ("analogousli", "analog"), ("vietnamization", "vietnam"), ("predication", "predic"),
        ("operator", "oper"), ("feudalism", "feudal"), ("decisiveness", "decis"),
        ("hopefulness", "hope"), ("callousness", "callous"), ("formaliti", "formal"),
        ("sensitiviti", "sensit"), ("sensibiliti", "sensibl"), ("triplicate", "triplic"),
        ("formative", "form"), ("formalize", "formal"), ("electriciti", "electr"),
        ("electrical", "electr"), ("hopeful", "hope"), ("goodness", "good"), ("revival", "reviv"),
        ("allowance", "allow"), ("inference", "infer"), ("airliner", "airlin"),
        ("gyroscopic", "gyroscop"), ("adjustable", "adjust"), ("defensible", "defens"),
        ("irritant", "irrit"), ("replacement", "replac"), ("adjustment", "adjust"),
        ("dependent", "depend"), ("adoption", "adopt"), ("homologou", "homolog"),
        ("communism", "commun"), ("activate", "activ"), ("angulariti", "angular"),
        ("homologous", "homolog"), ("effective", "effect"), ("bowdlerize", "bowdler"),
        ("probate", "probat"), ("rate", "rate"), ("cease", "ceas"), ("controll", "control"),
        ("roll", "roll"), ("geology", "geologi"), ("yes", "ye"), ("news", "new"), ("the", "the"),
        ("as", "as"), ("saying", "sai"), ("enjoying", "enjoi"), ("dying", "dy"), ("lying", "ly"),
        ("generalizations", "gener"), ("oscillators", "oscil"),
    ]

    @Test func stemsLikeTheFullTextIndex() {
        for (word, stem) in Self.pairs {
            #expect(Stemmer.stem(word) == stem)
        }
    }

    @Test func leavesShortAndLongWordsAlone() {
        #expect(Stemmer.stem("is") == "is")
        #expect(Stemmer.stem("") == "")
        let long = String(repeating: "a", count: 63) + "ing"
        #expect(Stemmer.stem(long) == long)
        #expect(Stemmer.stem(String(repeating: "a", count: 63) + "s").utf8.count == 63)
    }

    @Test func leavesOtherScriptsWhole() {
        #expect(Stemmer.stem("日本語") == "日本語")
        #expect(Stemmer.stem("жизнь") == "жизнь")
    }
}
