@_spi(_Unicode) import Swift

/// Unicode's normal forms (UAX #15). Most systems write ü as one scalar; macOS writes two in file names.
extension String {
    /// Composed: NFC.
    public var composed: String {
        // NB: underscored API. The standard library implements both forms, but only Foundation has public names for
        // them. Tables in this project would become outdated; a test compares the results with known values.
        isASCII ? self : String(scalars: _nfc)
    }

    /// Decomposed: NFD.
    public var decomposed: String { isASCII ? self : String(scalars: _nfd) }

    private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    private init(scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        for scalar in scalars { view.append(scalar) }
        self.init(view)
    }
}
