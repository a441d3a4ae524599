import Language

/// Words that questions have and answers need not have: they ask, or are too general to be a topic. They come in
/// addition to ``FunctionWords`` and ``StopWords``.
enum WeakWords {
    /// The weak words of a language, folded.
    static func of(_ language: TextLanguage?) -> Set<String> { language.map { words[$0] } ?? [] }

    private static let words = LanguageTables { language -> Set<String> in
        guard let list = lists.first(where: { $0.key == language })?.value else { return [] }
        var reader = WordReader(nil)
        return Set(reader.words(of: "\(list)").map(\.text))
    }

    private static let lists: KeyValuePairs<TextLanguage, StaticString> = [
        .english: """
        able according actually allow allowed answer anybody anyone anything ask call called come concerning define
        defined definition describe document documents else ever everything exactly example explain far fast find
        frequently gets give given gives giving go happen happened happens instead kind kinds know let like list long
        made make many mean meaning means meant much ok old one often people permitted person possible put question
        quickly really regarding required said say says show somebody someone something soon sort still summarize take
        text thing things think thus time times type use used uses using want way ways
        """,
        .german: """
        bedeutet bekomme bekommen bekommt dokument dokumente erhalt erhalte erhalten geht gelten genau gilt heisst hoch
        lange machen macht oft passiert sagt steht tun benutzt nutzt verwendet
        """,
        .french: """
        dire dit document documents explique faire longtemps obtenir signifie veulent veut utilise utilisent utiliser
        """,
        .spanish: """
        decir dice documento documentos explica hace hacer quiere significa tiempo usa utiliza
        """,
        .italian: """
        dice dire documenti documento fa fare significa spiega tempo usa utilizza vuol
        """,
        .portuguese: """
        eram porque quanta quantas sobre
        """,
        .dutch: """
        den der had heb hoelang kun waren welk werden zal
        """,
        .romanian: """
        ai ar avut carei caror câtă cui deoarece erau într-un li una fel numit numește
        """,
        .polish: """
        były ilu jakiej jakim kogo którego której których którym miał te we
        """,
        .czech: """
        byly když koho mají pod ta u kterého kterém kterých
        """,
        .turkish: """
        nedir kimdir kimin hangisi hangileri nereden kaçıncı mu midir vardı idi neydi nelerdir nelere
        """,
        .vietnamese: """
        giờ cái bằng
        """,
        .swedish: """
        dess du ha vems många åt
        """,
        .danish: """
        mange antal
        """,
        .norwegian: """
        der mange antall
        """,
        .russian: """
        ваш им какими каких какого какое каком какому какую ко кем ком кому которое куда мне могут можно него нее ней
        них об оно откуда про такое такой такие тоже чего чей чему этом являются
        """,
        .ukrainian: """
        називався називалася якому
        """,
        .bulgarian: """
        кои
        """,
        .greek: """
        ποιοι ποιες ποιων ποιον ποιαν ποιους πόσοι πόσους πόση στον είχε εκτός
        """,
        .arabic: """
        اين اي أية الى و او ان إن تم لقد عدد بواسطة ولماذا بماذا لدى ماهي ماهو
        """,
        .persian: """
        چی
        """,
        .hindi: """
        कौनसा कौनसी कौनसे कहां कैसा कैसी कितनों किसे किसका किसकी किसके किसको किसने किसमें किससे किन किनके किन्हें
        किन्होंने उसके इसकी उसकी इसका उसका उनकी उनका इसे उसे जिस जिसे जिसका जिसकी जिसके जिसने पहले बारे दौरान अपना गई
        गए करता करती करना जाता जाती जाते दी दिए लिया ली सकता सकती सकते सा सी पास प्रकार नाम वाला वाली वाले किसी बीच
        अनुसार रूप
        """,
    ]
}
