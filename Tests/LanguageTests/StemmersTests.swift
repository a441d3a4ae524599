import Language
import Testing

/// Words and their stems, which agree with Snowball's own program (PyStemmer 3.1), except that it leaves the Arabic "and the".
struct StemmersTests {
    static let samples: KeyValuePairs<TextLanguage, String> = [
        .arabic:
            """
        الكتاب كتاب كتاب كتاب كتب كتب والكتاب كتاب بالكتاب كتاب كتابهم كتاب كتابها كتاب كاتبون كاتب كاتبات كاتبا
        المدرسة مدرس مدرستي مدرست مدارس مدارس للمعلمين معلم يستخدمون استخدم نستعمل استعمل سيكتبون يكتب كتبتما كتب
        مُدَرِّسٌ مدرس السيارات سيار سيارتنا سيار مسؤول مسوول مؤسسات موسسا قرأ قرء عربي عرب العربية عرب فالعمل
        عمل وعملوا عمل موظفون موظف الموظفين موظف عقود عقود العقد عقد ٢٠٢٤ 2024 مكتبة مكتب
        """,
        .danish:
            """
        husene hus huset hus huse hus undersøgelsen undersøg undersøgelser undersøg kvinderne kvind venlighed ven
        venligst ven børnene børn arbejdsløs arbejdsløs arbejdsløst arbejdsløs pc'en pc skolerne skol bøgerne bøg
        rettigheder ret virksomheder virksom hurtigt hurt begivenheder begiven medarbejderen medarbejd
        lovgivningen lovgivning dagligdag dagligdag opgaver opgav regnskabet regnskab møder mød kommunen kommun
        spørgsmålene spørgsmål
        """,
        .dutch:
            """
        huizen huis huis huis bomen boom boom boom boeken boek gelopen loop gemaakt maak gewerkt werk kinderen
        kinder kindje kind jongetje jong koninkje koon lichamelijkheid lichamelijk opleiding opleid opleidingen
        opleid gebouw bouw gebouwen bouw geïnd inn innen inn schilderij schilder schilderijen schilder foto's
        foto contracten contract verplichtingen verplicht vrolijk vrolijk vrolijke vrolijke vrolijkste vrolijkst
        werkbaar werk brieven brief bedrijven bedrijf mogelijkheid molijk dagen daag wandelen wandel gevallen
        geval vijltjes vijl werkt werk aardappelen aardappel
        """,
        .english:
            """
        connections connect connected connect generous generous general general university universiti universal
        universal relational relat hopping hop hoping hope agreed agre feed feed dying die skies sky sky sky news
        news atlas atlas happily happili early earli argument argument arguments argument organization organiz
        organs organ international internat pasted paste dogs' dog children's children communication communic
        community communiti ponies poni cries cri cried cri ties tie vacuum vacuum fluently fluentli controlling
        control rolled roll rate rate rateable rateabl knitting knit succeeded succeed inning inning outings
        outing electricity electr digitizer digit sensibility sensibl formalize formal adjustable adjust
        radically radic apologist apolog analogies analog yearly year boy's boy bed bed
        """,
        .finnish:
            """
        talossa talo taloissa talo talojen talo kirjat kirj kirjoja kirj kirjastossa kirjasto kirjastoihin
        kirjasto lapsille laps lapsemme laps ystäväni ystäv ystävällisesti ystävällis työntekijät työntekij
        työntekijöiden työntekijö kaupungissa kaupung kaupunkiin kaupunk kauniimpi kauniimp kauniimmat kauniim
        nopeammin nopeam opettajien opettaj sopimuksen sopimuks sopimukset sopimuks suomalainen suomalain
        suomalaisten suomalaist maahan maaha metsään mets pitkään pit autokin auto hyvällä hyvä vuosiksi vuos
        helsingissä helsing kysymyksiä kysymyks
        """,
        .french:
            """
        continuellement continuel contractuelle contractuel chevaux cheval journaux journal travaux traval
        généralement général réellement réel l'avion avion d'accord accord qu'elle elle mangeais mang mangeons
        mangeon jouaient jou finissent fin finissons fin naïve naïv noël noël payer pai paient paient employés
        emploi employée emploi nationalité national majesté majest beauté beaut activement activ amoureuse amour
        heureux heureux jeux jeux hiboux hibou constamment const évidemment évident établissement établ
        établissements établ logiciels logiciel vendeur vendeur vendeuse vendeux régulation régul parlerions parl
        yeux yeux quelques quelqu rapidité rapid mauvais mauvais français franc françaises franc
        """,
        .german:
            """
        häuser haus häusern haus gärten gart verträge vertrag vertrages vertrag kündigungsfristen kundigungsfrist
        arbeitnehmerinnen arbeitnehm lehrerinnen lehr systemen system heizungen heizung aufgeregt aufgeregt
        möglichkeiten moglich freundlich freundlich freundlichkeit freundlich schnellste schnell größe gross
        groesse gross straße strass strasse strass ergebnisse ergebnis gebäude gebaud quelle quell neue neu neues
        neu trauer trau zuständigkeit zustand lösungen losung kindern kind kindes kind bücher buch wohnungen
        wohnung tickets ticket planet planet interne intern untergeordnete untergeordnet bäume baum jahre jahr
        maßnahmen massnahm vögeln vogel wandern wand kaufte kauft peter's peter gesundheit gesund steuerlich steu
        """,
        .greek:
            """
        βιβλίο βιβλι βιβλία βιβλ βιβλίων βιβλ άνθρωποι ανθρωπ ανθρώπων ανθρωπ γυναίκες γυναικ γυναικών γυναικ
        σπίτια σπιτ σπιτιού σπιτ κρέατος κρε φωτός φω γεγονότα γεγον παίζουμε παι μιλούσαμε μιλ τρέχοντας τρεχ
        μεγαλύτερος μεγαλ ομορφότερη ομορφ πατεράδες πατερ μαμάδες μαμ δουλειά δουλει δουλειές δουλει συμβόλαιο
        συμβολαι συμβόλαια συμβολαι εταιρείες εταιρει τουρισμός τουρ ποτάμια ποταμ κορίτσια κοριτσ κοριτσάκι
        κοριτσ βασιλέως βασιλ ελληνικός ελληνικ ελληνικά ελλην χρειαζόμαστε χρειαζ θεατρινισμός θεατρ ησυχία ησυχ
        """,
        .hindi:
            """
        लड़का लड़क लड़के लड़क लड़कों लड़क लड़कियाँ लड़क लड़कियों लड़क किताब किताब किताबें किताब किताबों किताब
        पढ़ना पढ़ पढ़ता पढ़ पढ़ती पढ़ पढ़ेंगे पढ़ जाऊंगा ज खाकर ख बच्चा बच्च बच्चे बच्च बच्चों बच्च भाषा भाष
        भाषाएं भाष भाषाओं भाष करना कर करता कर करने कर सुंदरता सुंदर मकानों मकान नदियाँ नद नदी नद बोलते बोल लिखना
        लिख लिखने लिख चलकर चल देखकर देख
        """,
        .hungarian:
            """
        házak ház házban ház házakban ház házaimban ház könyvek könyv könyvekkel könyv kertben kert almával alm
        almák alma kutyánk kutya kutyáink kutya emberek ember embereknek ember gyerekek gyerek gyerekekkel gyerek
        barátomhoz barát asztalokon asztal városban város szerződés szerződés szerződések szerződés barackpálinka
        barackpál iskolába iskol iskolák iskola napként nap tollal tol kézzel kéz éjszakánként éjsz körte kört
        vízzé víz kulcsok kulcs
        """,
        .italian:
            """
        biblioteche bibliotec ragazze ragazz ragazzi ragazz dell'università univers l'amica amic nazionale
        nazional nazionalità nazional velocemente veloc attivamente attiv mangiando mang mangiandolo mang
        comprarlo compr parleremo parl parlavano parl costruzione costruzion organizzazioni organizz pensieri
        pensier vecchio vecc vecchia vecc laghi lagh amiche amic perché perc città citt libertà libert difficile
        difficil difficili difficil contratti contratt tecnologia tecnolog divano divan diva div presenza presenz
        scadenze scadenz finiscono fin ferie fer
        """,
        .norwegian:
            """
        husene hus huset hus bøkene bøk jentene jent jentenes jent muligheter mul nyhetene nyhet utvikling
        utvikling utviklingen utvikling kjærligheten kjær vennlig venn vennligst vennligst skrevet skrev hoppet
        hopp hopper hopp givers giv bilens bil skolene skol arbeidet arbeid arbeiderne arbeidern språkene språk
        lovlig lov rettigheter rett kommunens kommun møtene møt avtalen avtal spørsmålet spørsmål kk'en kk
        """,
        .portuguese:
            """
        bibliotecas bibliotec ações açõ ação açã corações coraçõ mãe mã mães mã falando fal falaríamos fal
        rapidamente rapid possivelmente possivel universidade univers universidades univers atividades ativ
        tecnologia tecnolog residência resident residências resident primeiras primeir brasileiro brasileir
        amizade amizad livros livr construíram construír consumir consum chegou cheg países país lápis láp
        informações inform organização organiz contratos contrat férias fér constituição constituiçã jovens
        jovens gatinhos gatinh
        """,
        .romanian:
            """
        casele cas casa cas casei case băieților băi copiilor cop școli școl şcoli școl universitate univers
        universități univers frumoasă frumoas frumoase frumoas cărțile cărț națiune națiun naționale național
        activitate activ lucrătoare lucrat vorbind vorb cântând cânt cântăm cânt citeam citeam mergeau merg
        muncitorii muncit contractele contract concediul conced rapidă rapid posibilitate posibil întrebări
        întrebăr pisicile pisic organizație organiz electricitate electr
        """,
        .russian:
            """
        дома дом домами дом книги книг книгой книг книгах книг красивая красив красивые красив красивейший красив
        прочитавши прочита прочитав прочита читала чита читаешь чита бегавший бега возвращался возвраща договоры
        договор договора договор договором договор важность важност областью област длинный длин длинные длин
        ёлка елк ёлками елк написанный написа написаны написа государственных государствен компьютеры компьютер
        уходить уход пишу пиш пишешь пишеш новейшие нов россия росс россии росс длиннейше длин
        """,
        .spanish:
            """
        bibliotecas bibliotec canciones cancion habitación habit generalmente general rápidamente rapid hablando
        habl hablándole habl comprarlos compr distribuyendo distribu vivíamos viv paguen pag averigüe averigü
        actividades activ nacionales nacional oscuridad oscur investigadoras investig empresas empres vacaciones
        vacacion niños niñ niñas niñ corazón corazon construyen constru lógica logic tecnología tecnolog
        resolución resolu presencia presenci posiblemente posibl activamente activ comeríamos com leyeron leyeron
        perros perr jóvenes joven árboles arbol sigue sig siguen sig educación educ
        """,
        .swedish:
            """
        husen hus husets hus flickorna flick flickornas flick möjligheter möj möjlighet möj friheten frihet
        alfabetet alfabet raketer raket publicitet publicitet kunskapslöst kunskapslös kunskapslös kunskapslös
        hopplöst hopplös fullt fullt kvinnorna kvinn böckerna böck arbetet arbet arbetare arbet undersökningen
        undersökning skolorna skol barnens barn dagarna dag snabbast snabb huvudet huvud regeringens regering
        avtalet avtal uppsägning uppsägning språket språk frågorna fråg
        """,
        .turkish:
            """
        evler ev evlerde ev evlerimizden ev kitabım kitap kitapları kitap kitaplarımızdan kitap okuldaki okul
        okuldakiler okuldaki öğretmenler öğretmen öğretmenlerin öğretme çocuğun çocuk çocukların çocuk arabayla
        araba türkiye'dir türki ankara'da ankar ağaçlar ağaç soyad soyad ad ad gözlükçü gözlükçü doktoruymuşsunuz
        doktor kedim kedi geldiğinde geldik şehrin şehr yolcular yolcu sözleşmeler sözleşme sözleşmesinin
        sözleşme hastanesi hastanes iken ike kalemi kale elmaların elma yardımıyla yardım bahçesinde bahçe
        """,
    ]

    @Test func stemsAsPublished() {
        for (language, sample) in Self.samples {
            let words = sample.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
            for index in stride(from: 0, to: words.count - 1, by: 2) {
                #expect(Stemmers.stem(words[index], in: language) == words[index + 1], "\(language): \(words[index])")
            }
        }
    }

    @Test func everyLanguageWithAStemByteHasAStemmer() {
        for language in TextLanguage.allCases where language != .vietnamese {
            #expect((language.stemByte != nil) == Stemmers.supports(language))
        }
        let bytes = TextLanguage.allCases.compactMap(\.stemByte)
        #expect(Set(bytes).count == bytes.count)
        #expect(bytes.allSatisfy { (1...31).contains($0) })
    }

    @Test func leavesLongAndMalformedWordsAlone() {
        for language in TextLanguage.allCases {
            let long = String(repeating: "s", count: Stemmers.longestWord + 1)
            #expect(Stemmers.stem(long, in: language) == long)
            #expect(Stemmers.stem("", in: language) == "")
            var malformed: [UInt8] = [0x61, 0xC3, 0x73]
            Stemmers.stem(&malformed, in: language)
            #expect(malformed == [0x61, 0xC3, 0x73])
        }
    }

    @Test func readsTypographicApostrophes() {
        #expect(Stemmers.stem("l’avion", in: .french) == "avion")
        #expect(Stemmers.stem("dog’s", in: .english) == "dog")
    }

    /// Any scalars in any order, with parts of real words so that rules apply.
    @Test(arguments: TextLanguage.allCases.filter(Stemmers.supports))
    func standsAnyInput(language: TextLanguage) {
        var random = SystemRandomNumberGenerator()
        let sample = Self.samples.first { $0.key == language }?.value ?? ""
        let words = sample.split(separator: " ").map { Array($0.unicodeScalars) }
        let strange: [Unicode.Scalar] = [
            "'", "\0", "H", "I", "U", "Y", "~", "ß", "ë", "ï", "\u{301}", "\u{10FFFF}", "ς",
        ]
        for _ in 0..<3_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                if let part = words.randomElement(using: &random) {
                    scalars.append(contentsOf: part.suffix(Int.random(in: 0...part.count, using: &random)))
                }
                if Bool.random(using: &random) { scalars.append(strange.randomElement(using: &random) ?? "a") }
            }
            let word = String(scalars)
            let stem = Stemmers.stem(word, in: language)
            #expect(stem.utf8.count <= 2 * max(word.utf8.count, 4))
            #expect(Stemmers.stem(word, in: language) == stem)
        }
    }
}
