import Wire

/// How values of metadata compare. Numbers compare as numbers, dates as points in time, other texts by their Unicode
/// scalars. Values of different kinds are never equal: `false` is not 0, and "3" is not 3.
enum MetadataValue {
    static func equal(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { equal($0, $1) }
        case (.object(let left), .object(let right)): equal(left, right)
        default: order(left, right) == .same
        }
    }

    /// In any order of the keys. Sorted, because nobody limits how many keys the objects of a document have.
    private static func equal(_ left: JSONObject, _ right: JSONObject) -> Bool {
        let (left, right) = (sorted(left), sorted(right))
        return left.count == right.count
            && zip(left, right).allSatisfy { $0.key.hasSameBytes(as: $1.key) && equal($0.value, $1.value) }
    }

    /// By key, with the last of several members of one key.
    private static func sorted(_ object: JSONObject) -> [JSONObject.Member] {
        let members = object.members.enumerated().sorted { left, right in
            let (key, other) = (left.element.key, right.element.key)
            return key.hasSameBytes(as: other)
                ? left.offset < right.offset : key.utf8.lexicographicallyPrecedes(other.utf8)
        }.map(\.element)
        return members.indices.compactMap { index in
            let isLast = index + 1 == members.count || !members[index].key.hasSameBytes(as: members[index + 1].key)
            return isLast ? members[index] : nil
        }
    }

    /// Whether two single values compare like this.
    static func matches(_ found: JSON, _ comparison: MetadataFilter.Comparison, _ value: JSON) -> Bool {
        if comparison == .eq { return equal(found, value) }
        guard let order = order(found, value) else { return false }
        switch comparison {
        case .gt: return order == .after
        case .gte: return order != .before
        case .lt: return order == .before
        case .lte: return order != .after
        case .eq, .ne, .in, .nin, .contains, .exists: return false
        }
    }

    /// Whether a text contains another.
    static func contains(_ found: JSON, _ value: JSON) -> Bool {
        guard case .string(var text) = found, case .string(var part) = value else { return false }
        return text.withUTF8 { text in
            part.withUTF8 { part in
                part.count <= text.count && (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
            }
        }
    }

    // MARK: Order

    enum Order { case before, same, after }

    /// Nil if the values have no order.
    static func order(_ left: JSON, _ right: JSON) -> Order? {
        switch (left, right) {
        case (.int(let left), .int(let right)): order(left, right)
        case (.double(let left), .double(let right)): order(left, right)
        case (.int(let left), .double(let right)): order(left, right)
        case (.double(let left), .int(let right)): order(right, left).reversed
        case (.string(let left), .string(let right)): order(left, right)
        default: nil
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
        left == right ? .same : left < right ? .before : .after
    }

    /// Exactly: converting the whole number would round those above 2^53.
    private static func order(_ left: Int64, _ right: Double) -> Order {
        if let whole = Int64(exactly: right.rounded(.down)) {
            let order = order(left, whole)
            return order == .same && Double(whole) < right ? .before : order
        }
        return right < 0 ? .after : .before
    }

    private static func order(_ left: String, _ right: String) -> Order {
        if let date = MetadataDate(left), let other = MetadataDate(right) { return order(date, other) }
        // UTF-8 has the order of the scalars. Swift's own order is that of the composed characters.
        return left.hasSameBytes(as: right)
            ? .same : left.utf8.lexicographicallyPrecedes(right.utf8) ? .before : .after
    }
}

extension MetadataValue.Order {
    fileprivate var reversed: Self {
        switch self {
        case .before: .after
        case .same: .same
        case .after: .before
        }
    }
}
