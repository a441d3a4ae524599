import FunctionRuntime
import Models
import Storage

extension Call {
    /// Updates a resource in one write: `get` throws a 404, `If-Match` a 412, and then the change is applied and saved.
    /// An empty change saves nothing.
    public func update<Item: Resource & Changeable>(
        with change: Item.Change, get: () throws -> Item, save: (inout Item) throws -> Void
    ) throws -> Item {
        try store.write {
            var item = try get()
            try requireMatch(item)
            if change.isEmpty { return item }
            item.apply(change, at: now)
            try save(&item)
            return item
        }
    }
}
