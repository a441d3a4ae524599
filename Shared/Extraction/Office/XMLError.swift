/// Why a part of a document is not acceptable XML.
enum XMLError: Error, Equatable {
    case malformed
    /// It has a document type declaration. Office formats forbid it (ECMA-376 part 2, section 9.1.4), and entity bombs
    /// need one.
    case documentType
    case tooDeep
}
