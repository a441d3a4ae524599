import CSQLite
import Wire

/// Functions that migrations call, each named after its version. They are frozen too, because a change to today's text
/// processing must not change a migration.
enum MigrationFunctions {
    /// Registers them on a connection.
    static func register(on connection: SQLiteConnection) throws {
        let functions: [(String, SQLiteFunction)] = [
            ("index_form_3", { SQLiteFunctions.replaceText($0, $2, with: MigrationFunctions.indexForm3) }),
            ("search_key_5", { SQLiteFunctions.replaceText($0, $2, with: MigrationFunctions.searchKey5) }),
            ("address_key_6", { SQLiteFunctions.replaceText($0, $2, with: MigrationFunctions.addressKey6) }),
            ("index_words_6", { SQLiteFunctions.sumSizes($0, $2) }),
        ]
        for (name, function) in functions { try SQLiteFunctions.register(name, function, on: connection) }
    }

    /// The index form of text from version 3 on: letters of scripts without spaces, and pairs of them, become words.
    /// Nil if the text does not change.
    private static func indexForm3(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // In UTF-8, these scripts begin with bytes from E3 up, which most texts do not contain.
        guard text.contains(where: { $0 >= 0xE3 }) else { return nil }
        var form = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        var hasRuns = false
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let isUnspaced = isUnspaced3(scalar)
            if last != nil || isUnspaced { form.append(" ") }
            if let last, isUnspaced { form.append(contentsOf: [last, scalar, " "]) }
            form.append(scalar)
            last = isUnspaced ? scalar : nil
            hasRuns = hasRuns || isUnspaced
        }
        return hasRuns ? Array(String(form).utf8) : nil
    }

    private static func isUnspaced3(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF,
            0x3400...0x4DB5, 0x4E00...0x9FCC, 0xAC00...0xD7A3, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0xFF66...0xFF9D,
            0x20000...0x2A6D6, 0x2A700...0x2B734, 0x2B740...0x2B81D, 0x2F800...0x2FA1D:
            scalar.value != 0x3006
        default: false
        }
    }

    /// The form in which names are compared from version 5 on: lower case and composed (NFC).
    private static func searchKey5(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        Array(String(decoding: text, as: UTF8.self).lowercased().composed.utf8)
    }

    /// The lookup key of an account from version 6 on: its address, composed, in lower case, without invisible
    /// characters.
    private static func addressKey6(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let trimmed = String(decoding: text, as: UTF8.self).trimmed
        if trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return Array(trimmed.lowercased().utf8) }
        let seen = String.UnicodeScalarView(trimmed.composed.unicodeScalars.filter { !isHidden6($0) })
        return Array(String(seen).trimmed.lowercased().composed.utf8)
    }

    private static func isHidden6(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value < 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0x2800
        }
    }
}
