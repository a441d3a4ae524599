/// Words whose point does not end a sentence, in lower case and without that point, and what decides the doubtful ones.
enum Abbreviations {
    enum Kind {
        case always
        /// Unless a word follows that begins sentences.
        case beforeWord
        /// A title and the like, with a capital letter, before a name.
        case title
        /// Part of a degree: `Dr. med. univ. Holl`. Alone it is a word.
        case inDegree
        case beforeNumber
        /// A weekday, with a capital letter, before a number: `Mo. 8–12 Uhr`. `Do` and `So` are words, too.
        case weekday
        /// It ends a sentence if an ordinary word follows, but not before `<`, `(` or a number.
        case beforeName
    }

    static let kinds: [String: Kind] = {
        var kinds: [String: Kind] = [:]
        for (kind, list) in lists {
            for word in words(list) { kinds[word] = kind }
        }
        return kinds
    }()

    /// The size of the longest one in ASCII.
    static let longest = 10

    private static let lists: [(Kind, String)] = [
        (
            .always,
            """
            adm approx capt cf col dr e.g eg gen gov hon i.e ie lt maj messrs mr mrs ms mt prof rep rev sen sgt st v viz \
            vs vgl bzw ggf evtl inkl exkl zzgl bspw sog geb gest insb einschl beschr hrsg dipl mme mlle env bijv dhr \
            mevr f.eks t.ex bl.a np tzw tzn im św tzv např см ср им ул проф акад т.е т.к т.н bgm lfd excmo excma dña exmo \
            exma mudr judr phdr rndr mvdr paeddr univ.-prof drs
            """
        ),
        (.beforeWord, "ks ul inż"),
        (
            .title,
            """
            fr frl hr hrn sr sra srta sig dott ing mag mgr mio mrd avda г-н г-жа pfr dir osr fam ges fa whg bhf pers stk \
            avv geom eng bros rd
            """
        ),
        (.inDegree, "jur med phil rer nat oec tech mont vet dent univ arch hab habil"),
        (.weekday, "mo di mi do sa so"),
        (
            .beforeNumber,
            """
            app apr art aug ca ch chap cl dec eq ex feb fig figs jan jul jun mar no nos nov oct op p par para pp pt sec \
            sect sep sept ser tab vol vols abb abs anm bd kap lit max min nr pos tel ziff núm pág pag blz kl str стр рис \
            табл ст gem bj
            """
        ),
        (
            .beforeName,
            """
            al co corp ed eds est etc inc jr ltd osv u.s.w usw
            """
        ),
    ]

    /// Nouns with a letter behind them, as in `Annex A`.
    static let lettered = words(
        """
        annex appendix attachment block building category class exhibit figure form gate grade group hall hepatitis \
        level option part phase plan room schedule section stage step table team type vitamin wing zone abbildung \
        abschnitt anhang anlage gebäude gruppe halle klasse stufe tabelle teil variante annexe bâtiment catégorie \
        classe groupe partie tableau anexo apartado clase grupo parte tabla tipo allegato gruppo sezione tabella \
        bijlage bilag bilaga příloha załącznik приложение таблица
        """)

    static let beforeOrdinals = words(
        """
        ab als am bis das dem den der des die im jedem jeden jeder jedes nach seit und vom von vor zum zur zwischen det \
        d. unser unsere unseren ihr ihre ihren sein seine seinen mein meine meinen
        """)

    /// German nouns that ordinals go with: `vollendetes 16. Lebensjahr`.
    static let ordinalNouns = words(
        """
        Lebensjahr Lebensjahres Jahrhundert Jahrhunderts Jahrhunderte Geburtstag Geburtstags Jahrestag Weltkrieg \
        Weltkriegs Weltkrieges Stock Stockwerk Obergeschoss Untergeschoss Quartal Quartals Semester Schuljahr \
        Schulstufe Auflage Kalenderwoche Bezirk Jahrgang Lebensmonat Klasse
        """)

    /// What belongs to the name of a company: `Holl & Co. KG`.
    static let companies = words("Ltd Limited Inc LLC LLP KG KGaA GmbH OHG AG")

    static let months = words(
        """
        Januar Jänner Jan Februar Feber Feb März Mrz April Apr Mai Juni Jun Juli Jul August Aug September Sept Sep \
        Oktober Okt November Nov Dezember Dez
        """)

    static let sentenceStarters = words(
        """
        A After All An And As At But By For He Her His How However I If In It Its My No On Our She So The Their There \
        These They This Those To We What When While You Your \
        Aber Alle Am Auch Auf Bei Bis Damit Danach Dann Das Davon Dazu Der Deshalb Die Dies Diese Dieser Dieses \
        Durch Ein Eine Er Es Für Ich Ihr Ihre Im Ist Jede Jeder Jedes Man Mit Nach Nur Ohne Sein Seine Sie Sind So Und \
        Unter Vom Vor Während Was Weil Wenn Wer Wie Wir Zu Zum Zur \
        Au Aux Avec Ce Ces Cette Dans Elle Elles Il Ils Leur Nous On Par Pour Sa Sans Ses Si Son \
        Un Une Vous Con Cuando Ella En Es Esta Este Por Se Su Sus Una Alla Che Gli Il \
        Nel Nella Per Quando Questa Questo Se Sono
        """)

    private static func words(_ list: String) -> Set<String> {
        Set(list.split(separator: " ").map(String.init))
    }
}
