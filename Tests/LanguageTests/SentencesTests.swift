import Testing

@testable import Language

struct SentencesTests {
    private func split(_ text: String) -> [String] {
        Sentences.split(text).map { String(text[$0]) }
    }

    @Test func aSpaceEndsALongSentenceOfThai() {
        let opens = "สำนักงานเปิดเวลาเก้าโมงเช้าทุกวันจันทร์ถึงวันศุกร์ ห้องประชุมอยู่ชั้นสองของอาคารหลังใหม่ข้างโรงอาหาร"
        let costs = "ค่าจอดรถเดือนละ 500 บาทสำหรับพนักงานทุกคน และห้าสิบบาทต่อวันสำหรับผู้มาติดต่อที่ไม่มีบัตร"
        #expect(split(opens + " " + costs) == [opens, costs])
        #expect(split(opens) == [opens])
        #expect(split("ราคา 500 บาท ต่อเดือน") == ["ราคา 500 บาท ต่อเดือน"])
    }

    @Test(arguments: [
        ["First one.", "Second one!", "Third?"],
        ["See e.g. the manual, i.e. Fig. 3 of No. 5.", "Then Dr. Who left."],
        ["He lives in the U.S. Government area.", "She left the U.S.", "It is big."],
        ["5. Conveying Modified Source Versions.", "You may convey."],
        ["Pi is 3.14 and v. 2.0 works.", "See section 3(b).", "Done."],
        ["He said \"Stop.\"", "(Really.)", "She left…"],
        ["Wait... he said nothing.", "No.", "Go on."],
        ["Free Software Foundation, Inc. <https://fsf.org/> wrote it.", "Etc."],
        ["\"What?\" he asked.", "Nobody knew."],
        ["これは文です。", "「はい。」", "次の文！"],
        ["Der 3. Vertrag gilt seit dem 19. Jahrhundert.", "Die Frist endet am 12.", "Die Kündigung folgt."],
        ["Am 1. Januar beginnt das 2. Quartal.", "Es dauert 5.", "Dann ist Schluss."],
        ["Zutritt ab vollendetem 16. Lebensjahr.", "Kinder zahlen nichts."],
        ["Vgl. Abschnitt 4 bzw. Anlage 2.", "Hr. Müller und Fr. Weiß kamen.", "Es waren ca. 5 Mio. Euro."],
        ["Lieferung inkl. Montage, vgl. Nr. 7 in der Hauptstr. 5.", "Ende."],
        ["The parts are listed in Annex A.", "“Lead Time” means days.", "See Appendix B.", "Nothing else."],
        ["It was written by J. R. R. Tolkien.", "He lived in Oxford."],
        ["El Sr. García llegó.", "La Sra. Ruiz no."], ["M. Dupont est là, cf. art. 4.", "Il part."],
        ["Це було 5. жовтня.", "Потім прийшов А. С. Пушкін."], ["Es kostet 5.", "¿Qué?", "«Nada.»", "Fin."],
        ["Room 12 is locked until 5.", "Reports are due."], ["The limit is 12.", "Reports follow."],
        ["यह पहला वाक्य है।", "यह दूसरा है।", "क्या यह तीसरा है?"], ["هل هذا سؤال؟", "نعم."], ["یہ جملہ ہے۔", "اور یہ۔"],
        ["ეს არის.", "ისიც არის."],
        ["Das Fest eröffnet Bgm. Holl.", "Es spricht RA Dr. jur. Anna Holl.", "Er studiert jur.", "Ende."],
        ["Am 1. Advent segnet Pfr. Huber.", "Univ.-Prof. Weiß und Fam. Huber sind da.", "Es gilt gem. § 5."],
        ["Geöffnet ist Mo. 8–12 Uhr und Di. 9 Uhr.", "Mi. und Do. ist zu."],
        ["Habla el Excmo. Sr. Ruiz.", "La firma Dña. Marta Gil."], ["O Exmo. Senhor Lima chegou.", "Sim."],
        ["Ošetří vás MUDr. Nová.", "Staví Ing. arch. Novák."], ["Biuro jest na ul. Długiej.", "Pisze p. Kowalski."],
        ["Payable to Bros. Holl and Co. Ltd in Leeds.", "It lies in Mill Rd. Leeds."],
        ["Mit Brief vom 12. 5. 2020 schrieb er.", "Er kam am 3. 4.", "Danach ging er."],
        ["Das ältere ist Bj. 1999.", "Das neuere fährt Herr Lutz."],
        ["Es war der Sommer.", "1999.", "Dann der Herbst."],
        ["The limit is 12.", "It was 5.", "2020 was better."],
        ["one item", "two items", "three"],
    ])
    func findsTheSentences(sentences: [String]) {
        let isItems = sentences.first == "one item"
        #expect(split(sentences.joined(separator: isItems ? "\n" : " ")) == sentences)
    }

    @Test func ignoresSpaceAround() {
        #expect(split("  \n One.  \n\n Two. ") == ["One.", "Two."])
        #expect(split(" \n ").isEmpty)
        #expect(split("").isEmpty)
    }

    @Test func joinsLinesOfProse() {
        var text = "A sentence that\nis wrapped. And\nanother."
        let ranges = text.withUTF8 { Sentences.split($0, in: 0..<$0.count, lineBreaksEnd: false) }
        #expect(ranges.count == 2)
    }

    @Test func survivesStopsAlone() {
        #expect(split(String(repeating: ". ", count: 10_000)).count <= 10_000)
        #expect(split(String(repeating: ".", count: 10_000)).count == 1)
    }
}
