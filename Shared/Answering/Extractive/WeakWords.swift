import Language

/// Words that questions have and answers need not have: they ask, or are too general to be a topic. They come in
/// addition to ``FunctionWords``.
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
        frequently gets give given gives giving go happen happened happens instead kind kinds know let like list
        long made make many mean meaning means meant much ok old one often people permitted person possible put
        question quickly really regarding required said say says show somebody someone something soon sort still
        summarize take text thing things think thus time times type use used uses using want way ways
        """,
        .german: """
        bedeutet bekomme bekommen bekommt dokument dokumente erhalt erhalte erhalten geht gelten genau gilt heisst
        hoch lange machen macht oft passiert sagt steht tun benutzt nutzt verwendet
        """,
        .french: """
        dire dit document documents explique faire fait longtemps obtenir signifie veulent veut utilise utilisent
        utiliser
        """,
        .spanish: """
        decir dice documento documentos explica hace hacer quiere significa tiempo usa utiliza
        """,
        .italian: """
        dice dire documenti documento fa fare significa spiega tempo usa utilizza vuol
        """,
        .portuguese: """
        a ao aos as com como da das de do dos e em entre era eram esta este foi foram ha isso mais na nas no nos num
        o os ou para pela pelo por porque qual quais quando quanta quantas quanto quantos que quem se sem ser seu
        sua sao sobre tem um uma é são está onde à às
        """,
        .dutch: """
        aan als bij dat de den der die dit door een en er had heb hebben heeft het hoe hoeveel hoelang in is kan kun
        met mijn moet naar niet of om onder ook op over te tot uit van voor waar waarom wanneer waren was wat welk
        welke werd werden wie wordt worden zijn zal zou
        """,
        .romanian: """
        a ai al ale am ar are au avea avut ca care carei caror când câte câți câtă cât ce cei cel cele cine cu cum
        cui de din despre deoarece după este era erau fi fost in în într-un între la li lui mai nu o pe pentru prin
        sa se si și sunt sub un una unde unei unui fel numit numește
        """,
        .polish: """
        a ale były był była było być co czy dla dlaczego do gdzie ich ile ilu jak jaka jaki jakie jakiej jakim jest
        kiedy kogo komu kto która które którego której który których którym ma mają miał na nie o od po pod przed
        przez przy są się ta te to tym w we z za ze został została
        """,
        .czech: """
        a aby bude by byl byla bylo byly být co do jak jaká jaké jaký je jeho jejich jsem jsou k kde kdo kdy když
        koho kolik ma má mají mezi na o od po pod proč pro před při s se si ta to u v ve za ze z která které který
        kterého kterém kterých
        """,
        .turkish: """
        ne nedir kim kimdir kimin hangi hangisi hangileri nerede nereye nereden zaman neden nasıl kaç kaçıncı ve ile
        bir bu şu o da de için olarak olan oldu olduğu ise mi mı mu mü midir var vardı idi göre kadar sonra önce
        gibi tarafından neydi nelerdir nelere kime niçin
        """,
        .vietnamese: """
        ai là gì nào ở đâu khi bao nhiêu giờ tại sao thế như của và các những một cái cho với trong được đã có không
        từ đến bởi về này đó mà thì trên vào người ra bằng hay
        """,
        .swedish: """
        att av de den det dem dess du efter eller en ett från för ha hade han har hur hon i inte kan med man mot när
        och om på som till under var varför vad vem vems vilka vilken vilket vid är många mycket blev åt af at der
        et fra for hvad hvem hvilke hvilken hvilket hvor hvorfor hvornår hvordan hva når er ikke og til ved mange
        """,
        .danish: """
        at der et fra for hvad hvem hvilke hvilken hvilket hvor hvorfor hvornår hvordan hva når er ikke og til ved
        mange blev antal
        """,
        .norwegian: """
        at der et fra for hvad hvem hvilke hvilken hvilket hvor hvorfor hvornår hvordan hva når er ikke og til ved
        mange blev antal
        """,
        .russian: """
        а без был была были было быть в ваш во вы где для до его ее если есть её же за и из или им их к как какая
        какие каким какими каких какого какое какой каком какому какую ко когда кого кем ком кому который которая
        которое которые кто куда ли между мне могут можно мы на над не него нее ней них но о об он она они оно от
        откуда по под почему при про с сколько со так также такое такой такие то того тоже только том у что чего чей
        чем чём чему эта эти это этого этой этом этот является являются
        """,
        .ukrainian: """
        називався називалася що хто де коли скільки який яка яке які якого якому чому як і й та від із з зі
        """,
        .bulgarian: """
        какво коя кой кое кои кога къде колко защо са се е
        """,
        .greek: """
        τι ποιος ποια ποιο ποιοι ποιες ποιων ποιον ποιαν ποιους ποτε που πού πότε πώς πως πόσο πόσα πόσοι πόσες
        πόσους πόση γιατί ο η το οι τα τον την του της των τους τις στο στη στην στον στα στις στους και να με από
        για σε ως είναι ήταν ένα ένας μια μία θα δεν κατά μετά πριν έχει είχε αυτό αυτή αυτός ποιά ποιό ποιός εκτός
        """,
        .arabic: """
        ما ماذا من متى أين اين كيف كم لماذا هل أي اي أية التي الذي الذين هو هي هم في على إلى الى عن مع و أو او ان أن
        إن كان كانت يكون تم قد لقد لا لم ليس هذا هذه ذلك تلك بعد قبل بين خلال عند عدد بواسطة ولماذا بماذا لدى فيها
        فيه منها منه به بها له لها ماهي ماهو
        """,
        .persian: """
        چه چی که کی کجا چرا چگونه چند چقدر کدام است بود را در از با برای این آن شد شده می
        """,
        .hebrew: """
        מה מי מתי איפה היכן איך כמה למה מדוע איזה איזו אילו של את על עם אל לא הוא היא הם הן היה היתה הייתה היו או כי
        זה זו אשר כל
        """,
        .hindi: """
        क्या कौन कौनसा कौनसी कौनसे कब कहाँ कहां कैसे कैसा कैसी क्यों कितना कितनी कितने कितनों किस किसे किसका किसकी
        किसके किसको किसने किसमें किससे किन किनके किन्हें किन्होंने का की के को में से पर ने है हैं था थी थे हो होता
        होती होते हुआ हुई हुए और या एक यह वह ये वे इस उस इन उन इसके उसके इसकी उसकी इसका उसका उनके उनकी उनका इसे उसे
        जो जिस जिसे जिसका जिसकी जिसके जिसने तक तो भी ही नहीं कि लिए साथ द्वारा बाद पहले बारे दौरान अपने अपनी अपना
        किया गया गई गए करता करती करते करने करना कर रहा रही रहे जाता जाती जाते जा दिया दी दिए लिया ली सकता सकती सकते
        सा सी पास प्रकार नाम वाला वाली वाले किसी कुछ सभी बीच अनुसार रूप
        """,
    ]
}
