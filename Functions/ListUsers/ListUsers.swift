import Endpoint
import Models
import Storage

/// Lists accounts, newest first.
@main struct ListUsers: Function {
    static let route = Route.get("/users", tag: "Users", summary: "List accounts")
    static let access = Access.manager

    struct Input: FunctionInput {
        let page: PageRequest
        let filter: UserStore.Filter

        init(from fields: inout Fields) {
            page = fields.pageRequest()
            filter = UserStore.Filter(
                role: fields.query("role", .oneOf(example: User.Role.user)),
                status: fields.query("status", .oneOf(example: User.Status.active)),
                search: fields.query("search", .searchText, "In the name and the e-mail address."))
        }
    }

    static func handle(_ input: Input, by _: Principal, in call: Call) throws -> Page<User> {
        try call.store.users.list(input.filter, page: input.page)
    }
}
