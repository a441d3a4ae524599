import Language

/// Words of questions in languages without a grammar: they ask or connect, and texts that answer need not contain them.
enum OtherLanguages {
    /// The words of a question that are function words of its language. In Latin script only if a question has more of
    /// one language than of the known ones.
    static func functionWords(in words: [String], knowing language: StopWords.Language) -> Set<String> {
        let words = Set(words)
        var best = words.intersection(other)
        guard language == .english else { return best }
        var count = words.count { StopWords.contains($0) }
        for list in latin {
            let known = words.intersection(list)
            if known.count > count {
                best = words.intersection(other).union(known)
                count = known.count
            }
        }
        return best
    }

    /// How many words of the one language in Latin script belong to it that has the most.
    static func count(in words: [String]) -> Int {
        let words = Set(words)
        return latin.map { words.intersection($0).count }.max() ?? 0
    }

    private static func list(_ words: String) -> Set<String> {
        Set(Tokenizer.words(in: words).map(\.text))
    }

    /// Portuguese, Dutch, Romanian, Polish, Czech, Turkish, Vietnamese, Swedish, Danish and Norwegian.
    private static let latin: [Set<String>] = [
        list(
            """
            a ao aos as com como da das de do dos e em entre era eram esta este foi foram ha isso mais na nas no nos \
            num o os ou para pela pelo por porque qual quais quando quanta quantas quanto quantos que quem se sem \
            ser seu sua sao sobre tem um uma é são está onde à às
            """),
        list(
            """
            aan als bij dat de den der die dit door een en er had heb hebben heeft het hoe hoeveel hoelang in is kan \
            kun met mijn moet naar niet of om onder ook op over te tot uit van voor waar waarom wanneer waren was \
            wat welk welke werd werden wie wordt worden zijn zal zou
            """),
        list(
            """
            a ai al ale am ar are au avea avut ca care carei caror când câte câți câtă cât ce cei cel cele cine cu \
            cum cui de din despre deoarece după este era erau fi fost in în într-un între la li lui mai nu o pe \
            pentru prin sa se si și sunt sub un una unde unei unui fel numit numește
            """),
        list(
            """
            a ale były był była było być co czy dla dlaczego do gdzie ich ile ilu jak jaka jaki jakie jakiej jakim \
            jest kiedy kogo komu kto która które którego której który których którym ma mają miał na nie o od po pod \
            przed przez przy są się ta te to tym w we z za ze został została
            """),
        list(
            """
            a aby bude by byl byla bylo byly být co do jak jaká jaké jaký je jeho jejich jsem jsou k kde kdo kdy \
            když koho kolik ma má mají mezi na o od po pod proč pro před při s se si ta to u v ve za ze z která \
            které který kterého kterém kterých
            """),
        list(
            """
            ne nedir kim kimdir kimin hangi hangisi hangileri nerede nereye nereden zaman neden nasıl kaç kaçıncı ve \
            ile bir bu şu o da de için olarak olan oldu olduğu ise mi mı mu mü midir var vardı idi göre kadar sonra \
            önce gibi tarafından neydi nelerdir nelere kime niçin
            """),
        list(
            """
            ai là gì nào ở đâu khi bao nhiêu giờ tại sao thế như của và các những một cái cho với trong được đã có \
            không từ đến bởi về này đó mà thì trên vào người ra bằng hay
            """),
        list(
            """
            att av de den det dem dess du efter eller en ett från för ha hade han har hur hon i inte kan med man mot \
            när och om på som till under var varför vad vem vems vilka vilken vilket vid är många mycket blev åt af \
            at der et fra for hvad hvem hvilke hvilken hvilket hvor hvorfor hvornår hvordan hva når er ikke og til \
            ved mange
            """),
    ]

    /// Russian, Ukrainian, Bulgarian, Greek, Arabic, Persian, Hebrew and Hindi.
    private static let other: Set<String> = list(
        """
        а без был была были было быть в ваш во вы где для до его ее если есть её же за и из или им их к как какая \
        какие каким какими каких какого какое какой каком какому какую ко когда кого кем ком кому который которая \
        которое которые кто куда ли между мне могут можно мы на над не него нее ней них но о об он она они оно от \
        откуда по под почему при про с сколько со так также такое такой такие то того тоже только том у что чего чей \
        чем чём чему эта эти это этого этой этом этот является являются називався називалася що хто де коли скільки \
        який яка яке які якого якому чому як і й та від із з зі какво коя кой кое кои кога къде колко защо са се е \
        τι ποιος ποια ποιο ποιοι ποιες ποιων ποιον ποιαν ποιους ποτε που πού πότε πώς πως πόσο πόσα πόσοι πόσες \
        πόσους πόση γιατί ο η το οι τα τον την του της των τους τις στο στη στην στον στα στις στους και να με από \
        για σε ως είναι ήταν ένα ένας μια μία θα δεν κατά μετά πριν έχει είχε αυτό αυτή αυτός ποιά ποιό ποιός εκτός \
        ما ماذا من متى أين اين كيف كم لماذا هل أي اي أية التي الذي الذين هو هي هم في على إلى الى عن مع و أو او ان أن \
        إن كان كانت يكون تم قد لقد لا لم ليس هذا هذه ذلك تلك بعد قبل بين خلال عند عدد بواسطة ولماذا بماذا لدى فيها \
        فيه منها منه به بها له لها ماهي ماهو چه چی که کی کجا چرا چگونه چند چقدر کدام است بود را در از با برای این آن \
        شد شده می מה מי מתי איפה היכן איך כמה למה מדוע איזה איזו אילו של את על עם אל לא הוא היא הם הן היה היתה הייתה \
        היו או כי זה זו אשר כל क्या कौन कौनसा कौनसी कौनसे कब कहाँ कहां कैसे कैसा कैसी क्यों कितना कितनी कितने कितनों \
        किस किसे किसका किसकी किसके किसको किसने किसमें किससे किन किनके किन्हें किन्होंने का की के को में से पर ने है \
        हैं था थी थे हो होता होती होते हुआ हुई हुए और या एक यह वह ये वे इस उस इन उन इसके उसके इसकी उसकी इसका उसका \
        उनके उनकी उनका इसे उसे जो जिस जिसे जिसका जिसकी जिसके जिसने तक तो भी ही नहीं कि लिए साथ द्वारा बाद पहले बारे \
        दौरान अपने अपनी अपना किया गया गई गए करता करती करते करने करना कर रहा रही रहे जाता जाती जाते जा दिया दी दिए \
        लिया ली सकता सकती सकते सा सी पास प्रकार नाम वाला वाली वाले किसी कुछ सभी बीच अनुसार रूप
        """)
}
