/** A listing. It loads each page only when you need it. */
export class Pager {
  #fetch;
  #first;

  constructor(fetch, first) {
    this.#fetch = fetch;
    this.#first = first ?? 1;
  }

  /** All items. */
  async *[Symbol.asyncIterator]() {
    for await (const page of this.pages()) yield* page.items;
  }

  /** The pages, with one request for each. */
  async *pages() {
    for (let number = this.#first; ; number += 1) {
      const page = await this.#fetch(number);
      yield page;
      if (!page.hasNext || page.items.length === 0) return;
    }
  }

  /** One page, by default the first. It also has the `total`. */
  page(number) {
    return this.#fetch(number ?? this.#first);
  }

  /** All items in an array. */
  async toArray() {
    const items = [];
    for await (const item of this) items.push(item);
    return items;
  }
}
