// Over 300 lines: sentences in every language.

import Testing

@testable import Language

struct LanguageDetectionTests {
    /// A sentence or two in each language.
    static let texts: KeyValuePairs<TextLanguage, String> = [
        .arabic:
            """
        ينتهي العقد بعد عامين إذا لم يتم تجديده.
        أين يمكنني العثور على ساعات عمل المكتبة؟
        يحصل الموظفون على ثلاثين يوما من الإجازة المدفوعة.
        قال إنه لم يتقرر شيء بعد.
        """,
        .bulgarian:
            """
        Договорът изтича след две години, ако не бъде подновен.
        Къде мога да намеря работното време на библиотеката?
        Служителите получават тридесет дни платен отпуск.
        Той каза, че още нищо не е решено.
        """,
        .catalan:
            """
        El contracte acaba al cap de dos anys si no es renova.
        On puc trobar l'horari de la biblioteca?
        Els treballadors reben trenta dies de vacances pagades.
        Va dir que encara no s'havia decidit res.
        El nostre servidor es va reiniciar perquè el disc era ple.
        Envieu la factura a l'adreça següent.
        L'aigua bull a una temperatura més baixa a les muntanyes.
        Voldria saber qui és el responsable d'això.
        """,
        .chinese:
            """
        如果不续签，合同将在两年后终止。
        图书馆的开放时间在哪里可以找到？
        """,
        .croatian:
            """
        Ugovor prestaje nakon dvije godine ako se ne produži.
        Gdje mogu naći radno vrijeme knjižnice?
        Zaposlenici dobivaju trideset dana plaćenog dopusta.
        Rekao je da još ništa nije odlučeno.
        Naš je poslužitelj ponovno pokrenut jer je disk bio pun.
        Molimo pošaljite račun na adresu u nastavku.
        Voda u planinama ključa na nižoj temperaturi.
        Htio bih znati tko je odgovoran za to.
        """,
        .czech:
            """
        Smlouva končí po dvou letech, pokud není prodloužena.
        Kde najdu otevírací dobu knihovny?
        Zaměstnanci dostávají třicet dní placené dovolené.
        Řekl, že ještě nebylo nic rozhodnuto.
        Náš server byl restartován, protože disk byl plný.
        Pošlete prosím fakturu na níže uvedenou adresu.
        Voda se v horách vaří při nižší teplotě.
        Rád bych věděl, kdo je za to odpovědný.
        """,
        .danish:
            """
        Kontrakten ophører efter to år, hvis den ikke fornyes.
        Hvor kan jeg finde bibliotekets åbningstider?
        Medarbejdere får tredive dages betalt ferie.
        Han sagde, at intet endnu var blevet besluttet.
        Vores server blev genstartet, fordi disken var fuld.
        Send venligst fakturaen til adressen nedenfor.
        Vand koger ved en lavere temperatur i bjergene.
        Jeg vil gerne vide, hvem der er ansvarlig for dette.
        """,
        .dutch:
            """
        Het contract eindigt na twee jaar als het niet wordt verlengd.
        Waar kan ik de openingstijden van de bibliotheek vinden?
        Werknemers krijgen dertig dagen betaald verlof.
        Hij zei dat er nog niets besloten was.
        """,
        .english:
            """
        The contract ends after two years unless it is renewed.
        Where can I find the opening hours of the library?
        Employees receive thirty days of paid leave.
        He said that nothing had been decided yet.
        """,
        .finnish:
            """
        Sopimus päättyy kahden vuoden kuluttua, jos sitä ei uusita.
        Mistä löydän kirjaston aukioloajat?
        Työntekijät saavat kolmekymmentä päivää palkallista lomaa.
        Hän sanoi, että mitään ei ollut vielä päätetty.
        """,
        .french:
            """
        Le contrat prend fin après deux ans s'il n'est pas renouvelé.
        Où puis-je trouver les horaires de la bibliothèque ?
        Les employés reçoivent trente jours de congés payés.
        Il a dit que rien n'était encore décidé.
        """,
        .galician:
            """
        O contrato remata despois de dous anos se non se renova.
        Onde podo atopar o horario da biblioteca?
        Os empregados reciben trinta días de vacacións pagadas.
        Dixo que aínda non se decidira nada.
        O noso servidor reiniciouse porque o disco estaba cheo.
        Envíe a factura ao enderezo seguinte.
        A auga ferve a unha temperatura máis baixa nas montañas.
        Gustaríame saber quen é o responsable disto.
        """,
        .german:
            """
        Der Vertrag endet nach zwei Jahren, wenn er nicht verlängert wird.
        Wo finde ich die Öffnungszeiten der Bibliothek?
        Mitarbeiter erhalten dreißig Tage Urlaub im Jahr.
        Er sagte, dass noch nichts entschieden sei.
        """,
        .greek:
            """
        Η σύμβαση λήγει μετά από δύο χρόνια αν δεν ανανεωθεί.
        Πού μπορώ να βρω το ωράριο της βιβλιοθήκης;
        """,
        .hebrew:
            """
        החוזה מסתיים לאחר שנתיים אם אינו מחודש.
        היכן אוכל למצוא את שעות הפתיחה של הספרייה?
        """,
        .hindi:
            """
        अनुबंध दो साल बाद समाप्त होता है यदि उसे नवीनीकृत नहीं किया जाता।
        पुस्तकालय का समय मुझे कहाँ मिल सकता है?
        कर्मचारियों को तीस दिन की छुट्टी मिलती है।
        उसने कहा कि अभी कुछ तय नहीं हुआ है।
        """,
        .hungarian:
            """
        A szerződés két év után megszűnik, ha nem hosszabbítják meg.
        Hol találom a könyvtár nyitvatartását?
        A dolgozók harminc nap fizetett szabadságot kapnak.
        Azt mondta, hogy még semmi sem dőlt el.
        """,
        .indonesian:
            """
        Kontrak berakhir setelah dua tahun jika tidak diperpanjang.
        Di mana saya bisa menemukan jam buka perpustakaan?
        Karyawan menerima tiga puluh hari cuti berbayar.
        Dia berkata bahwa belum ada yang diputuskan.
        """,
        .italian:
            """
        Il contratto termina dopo due anni se non viene rinnovato.
        Dove posso trovare gli orari della biblioteca?
        I dipendenti ricevono trenta giorni di ferie pagate.
        Ha detto che non era stato ancora deciso nulla.
        """,
        .japanese:
            """
        契約は更新されない場合、二年後に終了します。
        図書館の開館時間はどこで確認できますか。
        """,
        .korean:
            """
        계약은 갱신되지 않으면 2년 후에 종료됩니다.
        도서관 운영 시간은 어디에서 확인할 수 있나요?
        """,
        .norwegian:
            """
        Kontrakten opphører etter to år hvis den ikke fornyes.
        Hvor kan jeg finne åpningstidene til biblioteket?
        Ansatte får tretti dager betalt ferie.
        Han sa at ingenting var bestemt ennå.
        Serveren vår ble startet på nytt fordi disken var full.
        Vennligst send fakturaen til adressen nedenfor.
        Vann koker ved en lavere temperatur i fjellet.
        Jeg vil gjerne vite hvem som er ansvarlig for dette.
        """,
        .persian:
            """
        قرارداد پس از دو سال پایان می‌یابد اگر تمدید نشود.
        ساعت کار کتابخانه را کجا می‌توانم پیدا کنم؟
        کارمندان سی روز مرخصی با حقوق دریافت می‌کنند.
        او گفت که هنوز چیزی تصمیم گرفته نشده است.
        """,
        .polish:
            """
        Umowa wygasa po dwóch latach, jeśli nie zostanie przedłużona.
        Gdzie mogę znaleźć godziny otwarcia biblioteki?
        Pracownicy otrzymują trzydzieści dni płatnego urlopu.
        Powiedział, że nic jeszcze nie zostało postanowione.
        """,
        .portuguese:
            """
        O contrato termina após dois anos se não for renovado.
        Onde posso encontrar o horário da biblioteca?
        Os funcionários recebem trinta dias de férias pagas.
        Ele disse que nada tinha sido decidido ainda.
        """,
        .romanian:
            """
        Contractul se încheie după doi ani dacă nu este reînnoit.
        Unde pot găsi programul bibliotecii?
        Angajații primesc treizeci de zile de concediu plătit.
        El a spus că nu s-a decis încă nimic.
        """,
        .russian:
            """
        Договор прекращается через два года, если он не продлён.
        Где я могу найти часы работы библиотеки?
        Сотрудники получают тридцать дней оплачиваемого отпуска.
        Он сказал, что ничего ещё не решено.
        """,
        .serbian:
            """
        Уговор престаје после две године ако се не продужи.
        Где могу да нађем радно време библиотеке?
        Запослени добијају тридесет дана плаћеног одмора.
        Рекао је да још ништа није одлучено.
        """,
        .slovak:
            """
        Zmluva končí po dvoch rokoch, ak nie je predĺžená.
        Kde nájdem otváracie hodiny knižnice?
        Zamestnanci dostávajú tridsať dní platenej dovolenky.
        Povedal, že ešte nebolo nič rozhodnuté.
        Náš server bol reštartovaný, pretože disk bol plný.
        Pošlite prosím faktúru na nižšie uvedenú adresu.
        Voda sa v horách varí pri nižšej teplote.
        Rád by som vedel, kto je za to zodpovedný.
        """,
        .spanish:
            """
        El contrato termina después de dos años si no se renueva.
        ¿Dónde puedo encontrar el horario de la biblioteca?
        Los empleados reciben treinta días de vacaciones pagadas.
        Dijo que todavía no se había decidido nada.
        """,
        .swedish:
            """
        Avtalet upphör efter två år om det inte förnyas.
        Var kan jag hitta bibliotekets öppettider?
        Anställda får trettio dagars betald semester.
        Han sade att ingenting hade bestämts än.
        """,
        .thai:
            """
        สัญญาจะสิ้นสุดหลังจากสองปีหากไม่มีการต่ออายุ
        """,
        .turkish:
            """
        Sözleşme yenilenmezse iki yıl sonra sona erer.
        Kütüphanenin çalışma saatlerini nerede bulabilirim?
        Çalışanlar yılda otuz gün ücretli izin alır.
        Henüz hiçbir şeyin kararlaştırılmadığını söyledi.
        """,
        .ukrainian:
            """
        Договір припиняється через два роки, якщо його не продовжено.
        Де я можу знайти години роботи бібліотеки?
        Працівники отримують тридцять днів оплачуваної відпустки.
        Він сказав, що нічого ще не вирішено.
        """,
        .vietnamese:
            """
        Hợp đồng kết thúc sau hai năm nếu không được gia hạn.
        Tôi có thể tìm giờ mở cửa của thư viện ở đâu?
        Nhân viên được nghỉ phép ba mươi ngày có lương.
        Anh ấy nói rằng chưa có gì được quyết định.
        """,
    ]

    @Test func tellsLanguages() {
        for (language, text) in Self.texts { #expect(TextLanguage.detect(in: text.utf8) == language, "\(language)") }
        #expect(Set(Self.texts.map(\.key)).count == TextLanguage.allCases.count)
    }

    @Test func guessesNothingFromFewWords() {
        for text in [
            "", "1234 5678", "PPR-9087", "Müller GmbH", "iPhone 15 Pro Max", "http://example.com/a/b.html", "年",
        ] {
            #expect(TextLanguage.detect(in: text.utf8) == nil, "\(text)")
        }
        #expect(TextLanguage.detect(in: "ქართული ენა არის სახელმწიფო ენა".utf8) == nil)
    }

    @Test func mixedTextsAreOfTheirMajority() {
        let (german, english) = (Self.text(.german), Self.text(.english))
        #expect(TextLanguage.detect(in: (german + german + german + english).utf8) == .german)
        #expect(TextLanguage.detect(in: (english + english + english + german).utf8) == .english)
        #expect(TextLanguage.detect(in: (Self.text(.japanese) + "API v2").utf8) == .japanese)
    }

    @Test func samplesLongTexts() {
        let long = String(repeating: Self.text(.polish), count: 1_000)
        #expect(TextLanguage.detect(in: long.utf8) == .polish)
        #expect(TextLanguage.detect(in: [UInt8](repeating: 0xFF, count: 100_000)) == nil)
    }

    @Test func queriesAreInLanguagesOfTheirScript() {
        let all: [TextLanguage] = [.english, .german, .russian, .french, .spanish, .italian, .greek]
        #expect(TextLanguage.plausible(for: ["договор"], among: all) == [.russian])
        #expect(TextLanguage.plausible(for: ["vertrag"], among: all).prefix(2) == [.english, .german])
        #expect(TextLanguage.plausible(for: ["wann", "endet", "der", "vertrag"], among: all).first == .german)
        #expect(TextLanguage.plausible(for: ["où", "contrat", "pourquoi"].map { $0 }, among: all).first == .french)
        #expect(TextLanguage.plausible(for: ["契約"], among: [.english, .japanese, .chinese]) == [.japanese, .chinese])
        #expect(TextLanguage.plausible(for: ["2024"], among: all).isEmpty)
        #expect(TextLanguage.plausible(for: ["word"], among: []).isEmpty)
    }

    @Test(arguments: [
        ("Le fatture e i contratti.", TextLanguage.italian), ("Договоры и накладные лежат здесь.", .russian),
        ("Quarterly report", .english), ("Rechnung für März", .german), ("Τιμολόγιο", .greek),
    ])
    func aTextOfUncertainLanguageHasCandidates(text: String, language: TextLanguage) {
        let candidates = TextLanguage.candidates(in: Array(text.utf8))
        #expect(candidates.contains(language) && candidates.count <= 3)
    }

    @Test func whatHasNoWordsHasNoCandidates() {
        for text in ["", "123 456", "年次有給休暇"] { #expect(TextLanguage.candidates(in: Array(text.utf8)).isEmpty) }
    }

    @Test func functionWordsAreFolded() {
        #expect(FunctionWords.contains("fur", in: .german))
        #expect(FunctionWords.contains("pourquoi", in: .french))
        #expect(!FunctionWords.contains("contrat", in: .french))
        for (language, table) in FunctionWords.tables {
            #expect(Set(FunctionWords.list(table)).count >= 60, "\(language)")
        }
    }

    private static func text(_ language: TextLanguage) -> String {
        texts.first { $0.key == language }?.value ?? ""
    }
}
