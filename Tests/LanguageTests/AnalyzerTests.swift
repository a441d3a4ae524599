import Testing

@testable import Language

struct AnalyzerTests {
    @Test(arguments: [
        ("Hello, World", "hello world"), ("it is (late) – or «early»?", "it is late or early"),
        ("Crème BRÛLÉE Ångström", "creme brulee angstrom"), ("ﬁn ſo Ⅳ ㎏ x²", "fin so iv kg x2"),
        ("soft\u{AD}hyphen \u{FEFF}zero\u{200B}width", "softhyphen zerowidth"), ("½ = 1/2", "1=1/2 2 1=1/2 2"),
        ("ＡＢＣ１２３", "abc=abc123 123"), ("", ""), ("\u{301}\u{301} ,;", ""),
    ])
    func wordsAreFolded(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test(arguments: [
        ("Straße Maß ẞ", "strasse mass ss"), ("Łódź Ørsted Đorđe Þór", "lodz orsted dorde thor"),
        ("İstanbul ısı ISI", "istanbul isi isi"), ("œuvre Æther Ħŋŧ", "oeuvre aether hnt"),
        ("ΜΈΣΟΣ μέσος Άνθρωπος", "μεσοσ μεσοσ ανθρωποσ"), ("Ёлка ёж Йод Їжак", "елка еж йод їжак"),
        ("Tiếng Việt đường", "tieng viet duong"), ("كِتَاب كـتاب", "كتاب كتاب"), ("أحمد إلى آل", "احمد الي ال"),
        ("مكتبة کتاب ی", "مكتبه كتاب ي"), ("می\u{200C}خواهم", "ميخواهم"), ("١٢٣ ۱۲۳ १२३", "123 123 123"),
        ("שָׁלוֹם צה\"ל צה״ל", "שלום צהל צהל"), ("ज़रूरत जरूरत हिन्दी", "जरूरत जरूरत हिन्दी"),
        ("col·lecció", "colleccio"),
    ])
    func lettersOfEveryAlphabetAreFolded(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test(arguments: [
        ("年次有給", "年次~年 次有~次 有給~有~給"), ("休 は", "休 は"), ("ｶﾀｶﾅ", "カタ~カ タカ~タ カナ~カ~ナ"),
        ("ｶﾞ ガ カ\u{3099}", "ガ ガ ガ"), ("휴가 각", "휴가~휴~가 각"), ("\u{1112}\u{1172}\u{1100}\u{1161}", "휴가~휴~가"),
        ("พัก", "พัก~พั~ก"), ("การเมือง", "การ~กา รเมื~ร เมือ~เมื อง~อ~ง"), ("น้ำ น\u{E49}\u{E4D}\u{E32}", "น้ํา น้ํา"),
        ("ພັກ", "ພັກ~ພັ~ກ"), ("ក្រុម", "ក្រុម~ក្រុ~ម"),
        ("我的iPhone手机", "我的~我~的 iphone 手机~手~机"), ("㈱", "株"),
    ])
    func scriptsWithoutSpacesGivePairs(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test(arguments: [
        ("C++ C# F# A+ c/c++", "c++ c# f# a+ c c++"), ("C++11 notepad++", "c++=c++11 11 notepad=notepad++"),
        (".NET (.env) @user #tag", "net=.net env=.env user=@user tag=#tag"), ("node.js", "node=nodejs js"),
        ("R&D AT&T", "r=r&d d at=at&t t"), ("3D 2nd MP3", "3d 2nd mp=mp3 3"), ("a+b x#y", "a b x y"),
        ("john.doe@example.com", "john=johndoe doe example=examplecom com"), ("/usr/local", "usr local"),
        ("https://a.example/b?x=1", "https a=aexample example b x 1"), ("U.S.A.", "u=usa s a"),
        ("v1.2.3", "v=v1.2.3 1=1.2.3 2 3"), ("10.0.0.1", "10=10.0.0.1 0 0 1"), ("2024-03-05", "2024=2024-03-05 03 05"),
        ("14:30", "14=14:30 30"), ("192.168.100.200", "192=192.168.100.200 168 100 200"),
    ])
    func signsBelongToWordsThatHaveThem(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test(arguments: [
        ("155,34 155.34", "155=155.34 34 155=155.34 34"), ("1000", "1000"), ("1,000", "1000=1.000"),
        ("1.000", "1000=1.000"), ("1'000 1_000", "1000 1000"), ("1 000", "1=1000 000"), ("1\u{202F}000", "1=1000 000"),
        ("1,000.50", "1000=1000.50 50"), ("1.000,50", "1000=1000.50 50"), ("1 000.50", "1=1000.50 000 50"),
        ("1000.50", "1000=1000.50 50"), ("12,34,567", "1234567"), ("1.234.567", "1234567=1.234.567"),
        ("0,125", "0=0.125 125"),
        ("-5 −12", "5=-5 12=-12"), ("-.5 .5 0.5", "5=-0.5 5=0.5 0=0.5 5"), ("a-5", "a=a5 5"),
        ("١٬٠٠٠٫٥", "1000=1000.5 5"),
        ("1 234 567 890 123 456 789", "1 234 567 890 123 456 789"), ("2024 100", "2024 100"),
    ])
    func numbersHaveOneSpelling(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test(arguments: [
        ("PPR-9087 ppr9087", "ppr=ppr9087 9087 ppr=ppr9087 9087"), ("getUserById", "get=getuserbyid user by id"),
        ("HTTPServer2", "http=httpserver2 server 2"), ("max_retry_count", "max=maxretrycount retry count"),
        ("maxRetryCount", "max=maxretrycount retry count"), ("--dry-run-mode", "dry=dryrunmode run mode"),
        ("GitHub getUser", "github=git=hub getuser=get=user"), ("iPhone GmbH PhD PDFs", "iphone gmbh phd pdfs"),
        ("iPhone15 5kg 3D", "iphone=iphone15 15 5=5kg kg 3d"), ("__init__", "init"),
        ("d41d8cd98f00b204", "d41d8cd98f00b204"),
        ("a-b-c-d-e-f-g-h-i", "a b c d e f g h i"),
    ])
    func dividedWordsGivePartsAndTheWhole(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test(arguments: [
        ("don't couldn’t", "dont couldnt"), ("John's we'll", "john=johns we=well"), ("l'acqua", "l=lacqua acqua"),
        ("d’Artagnan", "d=dartagnan artagnan"), ("O'Neill", "o=oneill neill"),
        ("'quoted' the dogs'", "quoted the dogs"),
    ])
    func apostrophesDivideWords(text: String, terms: String) {
        #expect(described(text) == terms)
    }

    @Test func emojiAreWords() {
        #expect(described("Sun🙂🙂 👍🏽 ❤️ 🇩🇪🇫🇷 👨‍👩‍👧") == "sun 🙂 🙂 👍 ❤ 🇩🇪 🇫🇷 👨👩👧")
    }

    @Test func stemsStandBesideWords() {
        #expect(described("Connected rats", [.english]) == "connected~4connect rats~4rat")
        #expect(described("index 12 x2", [.english]) == "index 12 x2")
        #expect(described("договоры connected", [.english]) == "договоры connected~4connect")
        #expect(described("má ma Việt", [.vietnamese]) == "ma~23má ma viet~23việt")
        #expect(described("connected", []) == "connected")
    }

    @Test func positionsAndRangesPointToWords() {
        let text = "Ein Über-Test: getUserById 年次有 .NET John’s"
        let words = occurrences(text).filter { $0.1.kind == .word }
        #expect(words.map(\.1.position) == Array(0..<words.count))
        let spelled = occurrences(text).map { String(decoding: Array(text.utf8)[$0.1.range], as: UTF8.self) }
        #expect(
            spelled == [
                "Ein", "Über", "Über-Test", "Test", "get", "getUserById", "User", "By", "Id", "年次", "年", "次有", "次",
                "有", "NET", ".NET", "John", "John’s",
            ])
    }
}

/// The terms of a text: those at one position without spaces, `=` before alternatives, `~` before stems and their
/// language.
func described(_ text: String, _ languages: [TextLanguage] = []) -> String {
    var words: [String] = []
    for (term, occurrence) in occurrences(text, languages) {
        switch occurrence.kind {
        case .word: words.append(String(decoding: term, as: UTF8.self))
        case .alternative: words[occurrence.position] += "=" + String(decoding: term, as: UTF8.self)
        case .stem:
            let isStem = term.first.map { $0 < 0x20 } ?? false
            let language = isStem ? String(term[0]) : ""
            words[occurrence.position] +=
                "~" + language + String(decoding: term.dropFirst(isStem ? 1 : 0), as: UTF8.self)
        }
    }
    return words.joined(separator: " ")
}

func occurrences(_ text: String, _ languages: [TextLanguage] = []) -> [([UInt8], TermOccurrence)] {
    var analyzer = Analyzer(languages)
    var found: [([UInt8], TermOccurrence)] = []
    var text = text
    let length = text.withUTF8 { analyzer.terms(of: $0) { found.append((Array($0), $1)) } }
    #expect(length == (found.map(\.1.position).max() ?? -1) + 1)
    return found
}
