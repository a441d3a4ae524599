import Foundation
import Models
import Testing

@testable import Extraction

/// Text in an encoding, as another program wrote it.
struct Sample: Sendable, CustomTestStringConvertible {
    let encoding: String
    let text: String
    let bytes: [UInt8]

    init(_ encoding: String, _ text: String, _ base64: String) {
        self.encoding = encoding
        self.text = text
        bytes = Data(base64Encoded: base64).map { Array($0) } ?? []
    }

    var testDescription: String { "\(encoding): \(text.prefix(20))" }

    // swift-format-ignore
    static let all = [
        Sample("windows-1251", "Отпуск предоставляется по заявлению работника.",
            "zvLv8/HqIO/w5eTu8fLg4uv/5fLx/yDv7iDn4P/i6+Xt6P4g8ODh7vLt6OrgLg=="),
        Sample("windows-1251", "Заявка;Срок\nРемонт;пять дней\nЗамена;два дня\n",
            "x+D/4urgO9Hw7uoK0OXs7u3yO+//8vwg5O3l6QrH4Ozl7eA75OLgIOTt/wo="),
        Sample("koi8-r", "Гарантия действует два года со дня покупки.",
            "58HSwc7UydEgxMXK09TX1cXUIMTXwSDHz8TBINPPIMTO0SDQz8vV0MvJLg=="),
        Sample("koi8-u", "Їхній договір діє чотири роки, її продовжують щороку.",
            "t8jOpsogxM/Hz9em0iDEpqQg3s/UydLJINLPy8ksIKenINDSz8TP19bVwNTYIN3P0s/L1S4="),
        Sample("ibm866", "Счёт оплачивается в течение десяти дней.",
            "kefx4iCur6ug56iioKXi4e8goiDipeelrailIKSl4e/iqCCkraWpLg=="),
        Sample("iso-8859-5", "Заседание начинается в девять часов утра.",
            "t9Dh1dTQ3djVIN3Q59jd0NXi4e8g0iDU1dLv4uwg59Dh3tIg4+Lg0C4="),
        Sample("windows-1251", "Гаранцията е валидна две години от покупката.",
            "w+Dw4O326P/y4CDlIOLg6+jk7eAg5OLlIOPu5Ojt6CDu8iDv7urz7+rg8uAu"),
        Sample("windows-1250", "Nájemné se platí vždy do pátého dne měsíce, účet se posílá předem.",
            "TuFqZW1u6SBzZSBwbGF07SB2nmR5IGRvIHDhdOlobyBkbmUgbexz7WNlLCD66GV0IHNlIHBvc+1s4SBw+GVkZW0u"),
        Sample("iso-8859-2", "Umowa wygasa później, jeśli żadna ze stron jej nie rozwiąże wcześniej.",
            "VW1vd2Egd3lnYXNhIHDzvG5pZWosIGpltmxpIL9hZG5hIHplIHN0cm9uIGplaiBuaWUgcm96d2mxv2Ugd2N6ZbZuaWVqLg=="),
        Sample("windows-1250", "A szerződés időtartama öt év, a díjat előre kell fizetni.",
            "QSBzemVyevVk6XMgaWT1dGFydGFtYSD2dCDpdiwgYSBk7WphdCBlbPVyZSBrZWxsIGZpemV0bmku"),
        Sample("ibm852", "Účet za vodu přichází každý měsíc, platba je splatná během čtrnácti dnů.",
            "6Z9ldCB6YSB2b2R1IHD9aWNooHqhIGthp2TsIG3Yc6FjLCBwbGF0YmEgamUgc3BsYXRuoCBi2GhlbSCfdHJuoGN0aSBkboUu"),
        Sample("windows-1252", "Die Kündigungsfrist beträgt „drei Monate“ – außer für Möbel.",
            "RGllIEv8bmRpZ3VuZ3NmcmlzdCBiZXRy5Gd0IIRkcmVpIE1vbmF0ZZMgliBhdd9lciBm/HIgTfZiZWwu"),
        Sample("windows-1252", "L’indemnité est versée à l’employé dès le troisième mois.",
            "TJJpbmRlbW5pdOkgZXN0IHZlcnPpZSDgIGySZW1wbG956SBk6HMgbGUgdHJvaXNp6G1lIG1vaXMu"),
        Sample("windows-1252", "Keep the valve below 5 °C.",
            "S2VlcCB0aGUgdmFsdmUgYmVsb3cgNSCwQy4="),
        Sample("windows-1252", "Leiðbeiningar um ábyrgð: þær gilda í þrjú ár.",
            "TGVp8GJlaW5pbmdhciB1bSDhYnlyZ/A6IP7mciBnaWxkYSDtIP5yavog4XIu"),
        Sample("ibm850", "Für Möbel beträgt die Frist fünf Jahre, für Bücher höchstens ein Jahr.",
            "RoFyIE2UYmVsIGJldHKEZ3QgZGllIEZyaXN0IGaBbmYgSmFocmUsIGaBciBCgWNoZXIgaJRjaHN0ZW5zIGVpbiBKYWhyLg=="),
        Sample("macintosh", "Die Prüfung dauert fünf Tage; danach erhält jeder Schüler ein Zeugnis über die Übung.",
            "RGllIFByn2Z1bmcgZGF1ZXJ0IGafbmYgVGFnZTsgZGFuYWNoIGVyaIpsdCBqZWRlciBTY2ifbGVyIGVpbiBaZXVnbmlzIJ9iZXIgZGllIIZidW5nLg=="),
        Sample("windows-1253", "Η εγγύηση ισχύει για δύο χρόνια από την αγορά.",
            "xyDl4+P95/PnIOnz9/3l6SDj6eEg5P3vIPfx/O3p4SDh8Pwg9OftIOHj7/HcLg=="),
        Sample("windows-1254", "Sözleşme iki yıl geçerlidir ve yazılı olarak uzatılabilir.",
            "U/Z6bGX+bWUgaWtpIHn9bCBnZedlcmxpZGlyIHZlIHlhev1s/SBvbGFyYWsgdXphdP1sYWJpbGlyLg=="),
        Sample("windows-1255", "האחריות תקפה לשנתיים מיום הקנייה.",
            "5ODn+Onl+iD69/TkIOz58Prp6e0g7unl7SDk9/Dp6eQu"),
        Sample("windows-1256", "الضمان صالح لمدة سنتين من تاريخ الشراء.",
            "x+HW48fkINXH4c0g4ePPySDT5Mrt5CDj5CDKx9HtziDH4dTRx8Eu"),
        Sample("windows-1257", "Garantija galioja dvejus metus nuo pirkimo dienos, jei sąskaita išsaugota.",
            "R2FyYW50aWphIGdhbGlvamEgZHZlanVzIG1ldHVzIG51byBwaXJraW1vIGRpZW5vcywgamVpIHPgc2thaXRhIGnwc2F1Z290YS4="),
        Sample("windows-874", "การรับประกันมีผลสองปีนับจากวันที่ซื้อสินค้า",
            "odLDw9G6u8PQodG5wdW8xcrNp7vVudG6qNKhx9G5t9Xoq9fpzcrUuaTp0g=="),
        Sample("shift_jis", "契約期間は二年間で、更新は書面で行います。",
            "jF+W8Yr6itSCzZPxlE6K1ILFgUGNWJBWgs2PkZbKgsWNc4KigtyCt4FC"),
        Sample("shift_jis", "氏名,部署\n佐藤健,営業部\n高橋恵,総務部\n",
            "joGWvCyVlI+QCo2yk6GMkiyJY4vGlZQKjYKLtIxiLJGNlrGVlAo="),
        Sample("euc-jp", "契約期間は二年間で、更新は書面で行います。",
            "t8DM87T8tNakz8bzx6+01qTHoaK5ub+3pM+98czMpMe51KSkpN6kuaGj"),
        Sample("gb18030", "合同有效期为两年，可以书面延长。",
            "us/NrNPQ0KfG2s6qwb3E6qOsv8nS1Mrpw+bR07OkoaM="),
        Sample("gb18030", "部门,负责人\n销售部,王芳\n财务部,刘洋\n",
            "sr/DxSy4utTwyMsKz/rK27K/LM31t7wKssbO8bK/LMH10fMK"),
        Sample("big5", "合約有效期為兩年，可以用書面延長。",
            "plis+aazrsS0waywqOKmfqFBpWmlSKXOrtGtsam1qvihQw=="),
        Sample("euc-kr", "계약 기간은 이 년이며 서면으로 연장할 수 있습니다.",
            "sOi+4CCx4rCjwLogwMwgs+LAzLjnILytuOnAuLfOIL+swOXH0iC89iDA1r3AtM+02S4="),
        Sample("iso-2022-jp", "会議は三時に始まります。\n場所は東京です。\n",
            "GyRCMnE1RCRPOzA7fiRLO08kXiRqJF4kOSEjGyhCChskQj5sPWokT0VsNX4kRyQ5ISMbKEIK"),
        Sample("utf-16le", "Größe;Preis\n5;7 €\n",
            "RwByAPYA3wBlADsAUAByAGUAaQBzAAoANQA7ADcAIACsIAoA"),
        Sample("utf-16be", "数据;价格\n5;7\n",
            "ZXBjbgA7TvdoPAAKADUAOwA3AAo="),
    ]
}
