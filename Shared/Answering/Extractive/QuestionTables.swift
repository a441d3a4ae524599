import Language
import Wire

/// How a language asks. Words and phrases are separated by commas; a phrase that begins with `^` opens the question. In
/// scripts without spaces, a phrase is found anywhere.
struct QuestionVocabulary: Sendable {
    var person: StaticString = ""
    var time: StaticString = ""
    var place: StaticString = ""
    /// How many, how much, how long.
    var number: StaticString = ""
    var reason: StaticString = ""
    /// What something is or means.
    var definition: StaticString = ""
    /// What must be done.
    var obligation: StaticString = ""
    /// What and which.
    var thing: StaticString = ""
}

extension QuestionVocabulary {
    /// By language. ``WeakWords`` has more words that questions have.
    static let tables: KeyValuePairs<TextLanguage, QuestionVocabulary> = [
        .english: QuestionVocabulary(
            person: "who, whom, whose",
            time: "^when, date, year, what time, which time, much time, century, what day, which day",
            place: "^where, in which country, in what country, which city, what city",
            number: """
                how many, how much, how long, how old, how often, how far, how large, how big, how quickly, how soon, \
                how fast, how frequently, how high, how deep, how tall, what percentage, what percent
                """, reason: "why, what reason",
            definition: """
                mean, means, definition, defined, ^define, ^what is, ^what are, ^what s, ^whats, ^who is, ^who are, \
                ^who s, ^whos
                """,
            obligation: """
                must, shall, should, obliged, required, requirement, requirements, condition, conditions, obligation, \
                obligations, need, have
                """, thing: "what, which"),
        .german: QuestionVocabulary(
            person: "wer, wem, wen, wessen", time: "wann, datum, jahr", place: "wo, woher, wohin",
            number: "viel, viele, vielen, wieviel, wieviele, lange, oft, hoch, weit, wie alt, wie gross",
            reason: "warum, weshalb, wieso",
            definition: "^was ist, ^was sind, ^was bedeutet, ^was heisst, ^wer ist",
            obligation: "muss, mussen, musst, soll, sollen, pflicht, bedingungen",
            thing: "was, welche, welcher, welches, welchen, welchem"),
        .french: QuestionVocabulary(
            person: "qui", time: "quand, date, annee", place: "ou", number: "combien, quel age, quelle quantite",
            reason: "pourquoi",
            definition: "^qu est ce qu, ^qu est ce que c, ^que signifie, ^que veut dire, ^qui est",
            obligation: "doit, dois, doivent, faut, obligation, conditions",
            thing: "que, quoi, quel, quelle, quels, quelles, lequel, laquelle"),
        .spanish: QuestionVocabulary(
            person: "quien, quienes", time: "cuando, fecha, ano", place: "donde, adonde",
            number: "cuanta, cuantas, cuanto, cuantos", reason: "por que",
            definition: "^que es, ^que son, ^que significa, ^que quiere decir, ^quien es",
            obligation: "debe, deben, debo, obligacion, condiciones", thing: "que, cual, cuales"),
        .italian: QuestionVocabulary(
            person: "chi", time: "quando, data, anno", place: "dove", number: "quanta, quante, quanti, quanto",
            reason: "perche",
            definition: "^che cos, ^che cosa e, ^cosa e, ^cos e, ^cosa significa, ^cosa vuol dire, ^chi e",
            obligation: "deve, devo, devono, obbligo, condizioni", thing: "che, cosa, quale, quali"),
        .portuguese: QuestionVocabulary(
            person: "quem", time: "quando, data, ano", place: "onde, aonde", number: "quanto, quanta, quantos, quantas",
            reason: "por que, porque", definition: "^o que e, ^o que significa, ^quem e",
            obligation: "deve, devem, devo",
            thing: "que, qual, quais"),
        .galician: QuestionVocabulary(
            person: "quen", time: "cando, data", place: "onde", number: "canto, canta, cantos, cantas",
            thing: "que, cal"),
        .catalan: QuestionVocabulary(
            person: "qui", time: "quan, data, any", place: "on", number: "quant, quanta, quants, quantes",
            reason: "per que", definition: "^que es", thing: "que, quin, quina, quins, quines"),
        .romanian: QuestionVocabulary(
            person: "cine, cui, pe cine", time: "cand, data, anul", place: "unde", number: "cat, cata, cati, cate",
            reason: "de ce", definition: "^ce este, ^ce sunt, ^ce inseamna, ^cine este", obligation: "trebuie",
            thing: "ce, care"),
        .dutch: QuestionVocabulary(
            person: "wie, wiens", time: "wanneer, datum, jaar", place: "waar, waarheen, waarvandaan",
            number: "hoeveel, hoelang, hoe lang, hoe oud, hoe vaak, hoe groot", reason: "waarom",
            definition: "^wat is, ^wat zijn, ^wat betekent, ^wie is", obligation: "moet, moeten",
            thing: "wat, welk, welke"),
        .swedish: QuestionVocabulary(
            person: "vem, vems", time: "nar, datum, ar", place: "var, vart",
            number: "hur manga, hur mycket, hur lange, hur gammal",
            reason: "varfor", definition: "^vad ar, ^vad betyder, ^vem ar", obligation: "maste, ska",
            thing: "vad, vilken, vilket, vilka"),
        .danish: QuestionVocabulary(
            person: "hvem, hvis", time: "hvornar, dato", place: "hvor",
            number: "hvor mange, hvor meget, hvor laenge, hvor gammel",
            reason: "hvorfor", definition: "^hvad er, ^hvad betyder, ^hvem er", obligation: "skal",
            thing: "hvad, hvilken, hvilket, hvilke"),
        .norwegian: QuestionVocabulary(
            person: "hvem, hvis", time: "nar, dato", place: "hvor",
            number: "hvor mange, hvor mye, hvor lenge, hvor gammel",
            reason: "hvorfor", definition: "^hva er, ^hva betyr, ^hvem er", obligation: "ma, skal",
            thing: "hva, hvilken, hvilket, hvilke"),
        .finnish: QuestionVocabulary(
            person: "kuka, kenen, ketka, kenelle", time: "milloin, koska, vuonna", place: "missa, mista, mihin",
            number: "kuinka monta, kuinka paljon, montako, paljonko, kuinka kauan", reason: "miksi",
            definition: "^mika on, ^mita on, ^mita tarkoittaa, ^kuka on", obligation: "taytyy, pitaa",
            thing: "mika, mita, mitka"),
        .hungarian: QuestionVocabulary(
            person: "ki, kinek, kit, kik", time: "mikor, melyik evben", place: "hol, hova, honnan",
            number: "hany, mennyi, mekkora, meddig", reason: "miert", definition: "^mi a, ^mi az, ^ki a",
            obligation: "kell",
            thing: "mi, mit, melyik, milyen"),
        .turkish: QuestionVocabulary(
            person: "kim, kimdir, kimin, kime, kimi, kimler, kimlerdir, kimdi",
            time: "ne zaman, hangi yil, hangi yilda, hangi tarihte, kac yilinda, zaman, tarihte",
            place: "nerede, nereye, nereden, neresi, neresidir, nerededir, nerelidir",
            number: "kac, kaci, kacinci, ne kadar, kactir",
            reason: "neden, nicin, niye", definition: "nedir, ne demektir, ne demek, nelerdir",
            obligation: "gerekir, zorunda, gerekiyor", thing: "ne, hangi, hangisi, hangisidir, hangileri, neler"),
        .polish: QuestionVocabulary(
            person: "kto, kogo, komu, czyj, czyja", time: "kiedy, rok, roku, data", place: "gdzie, dokad, skad",
            number: "ile, ilu",
            reason: "dlaczego, czemu", definition: "^co to jest, ^czym jest, ^co oznacza, ^kim jest",
            obligation: "musi, musza, nalezy",
            thing: "co, jaki, jaka, jakie, ktory, ktora, ktore"),
        .czech: QuestionVocabulary(
            person: "kdo, koho, komu, kym, ci", time: "kdy, rok, roce, datum", place: "kde, kam, odkud",
            number: "kolik, kolika",
            reason: "proc", definition: "^co je, ^co znamena, ^kdo je", obligation: "musi, nutne",
            thing: "co, jaky, jaka, jake, ktery, ktera, ktere"),
        .slovak: QuestionVocabulary(
            person: "kto, koho, komu", time: "kedy, roku, datum", place: "kde, kam, odkial", number: "kolko, kolkych",
            reason: "preco",
            definition: "^co je, ^co znamena, ^kto je", obligation: "musi",
            thing: "co, aky, aka, ake, ktory, ktora, ktore"),
        .croatian: QuestionVocabulary(
            person: "tko, ko, koga, kome, ciji", time: "kada, kad, godine", place: "gdje, kamo, odakle",
            number: "koliko", reason: "zasto",
            definition: "^sto je, ^tko je", obligation: "mora, moraju", thing: "sto, koji, koja, koje"),
        .serbian: QuestionVocabulary(
            person: "ко, кога, коме, ko, koga", time: "када, кад, године, kada", place: "где, куда, одакле, gde",
            number: "колико, koliko",
            reason: "зашто, zasto", definition: "^шта је, ^sta je, ^ко је", obligation: "мора, mora",
            thing: "шта, који, која, које, sta"),
        .russian: QuestionVocabulary(
            person: "кто, кого, кому, кем, чей, чья, чье",
            time: "когда, в каком году, каком году, дата, год, году, каком веке",
            place: "где, куда, откуда, в какой стране, в каком городе",
            number: "сколько, скольких, сколькими, насколько, какова численность, какой процент",
            reason: "почему, зачем",
            definition: "^что такое, ^что значит, ^что означает, ^кто такой, ^кто такая, ^кто такие",
            obligation: "должен, должны, должна, необходимо, нужно",
            thing: "что, какой, какая, какое, какие, каком, какую, каких, каким, какого"),
        .ukrainian: QuestionVocabulary(
            person: "хто, кого, кому, ким, чий", time: "коли, якому році, рік, році, дата", place: "де, куди, звідки",
            number: "скільки, наскільки",
            reason: "чому, навіщо", definition: "^що таке, ^що означає, ^хто такий",
            obligation: "повинен, повинні, потрібно", thing: "що, який, яка, яке, які"),
        .bulgarian: QuestionVocabulary(
            person: "кой, кого, кому, чий", time: "кога, година, дата", place: "къде, накъде, откъде", number: "колко",
            reason: "защо",
            definition: "^какво е, ^какво означава, ^кой е", obligation: "трябва",
            thing: "какво, кое, коя, кои, какъв, каква"),
        .greek: QuestionVocabulary(
            person: "ποιος, ποιοι, ποιον, ποιου, ποιους", time: "ποτε, ποια χρονια, ποιο ετος, χρονολογια, ποιον αιωνα",
            place: "που", number: "ποσο, ποσα, ποσοι, ποσες, ποσους, ποση, ποσων",
            reason: "γιατι", definition: "^τι ειναι, ^τι σημαινει, ^ποιος ειναι", obligation: "πρεπει",
            thing: "τι, ποια, ποιο, ποιες, ποιων"),
        .arabic: QuestionVocabulary(
            person: "من", time: "متى, عام, سنه, تاريخ", place: "اين", number: "كم, ما عدد, ما مقدار, ما نسبه",
            reason: "لماذا",
            definition: "^ما هو, ^ما هي, ^من هو, ^من هي, ^ماذا يعني", obligation: "يجب", thing: "ما, ماذا, اي, ايه"),
        .persian: QuestionVocabulary(
            person: "كسي, چه كسي, چه كساني, كي", time: "چه زماني, چه سالي, سال, تاريخ", place: "كجا",
            number: "چند, چقدر, چه تعداد", reason: "چرا",
            definition: "چيست, يعني چه, كيست", obligation: "بايد", thing: "چه, كدام"),
        .hebrew: QuestionVocabulary(
            person: "מי", time: "מתי, שנה, תאריך", place: "איפה, היכן, לאן, מאין", number: "כמה", reason: "למה, מדוע",
            definition: "^מהו, ^מהי, ^מה זה, ^מיהו",
            obligation: "חייב, צריך, חובה", thing: "מה, איזה, איזו, אילו"),
        .hindi: QuestionVocabulary(
            person: "कौन, किसने, किसे, किसको, किसका, किसकी, किसके, किन्होंने, किन्हें",
            time: "कब, किस वर्ष, किस साल, वर्ष, तारीख, किस दिन",
            place: "कहाँ, कहां, किस देश, किस शहर", number: "कितना, कितनी, कितने, कितनों", reason: "क्यों",
            definition: "क्या है, क्या हैं, क्या होता, का अर्थ",
            obligation: "चाहिए, अनिवार्य", thing: "क्या, किस, किन, कौनसा, कौनसी, कौनसे"),
        .indonesian: QuestionVocabulary(
            person: "siapa, siapakah", time: "kapan, tahun, tanggal", place: "mana, dimana, kemana",
            number: "berapa, seberapa", reason: "mengapa, kenapa",
            definition: "^apa itu, ^apakah itu, ^apa arti", obligation: "harus, wajib", thing: "apa, apakah"),
        .vietnamese: QuestionVocabulary(
            person: "ai, nguoi nao", time: "khi nao, nam nao, ngay nao, luc nao, bao gio, thoi gian nao",
            place: "dau, noi nao, nuoc nao", number: "bao nhieu, may, bao lau, bao xa",
            reason: "tai sao, vi sao", definition: "la gi, nghia la gi, la ai", obligation: "phai, can",
            thing: "gi, nao"),
        .chinese: QuestionVocabulary(
            person: "谁, 誰", time: "什么时候, 什麼時候, 何时, 何時, 哪一年, 哪年, 哪天, 几月, 幾月, 什么时间, 什麼時間, 哪个世纪",
            place: "哪里, 哪裡, 哪裏, 哪儿, 何处, 何處, 哪个国家, 哪個國家, 哪个城市, 什么地方",
            number: "多少, 几, 幾, 多久, 多长, 多長, 多大, 多高, 多远", reason: "为什么, 為什麼, 为何, 為何",
            definition: "什么是, 什麼是, 是什么, 是什麼, 什么意思, 什麼意思",
            obligation: "必须, 必須, 应该, 應該, 需要", thing: "什么, 什麼, 哪些, 哪个, 哪個, 哪"),
        .japanese: QuestionVocabulary(
            person: "誰, だれ, どなた", time: "いつ, 何年, 何月", place: "どこ, 何処",
            number: "何日, 何人, 何回, 何時間, 何年間, いくつ, いくら, どのくらい, どれくらい, 何パーセント", reason: "なぜ, どうして",
            definition: "とは", obligation: "なければ, べき", thing: "何, どの, どれ, なに, なん"),
        .korean: QuestionVocabulary(
            person: "누구, 누가", time: "언제, 몇 년", place: "어디", number: "얼마, 며칠, 몇", reason: "왜",
            definition: "무엇입니까, 무엇인가요, 무엇인가, 이란",
            obligation: "해야", thing: "무엇, 어떤, 어느, 무슨"),
        .thai: QuestionVocabulary(
            person: "ใคร", time: "เมื่อไร, เมื่อไหร่, เมื่อใด, ปีใด, ปีไหน, พ.ศ. ใด, วันที่เท่าไร",
            place: "ที่ไหน, ประเทศใด, ประเทศอะไร, จังหวัดใด",
            number: "เท่าไร, เท่าไหร่, เท่าใด, กี่", reason: "ทำไม, เพราะเหตุใด", definition: "คืออะไร, หมายถึงอะไร",
            obligation: "ต้อง", thing: "อะไร, ใด, ไหน"),
    ]
}

extension QuestionVocabulary {
    /// Whether questions of a language begin with a word.
    static func opens(_ word: String, in language: TextLanguage) -> Bool { openers[language].contains(word) }

    private static let openers = LanguageTables { language -> Set<String> in
        guard let vocabulary = tables.first(where: { $0.key == language })?.value else { return [] }
        let lists = [
            vocabulary.person, vocabulary.time, vocabulary.place, vocabulary.number, vocabulary.reason,
            vocabulary.thing,
        ]
        var reader = WordReader(nil)
        var words: Set<String> = []
        for list in lists {
            for phrase in list.description.split(atByte: ",") {
                let parts = reader.words(of: String(phrase))
                if parts.count == 1 { words.insert(parts[0].text) }
            }
        }
        return words
    }
}
